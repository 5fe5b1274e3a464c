"""What municipalities announce."""

from pathlib import Path

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import GuidePassage, Manifest, NavItem, Permission
from tenants.municipalities.routes import blueprint

manifest = Manifest(
    name="municipalities",
    kind="tenants",
    title=_l("Settings"),
    summary=_l("What the municipality has switched on."),
    folder=Path(__file__).parent,
    blueprints=(blueprint,),
    permissions=(
        Permission("municipalities.configure", _l("Change the municipality's settings"), ("administrator",)),
    ),
    navigation=(
        NavItem(
            "municipalities.index",
            _l("Settings"),
            "settings",
            "municipalities.configure",
            "municipality",
            order=20,
        ),
    ),
    guide=(GuidePassage("settings", ("municipalities.index",)),),
)
