"""What follow-ups announce."""

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
from hjelpa.core.events import Dissatisfaction
from modules.followups.commands import AFTER_THE_END, OPENED, TIME_PASSED, hear
from modules.followups.demo import fill
from modules.followups.figures import list_figures, list_today
from modules.followups.indicators import INDICATORS
from modules.followups.jobs import CLIMB
from modules.followups.routes import blueprint
from modules.followups.section import list_events, render

manifest = Manifest(
    name="followups",
    kind="module",
    title=_l("Follow-ups"),
    summary=_l("Somebody is not helped well enough: a call soon, and a talk that ends with an agreement."),
    folder=Path(__file__).parent,
    blueprints=(blueprint,),
    requires=("citizens",),
    permissions=(
        Permission(
            "followups.read",
            _l("See who waits for a call because something is not good enough"),
            ("helper", "leader"),
        ),
        Permission(
            "followups.close", _l("Open follow-ups, and end them with a conversation"), ("helper", "leader")
        ),
    ),
    navigation=(NavItem("followups.index", _l("Follow-ups"), "phone", "followups.read", "work", order=25),),
    jobs=(CLIMB,),
    indicators=INDICATORS,
    listeners=(Listener(Dissatisfaction, hear),),
    today=(TodaySource("followups.read", list_today),),
    notices=(OPENED, TIME_PASSED, AFTER_THE_END),
    guide=(GuidePassage("followups", ("followups.index", "followups.show", "followups.close")),),
    figures=(FigureSource("citizens.oversee", list_figures, order=26, title=_l("Courses of help")),),
    course_sections=(CourseSection("followups.read", render, order=20, events=list_events),),
    demo=fill,
)
