"""What doors and duty announce."""

from pathlib import Path

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import GuidePassage, Manifest, NavItem, Permission
from tenants.units.leaving import HOLDING
from tenants.units.routes import blueprint

manifest = Manifest(
    name="units",
    kind="tenants",
    title=_l("Doors and duty"),
    summary=_l("Which doors the municipality has, who leads each, and who is on duty at every hour."),
    folder=Path(__file__).parent,
    blueprints=(blueprint,),
    permissions=(Permission("units.configure", _l("Decide about doors and duty"), ("leader", "administrator")),),
    navigation=(
        NavItem("units.index", _l("Doors and duty"), "home", "units.configure", "municipality", order=15),
    ),
    guide=(
        GuidePassage("doors", ("units.index", "units.new", "units.create", "units.edit", "units.save")),
        GuidePassage("duty", ("units.show", "units.new_turn", "units.add_turn")),
    ),
    holdings=(HOLDING,),
)
