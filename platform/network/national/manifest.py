"""What the national pages announce of themselves."""

from pathlib import Path

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import GuidePassage, Manifest, NavItem, Permission
from network.national.routes import national

manifest = Manifest(
    name="national",
    kind="network",
    title=_l("National figures"),
    summary=_l("The network's released figures, for national bodies."),
    folder=Path(__file__).parent,
    blueprints=(national,),
    permissions=(Permission("national.read", _l("See the network's released figures"), ("national_viewer",)),),
    navigation=(
        NavItem("national.index", _l("Figures"), "trend", "national.read", "network", "national", order=10),
        NavItem(
            "national.definitions", _l("Definitions"), "file", "national.read", "network", "national", order=20
        ),
    ),
    # The national bodies' pages are the network's, not any one municipality's to switch off.
    always_on=True,
    guide=(GuidePassage("national", ("national.index", "national.definitions")),),
)
