"""The plan on a course's page: the next evaluation, and the goals with where they stand."""

import uuid

from flask import current_app, url_for
from flask_babel import gettext
from markupsafe import Markup

from modules.plans.course_queries import citizen_of
from modules.plans.queries import summarise
from modules.plans.views import today
from modules.plans.wording import say_due


def render(course_id: uuid.UUID) -> Markup:
    """The section for one course, whose page has already checked that it may be read."""
    summary = summarise(citizen_of(course_id))
    goals = [] if summary is None else [(words, _say(value)) for _, words, value in summary.goals]
    part = current_app.jinja_env.get_template("plans/section.html").render(
        url=url_for("plans.show", course_id=course_id),
        summary=summary,
        goals=goals,
        due=say_due(summary.evaluate_on, today()) if summary else "",
    )
    return Markup(part)  # noqa: S704  # our own template, which escapes


def _say(value: int | None) -> str:
    return (
        gettext("Nobody has said where you are yet.") if value is None else gettext("At %(now)s of 10.", now=value)
    )
