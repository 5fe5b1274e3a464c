"""What the catalogue of help announces."""

from pathlib import Path

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import (
    FigureSource,
    GuidePassage,
    Manifest,
    NavItem,
    Permission,
    PublicPage,
    SearchSource,
    TodaySource,
)
from modules.services.demo import fill
from modules.services.figures import find_offers, list_figures, list_ownerless, list_today, search
from modules.services.routes import blueprint
from modules.services.routes_guidance import blueprint as guidance
from modules.services.routes_public import blueprint as public

manifest = Manifest(
    name="services",
    kind="module",
    title=_l("Services and guidance"),
    summary=_l("The help that exists, found in everyday words, and guidance given without a course of help."),
    folder=Path(__file__).parent,
    blueprints=(blueprint, public, guidance),
    requires=("citizens",),
    permissions=(
        Permission("services.read", _l("See the catalogue of help"), ("helper", "leader", "administrator")),
        Permission("services.write", _l("Write in the catalogue of help"), ("helper", "leader", "administrator")),
        Permission("services.guide", _l("Note guidance, and see what was noted"), ("helper", "leader")),
        Permission("services.oversee", _l("Find new owners for services, and see guidance counted"), ("leader",)),
    ),
    navigation=(
        NavItem("services.index", _l("Services"), "map", "services.read", "work", order=60),
        NavItem("guidance.index", _l("Guidance"), "chat", "services.guide", "work", order=65),
    ),
    today=(
        TodaySource("services.write", list_today),
        TodaySource("services.oversee", list_ownerless),
    ),
    search=(SearchSource(_l("Services"), "services.read", search),),
    offers=(find_offers,),
    public_pages=(PublicPage("help_that_exists.index", _l("Help that exists"), order=20),),
    guide=(
        GuidePassage("services", ("services.index", "services.missing")),
        GuidePassage("service", ("services.show",)),
        GuidePassage("writing", ("services.new", "services.create", "services.edit", "services.change")),
        GuidePassage("guidance", ("guidance.index", "guidance.new", "guidance.create")),
    ),
    figures=(FigureSource("services.oversee", list_figures, order=35),),
    demo=fill,
)
