"""What colleagues announce."""

from pathlib import Path

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import GuidePassage, Manifest, NavItem, Permission
from tenants.colleagues.commands import TOOK_OVER
from tenants.colleagues.routes import blueprint

manifest = Manifest(
    name="colleagues",
    kind="tenants",
    title=_l("Employees"),
    summary=_l("Who works here, what each answers for, and ending the access of somebody who leaves."),
    folder=Path(__file__).parent,
    blueprints=(blueprint,),
    permissions=(
        Permission("colleagues.read", _l("See who works here"), ("leader", "administrator")),
        Permission("colleagues.end", _l("End the access of somebody who leaves"), ("leader", "administrator")),
    ),
    navigation=(
        NavItem("colleagues.index", _l("Employees"), "group", "colleagues.read", "municipality", order=10),
    ),
    notices=(TOOK_OVER,),
    guide=(GuidePassage("colleagues", ("colleagues.index", "colleagues.leaving", "colleagues.leave")),),
)
