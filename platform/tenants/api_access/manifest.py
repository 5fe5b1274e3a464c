"""What access for other programs announces."""

from pathlib import Path

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import GuidePassage, Manifest, NavItem, Permission
from tenants.api_access.routes import blueprint

manifest = Manifest(
    name="api_access",
    kind="tenants",
    title=_l("Access for programs"),
    summary=_l("Tokens by which the municipality's other programs ask for its figures."),
    folder=Path(__file__).parent,
    blueprints=(blueprint,),
    permissions=(Permission("api_access.configure", _l("Give other programs access"), ("administrator",)),),
    navigation=(
        NavItem(
            "api_access.index",
            _l("Access for programs"),
            "key",
            "api_access.configure",
            "municipality",
            order=70,
        ),
    ),
    guide=(GuidePassage("tokens", ("api_access.index", "api_access.new", "api_access.make")),),
)
