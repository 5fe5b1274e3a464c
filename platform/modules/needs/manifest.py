"""What unmet needs announce."""

from pathlib import Path

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import FigureSource, GuidePassage, Listener, Manifest, NavItem, Permission
from hjelpa.core.events import UnmetNeed
from modules.needs.commands import hear
from modules.needs.demo import fill
from modules.needs.figures import list_figures
from modules.needs.jobs import MIX
from modules.needs.routes import blueprint

manifest = Manifest(
    name="needs",
    kind="module",
    title=_l("Unmet needs"),
    summary=_l("Help that people wanted and that does not exist, gathered without anybody's name."),
    folder=Path(__file__).parent,
    blueprints=(blueprint,),
    requires=("citizens",),
    permissions=(
        Permission("needs.read", _l("See unmet needs by week"), ("helper", "leader")),
        Permission("needs.write", _l("Write an unmet need without names"), ("helper", "leader")),
        Permission(
            "needs.curate", _l("Change and remove unmet needs by which somebody could be recognised"), ("leader",)
        ),
    ),
    navigation=(NavItem("needs.index", _l("Unmet needs"), "idea", "needs.read", "learn", order=10),),
    jobs=(MIX,),
    listeners=(Listener(UnmetNeed, hear),),
    guide=(GuidePassage("needs", ("needs.index", "needs.new", "needs.create", "needs.edit", "needs.change")),),
    figures=(FigureSource("needs.curate", list_figures, order=36, title=_l("Services and guidance")),),
    demo=fill,
)
