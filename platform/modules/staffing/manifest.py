"""What positions announce."""

from pathlib import Path

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import GuidePassage, Manifest, NavItem, Permission
from modules.staffing.demo import fill
from modules.staffing.indicators import INDICATORS
from modules.staffing.routes import blueprint

manifest = Manifest(
    name="staffing",
    kind="module",
    title=_l("Positions"),
    summary=_l("Full-time positions by quarter, for people helped per position."),
    folder=Path(__file__).parent,
    blueprints=(blueprint,),
    requires=("citizens",),
    permissions=(
        Permission("staffing.read", _l("See the full-time positions of the service"), ("leader", "administrator")),
        Permission("staffing.enter", _l("Enter the full-time positions of a quarter"), ("leader",)),
    ),
    navigation=(NavItem("staffing.index", _l("Positions"), "group", "staffing.read", "municipality", order=30),),
    indicators=INDICATORS,
    guide=(GuidePassage("positions", ("staffing.index", "staffing.enter")),),
    demo=fill,
)
