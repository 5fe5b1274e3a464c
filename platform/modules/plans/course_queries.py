"""What plans ask of courses of help: whose a course is, and the measures that a colleague does in them."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ScalarSelect, and_, func, select

from hjelpa.core.database import db
from modules.citizens.models import Course
from modules.citizens.queries import AnyRow
from modules.plans.models import Measure, Plan


def citizen_of(course_id: uuid.UUID) -> ScalarSelect[Any]:
    """The citizen of a course, as part of another statement."""
    return select(Course.citizen_id).where(Course.id == course_id).scalar_subquery()


def find_plan_of(course_id: uuid.UUID) -> Plan | None:
    return db.session.scalars(select(Plan).where(Plan.citizen_id == citizen_of(course_id))).one_or_none()


def count_running() -> Mapping[uuid.UUID, int]:
    """How many running measures each colleague does."""
    held = select(Measure.membership_id, func.count()).where(
        Measure.ended_on.is_(None), Measure.membership_id.is_not(None)
    )
    return {
        member: number for member, number in db.session.execute(held.group_by(Measure.membership_id)) if member
    }


def hold_running(membership_id: uuid.UUID) -> Sequence[AnyRow]:
    """(measure, door of the citizen's open course or None) of a colleague's running measures, held until the request
    ends; one row for each open course."""
    theirs = and_(
        Course.tenant_id == Plan.tenant_id, Course.citizen_id == Plan.citizen_id, Course.closed_at.is_(None)
    )
    return db.session.execute(
        select(Measure, Course.unit_id)
        .join(Plan, and_(Plan.tenant_id == Measure.tenant_id, Plan.id == Measure.plan_id))
        .outerjoin(Course, theirs)
        .where(Measure.membership_id == membership_id, Measure.ended_on.is_(None))
        .order_by(Measure.id, Course.opened_at)
        .with_for_update(of=Measure, key_share=True)
    ).all()
