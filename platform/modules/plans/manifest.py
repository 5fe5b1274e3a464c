"""What plans announce."""

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
    TodaySource,
)
from modules.plans.carried import CARRIED
from modules.plans.curve_marks import list_marks
from modules.plans.demo import fill
from modules.plans.figures import list_figures, list_today
from modules.plans.indicators import INDICATORS
from modules.plans.jobs import SHUT
from modules.plans.leaving import HOLDINGS
from modules.plans.own_goals import GOALS
from modules.plans.own_section import render as render_own
from modules.plans.routes_access import blueprint
from modules.plans.routes_copy import own_plan
from modules.plans.section import render

manifest = Manifest(
    name="plans",
    kind="module",
    title=_l("Plans"),
    summary=_l("One plan for each citizen, their own: what matters, goals, who does what, and whether it helps."),
    folder=Path(__file__).parent,
    blueprints=(blueprint, own_plan),
    requires=("citizens",),
    permissions=(
        Permission("plans.read", _l("Read plans in courses that one may open"), ("helper", "leader")),
        Permission("plans.write", _l("Write in plans together with the citizen"), ("helper", "leader")),
        Permission("plans.oversee", _l("See which evaluations wait in the service"), ("leader",)),
        Permission(
            "plans.decide", _l("Decide from which age young people decide who has access"), ("administrator",)
        ),
    ),
    navigation=(
        NavItem("plans.shared", _l("Shared plans"), "plan", "plans.read", "work", order=30),
        NavItem("plans.settings", _l("Children's plans"), "plan", "plans.decide", "municipality", order=25),
    ),
    jobs=(SHUT,),
    indicators=INDICATORS,
    today=(TodaySource("plans.read", list_today),),
    guide=(
        GuidePassage(
            "plan", ("plans.show", "plans.matters", "plans.new_part", "plans.change_part", "plans.history")
        ),
        GuidePassage("canvas", ("plans.canvas", "plans.area", "plans.heading")),
        GuidePassage("evaluation", ("plans.evaluate", "plans.evaluate_measure", "plans.progress")),
        GuidePassage("plan-access", ("plans.access", "plans.decides", "plans.new_adult", "plans.settings")),
        GuidePassage("own-plan", ("own_plan.show", "own_plan.canvas", "own_plan.history")),
        GuidePassage(
            "sharing", ("own_plan.sharing", "own_plan.outside", "own_plan.parts", "plans.shared", "plans.read")
        ),
        GuidePassage("copies", ("own_plan.copy", "plans.signature")),
        GuidePassage("overdue", ("plans.overdue", "plans.evaluated")),
    ),
    figures=(FigureSource("plans.oversee", list_figures, order=27, title=_l("Courses of help")),),
    course_sections=(CourseSection("plans.read", render, order=40, marks=list_marks),),
    own_pages=(
        OwnPage("own_plan.show", _l("My plan"), order=10, render=render_own),
        OwnPage("own_plan.shared", _l("The plan"), order=10, relations=("service",), render=render_own),
    ),
    goals=GOALS,
    carried=CARRIED,
    holdings=HOLDINGS,
    demo=fill,
)
