"""What handovers announce."""

from pathlib import Path

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import (
    CourseSection,
    FigureSource,
    GuidePassage,
    Listener,
    Manifest,
    NavItem,
    Permission,
    TodaySource,
)
from hjelpa.core.events import CourseEnds
from modules.handovers import arriving, routes, sending
from modules.handovers.demo import fill
from modules.handovers.figures import list_figures, list_incoming_today, list_today
from modules.handovers.indicators import INDICATORS
from modules.handovers.jobs import SETTLE
from modules.handovers.leaving import HOLDING
from modules.handovers.notices import NOTICES
from modules.handovers.queries import list_behind
from modules.handovers.reminders import REMIND
from modules.handovers.section import list_events, render
from modules.handovers.settling import settle_before_end

# One blueprint, with its views in three files.
_VIEWS = (routes, sending, arriving)

manifest = Manifest(
    name="handovers",
    kind="module",
    title=_l("Handovers"),
    summary=_l("Nobody is let go before another has taken over, here or in another municipality."),
    folder=Path(__file__).parent,
    blueprints=(_VIEWS[0].blueprint,),
    requires=("citizens",),
    permissions=(
        Permission("handovers.read", _l("See handovers that concern oneself"), ("helper", "leader")),
        Permission("handovers.send", _l("Ask somebody to take over, and take it back"), ("helper", "leader")),
        Permission("handovers.accept", _l("Take over, or say no with a reason"), ("helper", "leader")),
    ),
    navigation=(NavItem("handovers.index", _l("Handovers"), "agreement", "handovers.read", "work", order=30),),
    jobs=(SETTLE, REMIND),
    indicators=INDICATORS,
    listeners=(Listener(CourseEnds, settle_before_end),),
    holdings=(HOLDING,),
    today=(
        TodaySource("handovers.accept", list_today),
        TodaySource("handovers.accept", list_incoming_today),
    ),
    notices=NOTICES,
    guide=(
        GuidePassage("handovers", ("handovers.index", "handovers.show")),
        GuidePassage("handover", ("handovers.choose", "handovers.new", "handovers.create")),
        GuidePassage(
            "answer",
            (
                *("handovers.refusal", "handovers.refuse", "handovers.incoming", "handovers.reception"),
                *("handovers.receive", "handovers.rejection", "handovers.reject"),
            ),
        ),
    ),
    figures=(FigureSource("citizens.oversee", list_figures, order=25, title=_l("Courses of help")),),
    demo=fill,
    course_sections=(CourseSection("handovers.read", render, order=60, events=list_events, traces=list_behind),),
)
