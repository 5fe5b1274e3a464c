"""What feedback announces."""

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
    Scope,
    TodaySource,
)
from hjelpa.core.events import FollowedUp
from modules.feedback.after import AFTER, BEFORE
from modules.feedback.answering.pages import BLUEPRINTS as ANSWERING
from modules.feedback.answering.pages import GUIDE as ANSWERING_GUIDE
from modules.feedback.answering.pages import OWN_PAGES
from modules.feedback.api.routes import READ_METRICS
from modules.feedback.api.routes import blueprint as api
from modules.feedback.course.routes import blueprint
from modules.feedback.course.section import render
from modules.feedback.demo import fill
from modules.feedback.exchange.jobs import JOBS as IMPORT_JOBS
from modules.feedback.exchange.notices import NOTICES as IMPORT_NOTICES
from modules.feedback.exchange.routes import blueprint as exchange
from modules.feedback.exchange.routes_export import blueprint as export
from modules.feedback.scales.jobs import JOBS as SCALE_JOBS
from modules.feedback.scales.notices import LICENCE_ENDS
from modules.feedback.scales.routes_forms import blueprint as scales
from modules.feedback.signals import section as signals
from modules.feedback.signals.commands import hear
from modules.feedback.signals.jobs import JOBS as SIGNAL_JOBS
from modules.feedback.signals.routes import blueprint as signal_pages
from modules.feedback.signals.routes_learning import blueprint as learning
from modules.feedback.team.figures import figures
from modules.feedback.team.indicators import INDICATORS
from modules.feedback.team.routes import blueprint as team
from modules.feedback.trajectory.jobs import JOBS as TRAJECTORY_JOBS
from modules.feedback.trajectory.routes import blueprint as trajectory

manifest = Manifest(
    name="feedback",
    kind="module",
    title=_l("Feedback"),
    summary=_l("The citizen answers short scales in the conversation, and both look at the curve together."),
    folder=Path(__file__).parent,
    blueprints=(blueprint, *ANSWERING, trajectory, team, scales, signal_pages, learning, exchange, export, api),
    permissions=(
        Permission("feedback.read", _l("See citizens' answers on the scales"), ("helper", "leader")),
        Permission("feedback.hand_over", _l("Hand a scale over to a citizen"), ("helper",)),
        Permission("feedback.team", _l("See the team's figures on feedback"), ("helper", "leader")),
        Permission(
            "feedback.supervise",
            _l("Tell what was done about signals, and take part in the team's supervision"),
            ("helper", "leader"),
        ),
        Permission("feedback.oversee", _l("See the service's figures on feedback"), ("leader",)),
        Permission(
            "feedback.scales",
            _l("See which scales there are, and what their figures rest on"),
            ("helper", "leader", "administrator"),
        ),
        Permission(
            "feedback.configure",
            _l("Record licences for scales, and choose which are used"),
            ("administrator",),
        ),
        Permission("feedback.import", _l("Take in sessions from a file"), ("leader", "administrator")),
        Permission("feedback.export", _l("Give all sessions out as a file"), ("leader", "administrator")),
    ),
    scopes=(Scope(READ_METRICS, _l("Read the municipality's own figures on feedback")),),
    navigation=(
        NavItem(
            "feedback_signals.supervision", _l("Supervision"), "group", "feedback.supervise", "work", order=27
        ),
        NavItem("feedback_team.show", _l("Does our help help?"), "trend", "feedback.team", "learn", order=20),
        NavItem("feedback_team.mine", _l("My own figures"), "person", "feedback.hand_over", "learn", order=25),
        NavItem("feedback_scales.index", _l("Scales"), "assessment", "feedback.scales", "municipality", order=60),
        NavItem(
            "feedback_exchange.index",
            _l("Sessions in and out"),
            "table",
            "feedback.import",
            "municipality",
            order=62,
        ),
    ),
    notices=(LICENCE_ENDS, *IMPORT_NOTICES),
    indicators=INDICATORS,
    requires=("citizens",),
    jobs=(*TRAJECTORY_JOBS, *SCALE_JOBS, *SIGNAL_JOBS, *IMPORT_JOBS),
    guide=(
        GuidePassage("scales", ("feedback.course",)),
        *ANSWERING_GUIDE,
        GuidePassage(
            "exchange", ("feedback_exchange.index", "feedback_exchange.receive", "feedback_exchange.show")
        ),
        GuidePassage("signals", ("feedback_signals.show", "feedback_signals.end")),
        GuidePassage(
            "supervision",
            (
                *("feedback_signals.supervision", "feedback_signals.question", "feedback_signals.bring"),
                *("feedback_learning.index", "feedback_learning.new", "feedback_learning.write"),
                *("feedback_learning.themes", "feedback_learning.new_theme", "feedback_learning.hand_on"),
            ),
        ),
        GuidePassage("team", ("feedback_team.show", "feedback_team.people", "feedback_team.mine")),
        GuidePassage("trajectory", ("feedback_model.show",)),
        GuidePassage(
            "own-scales",
            (
                *("feedback_scales.index", "feedback_scales.own", "feedback_scales.pack"),
                *("feedback_scales.new_pack", "feedback_scales.add_pack"),
                *("feedback_scales.new_licence", "feedback_scales.add_licence"),
                *("feedback_scales.new_form", "feedback_scales.add_form"),
                *("feedback_scales.change_form", "feedback_scales.save_version"),
            ),
        ),
    ),
    listeners=(Listener(FollowedUp, hear),),
    today=(TodaySource("feedback.read", signals.list_today),),
    figures=(FigureSource("feedback.oversee", figures, order=30),),
    course_sections=(
        CourseSection("feedback.read", signals.render, order=25, events=signals.list_events),
        CourseSection("feedback.read", render, order=30),
    ),
    before_conversation=BEFORE,
    after_conversation=AFTER,
    own_pages=OWN_PAGES,
    demo=fill,
)
