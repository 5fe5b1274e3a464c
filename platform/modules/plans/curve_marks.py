"""What a plan adds to the curve of a course: when its goals were changed, and when a measure ended."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time

from flask_babel import gettext
from sqlalchemy import and_, select

from hjelpa.core.contract import CourseMark
from hjelpa.core.database import db
from hjelpa.core.schemas import local_moment
from modules.plans.course_queries import citizen_of
from modules.plans.models import Measure, Plan
from modules.plans.models_access import Change

# What stands in a goal; that it was made is no change of it.
GOAL_FIELDS = ("words", "state")


def list_marks(course_id: uuid.UUID) -> Sequence[CourseMark]:
    """Goals changed and measures ended in the plan of a course's citizen, without a word of what they are."""
    words = {"goal": gettext("Goal changed"), "measure": gettext("Measure ended")}
    return [CourseMark(at, words[part]) for part, at in _list_changes(course_id)]


def _list_changes(course_id: uuid.UUID) -> list[tuple[str, datetime]]:
    plan = Plan.citizen_id == citizen_of(course_id)
    goals = (
        select(Change.created_at)
        .join(Plan, and_(Plan.tenant_id == Change.tenant_id, Plan.id == Change.plan_id))
        .where(plan, Change.saved, Change.part == "goal", Change.field.in_(GOAL_FIELDS))
    )
    measures = (
        select(Measure.ended_on)
        .join(Plan, and_(Plan.tenant_id == Measure.tenant_id, Plan.id == Measure.plan_id))
        .where(plan, Measure.ended_on.is_not(None))
    )
    return [
        *(("goal", at) for at in db.session.scalars(goals)),
        *(("measure", _at(ended_on)) for ended_on in db.session.scalars(measures) if ended_on is not None),
    ]


def _at(day: date) -> datetime:
    return local_moment(day, time())
