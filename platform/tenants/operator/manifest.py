"""What the operator's part announces."""

from pathlib import Path

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import GuidePassage, Manifest, NavItem, Permission
from tenants.operator.routes import blueprint

manifest = Manifest(
    name="operator",
    kind="tenants",
    title=_l("Operation"),
    summary=_l("Municipalities on the platform, and work that failed."),
    folder=Path(__file__).parent,
    blueprints=(blueprint,),
    permissions=(
        Permission("operator.read", _l("See the platform's operation"), ("operator",)),
        Permission("operator.mend", _l("Send failed work again"), ("operator",)),
    ),
    navigation=(NavItem("operator.index", _l("Operation"), "job", "operator.read", shell="operator"),),
    guide=(GuidePassage("operation", ("operator.index",)),),
)
