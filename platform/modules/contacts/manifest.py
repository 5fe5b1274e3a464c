"""What the one door announces."""

from pathlib import Path

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import (
    CourseSection,
    FigureSource,
    GuidePassage,
    Manifest,
    NavItem,
    OwnPage,
    Permission,
    PublicPage,
    SearchSource,
    TodaySource,
)
from modules.contacts import ask, overview
from modules.contacts.climbing import CLIMB, CLIMBED, UNANSWERED
from modules.contacts.commands import ARRIVED, TAKEN_OVER
from modules.contacts.counts import list_arrivals
from modules.contacts.course import list_events, list_traces
from modules.contacts.demo import fill
from modules.contacts.figures import list_figures, list_today, search
from modules.contacts.indicators import INDICATORS
from modules.contacts.leaving import HOLDING
from modules.contacts.routes import blueprint

manifest = Manifest(
    name="contacts",
    kind="module",
    title=_l("Contacts"),
    summary=_l("The one door: anyone makes contact, and somebody takes the next step."),
    folder=Path(__file__).parent,
    blueprints=(blueprint, overview.blueprint, ask.blueprint),
    requires=("citizens",),
    permissions=(
        Permission("contacts.read", _l("See who has made contact and waits"), ("helper", "leader")),
        Permission(
            "contacts.register", _l("Register contacts and hold first conversations"), ("helper", "leader")
        ),
    ),
    navigation=(NavItem("contacts.index", _l("Contacts"), "contact", "contacts.read", "work", order=10),),
    jobs=(CLIMB,),
    indicators=INDICATORS,
    arrivals=list_arrivals,
    today=(TodaySource("contacts.read", list_today),),
    search=(SearchSource(_l("Contacts that wait"), "contacts.read", search),),
    notices=(ARRIVED, UNANSWERED, CLIMBED, TAKEN_OVER),
    guide=(
        GuidePassage("contacts", ("contacts.index",)),
        GuidePassage("register", ("contacts.new", "contacts.create")),
        GuidePassage("contact", ("contacts.show",)),
        GuidePassage("agreement", ("contacts.agreement", "contacts.agree")),
        GuidePassage("door-figures", ("door_figures.by_door", "door_figures.people")),
        GuidePassage(
            "first-conversation",
            (
                *("contacts.first_conversation", "contacts.hold_first_conversation"),
                *("contacts.beginning", "contacts.begin"),
            ),
        ),
    ),
    figures=(FigureSource("citizens.oversee", list_figures, order=10),),
    course_sections=(CourseSection("contacts.read", events=list_events, traces=list_traces),),
    holdings=(HOLDING,),
    front_door="ask.index",
    public_pages=(PublicPage("ask.index", _l("Ask for help"), order=10),),
    own_pages=(OwnPage("ask.index", _l("Ask for help"), order=90, relations=("self",)),),
    demo=fill,
)
