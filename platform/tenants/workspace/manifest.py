"""What the workspace's frame announces."""

from pathlib import Path

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import GuidePassage, Manifest, NavItem, Permission
from tenants.workspace.routes import blueprint, guide

manifest = Manifest(
    name="workspace",
    kind="tenants",
    title=_l("Workspace"),
    summary=_l("Today, search and the leader's page."),
    folder=Path(__file__).parent,
    blueprints=(blueprint, guide),
    permissions=(
        Permission("workspace.enter", _l("See what needs somebody today"), ("helper", "leader", "administrator")),
        Permission("workspace.steer", _l("See the leader's page"), ("leader", "administrator")),
    ),
    navigation=(
        NavItem("workspace.today", _l("Today"), "home", "workspace.enter", "work", order=0),
        NavItem("workspace.steering", _l("Steering"), "trend", "workspace.steer", "municipality", order=0),
    ),
    guide=(
        GuidePassage("today", ("workspace.today",)),
        GuidePassage("search", ("workspace.search",)),
        GuidePassage("steering", ("workspace.steering",)),
    ),
)
