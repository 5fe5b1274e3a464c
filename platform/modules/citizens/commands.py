"""What changes citizens and courses. Nothing here commits: that is the request's or the job's own act."""

import uuid
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from hjelpa.core.database import db
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.types import utcnow
from modules.citizens.models import CircleReason, Citizen, Conversation, Course, Responsibility
from modules.citizens.rules import REASON_HOLDS


def begin_course(*, name: str, phone: str, age_band: str, helper_id: uuid.UUID, at: datetime) -> uuid.UUID:
    """A new citizen with a course of help and somebody who answers for it; returns the course's id."""
    citizen = Citizen(name=name, phone=phone or None, age_band=age_band)
    course = Course(citizen_id=citizen.id, opened_at=at)
    responsibility = Responsibility(course_id=course.id, membership_id=helper_id, since_at=at)
    # One after the other: the keys between them are the database's, not the ORM's.
    for thing in (citizen, course, responsibility):
        db.session.add(thing)
        db.session.flush()
    return course.id


def add_conversation(
    course_id: uuid.UUID,
    *,
    key: uuid.UUID,
    helper_id: uuid.UUID,
    at: datetime,
    matters: str,
    happened: str,
    next_step: str,
    next_step_at: datetime | None,
) -> None:
    """A conversation held. `key` becomes its id, so that the same form sent twice is one conversation."""
    values = {
        "tenant_id": get_tenant_id(),
        "id": key,
        "course_id": course_id,
        "membership_id": helper_id,
        "held_at": at,
        "matters": matters,
        "happened": happened,
        "next_step": next_step,
        "next_step_at": next_step_at,
    }
    db.session.execute(insert(Conversation).values(values).on_conflict_do_nothing())


def end_course(course_id: uuid.UUID, ending: str) -> bool:
    """Ends a course and everybody's responsibility for it; False when it had ended already."""
    course = db.session.execute(select(Course).where(Course.id == course_id).with_for_update()).scalar_one()
    if course.closed_at is not None:
        return False
    now = utcnow()
    course.closed_at, course.ending = now, ending
    db.session.execute(
        update(Responsibility)
        .where(Responsibility.course_id == course_id, Responsibility.until_at.is_(None))
        .values(until_at=now)
    )
    return True


def give_reason(citizen_id: uuid.UUID, reader: uuid.UUID, reason: str) -> None:
    """Lets the reader read the citizen's record for some hours, for the reason given."""
    db.session.add(
        CircleReason(
            citizen_id=citizen_id, membership_id=reader, reason=reason, expires_at=utcnow() + REASON_HOLDS
        )
    )
