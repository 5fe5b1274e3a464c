"""What the one door announces."""

from pathlib import Path

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import (
    CourseSection,
    FigureSource,
    GuidePassage,
    Manifest,
    NavItem,
    Permission,
    SearchSource,
    TodaySource,
)
from modules.contacts.commands import TAKEN_OVER
from modules.contacts.course import list_events, list_traces
from modules.contacts.demo import fill
from modules.contacts.figures import list_figures, list_today, search
from modules.contacts.indicators import INDICATORS
from modules.contacts.routes import blueprint

manifest = Manifest(
    name="contacts",
    kind="module",
    title=_l("Contacts"),
    summary=_l("The one door: anyone makes contact, and somebody takes the next step."),
    folder=Path(__file__).parent,
    blueprints=(blueprint,),
    requires=("citizens",),
    permissions=(
        Permission("contacts.read", _l("See who has made contact and waits"), ("helper", "leader")),
        Permission(
            "contacts.register", _l("Register contacts and hold first conversations"), ("helper", "leader")
        ),
    ),
    navigation=(NavItem("contacts.index", _l("Contacts"), "contact", "contacts.read", "work", order=10),),
    indicators=INDICATORS,
    today=(TodaySource("contacts.read", list_today),),
    search=(SearchSource(_l("Contacts that wait"), "contacts.read", search),),
    notices=(TAKEN_OVER,),
    guide=(
        GuidePassage("contacts", ("contacts.index",)),
        GuidePassage("register", ("contacts.new", "contacts.create")),
        GuidePassage("contact", ("contacts.show",)),
        GuidePassage("first-conversation", ("contacts.first_conversation", "contacts.hold_first_conversation")),
    ),
    figures=(FigureSource("citizens.oversee", list_figures, order=10),),
    course_sections=(CourseSection("contacts.read", events=list_events, traces=list_traces),),
    demo=fill,
)
