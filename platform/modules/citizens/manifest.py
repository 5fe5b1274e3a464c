"""What citizens and courses of help announce."""

from pathlib import Path

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import (
    FigureSource,
    GuidePassage,
    Manifest,
    NavItem,
    Permission,
    SearchSource,
    TodaySource,
)
from modules.citizens import overview, routes_begun
from modules.citizens.commands import COLLEAGUE_TALKED
from modules.citizens.demo import fill
from modules.citizens.figures import list_figures, list_today, search
from modules.citizens.indicators import INDICATORS
from modules.citizens.leaving import HOLDING
from modules.citizens.routes import blueprint

manifest = Manifest(
    name="citizens",
    kind="module",
    title=_l("Courses of help"),
    summary=_l("From the first conversation to goodbye, with somebody responsible at every moment."),
    folder=Path(__file__).parent,
    blueprints=(blueprint, routes_begun.blueprint, overview.blueprint),
    permissions=(
        Permission(
            "citizens.read",
            _l("Open courses of help that one is or has been responsible for"),
            ("helper", "leader"),
        ),
        Permission(
            "citizens.oversee", _l("See all courses of help, without the names in other people's"), ("leader",)
        ),
    ),
    navigation=(NavItem("citizens.index", _l("Courses"), "course", "citizens.read", "work", order=20),),
    indicators=INDICATORS,
    today=(TodaySource("citizens.read", list_today),),
    search=(SearchSource(_l("Citizens you are or have been responsible for"), "citizens.read", search),),
    notices=(COLLEAGUE_TALKED,),
    guide=(
        GuidePassage("courses", ("citizens.index",)),
        GuidePassage("helped", ("course_figures.helped",)),
        GuidePassage("course", ("citizens.course",)),
        GuidePassage(
            "conversation",
            (
                *("citizens.conversation", "citizens.add_conversation"),
                *("conversations.begun", "conversations.write_up"),
            ),
        ),
        GuidePassage("ending", ("citizens.ending", "citizens.end")),
        GuidePassage("reading", ("citizens.reason", "citizens.give_reason", "citizens.access_log")),
    ),
    figures=(FigureSource("citizens.oversee", list_figures, order=20),),
    holdings=(HOLDING,),
    demo=fill,
)
