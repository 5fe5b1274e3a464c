"""What benchmarks announce of themselves."""

from pathlib import Path

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import FigureSource, GuidePassage, Manifest, NavItem, Permission
from network.benchmarks import demo, editing, routes
from network.benchmarks.jobs import CONTRIBUTE, RELEASE

manifest = Manifest(
    name="benchmarks",
    kind="network",
    title=_l("Comparison"),
    summary=_l("Own figures beside the network's, without anyone being recognised."),
    folder=Path(__file__).parent,
    blueprints=(routes.blueprint, editing.blueprint),
    permissions=(
        Permission(
            "benchmarks.read",
            _l("See own figures beside the network's"),
            ("helper", "leader", "administrator"),
        ),
        Permission("benchmarks.release", _l("Make releases of the network's figures"), ("network_editor",)),
    ),
    navigation=(
        NavItem("benchmarks.index", _l("Comparison"), "compare", "benchmarks.read", "network", order=10),
        NavItem(
            "releases.index", _l("Releases"), "megaphone", "benchmarks.release", "network", "network", order=10
        ),
    ),
    jobs=(CONTRIBUTE, RELEASE),
    demo=demo.fill,
    figures=(FigureSource("benchmarks.read", routes.leader_figures, order=40),),
    guide=(
        GuidePassage("comparison", ("benchmarks.index",)),
        GuidePassage("releases", ("releases.index", "releases.show", "releases.progress")),
    ),
)
