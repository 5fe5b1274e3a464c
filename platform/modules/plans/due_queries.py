"""Evaluations whose day has come: for *I dag* (the own courses) and behind the leader's figure (all of them)."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, literal, null, select, union_all

from hjelpa.core.database import db
from modules.citizens.models import Citizen, Course, Responsibility
from modules.citizens.queries import CITIZEN, HOLDER, AnyRow, in_circle
from modules.plans.models import Measure, Plan
from tenants.identity.models import Membership

MOST_LISTED = 200


def _pending(until: date) -> Select[Any]:
    """The whole plans and the running measures whose evaluation day is `until` or earlier."""
    whole = select(Plan.tenant_id, Plan.citizen_id, Plan.evaluate_on, null().label("what")).where(
        Plan.evaluate_on <= until
    )
    single = (
        select(Plan.tenant_id, Plan.citizen_id, Measure.evaluate_on, Measure.what)
        .join(Measure, and_(Measure.tenant_id == Plan.tenant_id, Measure.plan_id == Plan.id))
        .where(Measure.ended_on.is_(None), Measure.evaluate_on <= until, Measure.author_adult_id.is_(None))
    )
    found = union_all(whole, single).subquery("pending")
    turns = and_(Responsibility.tenant_id == Course.tenant_id, Responsibility.course_id == Course.id)
    return (
        select(Course.id.label("course_id"), found.c.evaluate_on, found.c.what, Membership.name.label("holder"))
        .select_from(found)
        .join(Course, and_(Course.tenant_id == found.c.tenant_id, Course.citizen_id == found.c.citizen_id))
        .join(Responsibility, and_(turns, Responsibility.until_at.is_(None)))
        .join(Membership, HOLDER)
        .join(Citizen, CITIZEN)
        .where(Course.closed_at.is_(None))
        .order_by(found.c.evaluate_on, Course.id)
    )


def list_own(helper_id: uuid.UUID, today: date, *, limit: int) -> Sequence[AnyRow]:
    """What falls today or has slipped in the courses that somebody answers for."""
    query = _pending(today).add_columns(Citizen.name).where(Responsibility.membership_id == helper_id)
    return db.session.execute(query.limit(limit)).all()


def list_overdue(reader: uuid.UUID, yesterday: date, now: datetime) -> Sequence[AnyRow]:
    """What has slipped anywhere in the municipality; the name only where the reader may see it."""
    visible: ColumnElement[str] = case((in_circle(Citizen.id, reader, now), Citizen.name), else_=literal(""))
    query = _pending(yesterday).add_columns(visible.label("name"))
    return db.session.execute(query.limit(MOST_LISTED)).all()


def has_course_on(citizen_id: Any, day: Any) -> ColumnElement[bool]:
    """Whether a citizen had a course of help on a day (both columns): without one nobody is there to evaluate."""
    return exists(
        select(Course.id).where(
            Course.citizen_id == citizen_id,
            Course.opened_at < day + literal(1),
            Course.closed_at.is_(None) | (Course.closed_at >= day),
        )
    )
