"""Handovers held until the unit of work ends. The course is always held before its handover: whoever proposes, answers,
ends the course or leaves does it in this order, so that none waits for another in a ring."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, exists, or_, select

from hjelpa.core.database import db
from modules.citizens.models import Course, Responsibility
from modules.citizens.paging import one
from modules.citizens.queries import AnyRow
from modules.handovers.models import Handover, Transfer
from modules.handovers.queries import COURSE, NAMES, with_names

# As many as one run settles; the next run, some minutes later, takes the rest.
MOST = 200


def hold_open(course_id: uuid.UUID) -> bool:
    """Holds a course until the request ends, so that it can get one handover only; False when it has ended."""
    closed_at = select(Course.closed_at).where(Course.id == course_id).with_for_update()
    return db.session.execute(closed_at).scalar_one() is None


def lock(handover_id: uuid.UUID) -> Handover:
    """The handover as it is now, with its course, so that only one answer counts."""
    return lock_all([handover_id])[0]


def lock_all(ids: Collection[uuid.UUID]) -> Sequence[Handover]:
    """The same for several, in two statements however many there are."""
    theirs = select(Handover.course_id).where(Handover.id.in_(ids))
    courses = select(Course.id).where(Course.id.in_(theirs)).order_by(Course.id).with_for_update(key_share=True)
    db.session.execute(courses).all()
    query = select(Handover).where(Handover.id.in_(ids)).order_by(Handover.id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def lock_asked(membership_id: uuid.UUID) -> Sequence[AnyRow]:
    """Open handovers that ask somebody, each with the door of its course."""
    asked = (Handover.receiver_id == membership_id) & (Handover.state == "open")
    courses = select(Handover.course_id).where(asked)
    held = select(Course.id).where(Course.id.in_(courses)).order_by(Course.id).with_for_update(key_share=True)
    db.session.execute(held).all()
    query = select(Handover, Course.unit_id).join(Course, COURSE).where(asked).order_by(Handover.id)
    held_rows = query.with_for_update(of=Handover).execution_options(populate_existing=True)
    return db.session.execute(held_rows).all()


def lock_to_themselves() -> Sequence[Handover]:
    """Open handovers that ask whoever answers for the course now."""
    answers = one().where(
        Responsibility.tenant_id == Handover.tenant_id,
        Responsibility.course_id == Handover.course_id,
        Responsibility.membership_id == Handover.receiver_id,
        Responsibility.until_at.is_(None),
    )
    query = select(Handover).where(Handover.state == "open", exists(answers)).order_by(Handover.id)
    return db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()


def list_to_settle(now: datetime) -> Sequence[uuid.UUID]:
    """Open handovers to which something has happened: answered elsewhere, expired, or their course has ended."""
    package = and_(Transfer.id == Handover.id, Transfer.sender_id == Handover.tenant_id)
    over = or_(
        Transfer.state.in_(("accepted", "refused")),
        and_(Transfer.state == "sent", Transfer.expires_at <= now),
        Course.closed_at.is_not(None),
    )
    query = select(Handover.id).join(Course, COURSE).outerjoin(Transfer, package)
    return db.session.scalars(query.where(Handover.state == "open", over).order_by(Handover.id).limit(MOST)).all()


def lock_sent(ids: Collection[uuid.UUID], sender_id: uuid.UUID) -> Mapping[uuid.UUID, Transfer]:
    """A municipality's own packages while anything is left to do about them, by the handover's id."""
    query = select(Transfer).where(
        Transfer.id.in_(ids),
        Transfer.sender_id == sender_id,
        Transfer.state.in_(("sent", "accepted", "refused")),
    )
    held = query.order_by(Transfer.id).with_for_update().execution_options(populate_existing=True)
    return {transfer.id: transfer for transfer in db.session.scalars(held)}


def lock_own_waiting() -> Sequence[AnyRow]:
    """Open handovers of our own courses, with the names around them and the course's door; what others hold is left."""
    query = (
        select(Handover, Course.unit_id.label("course_unit_id"), *NAMES)
        .join(Course, COURSE)
        .where(Handover.state == "open", Course.closed_at.is_(None))
        .order_by(Handover.id)
        .with_for_update(of=Handover, skip_locked=True)
    )
    return db.session.execute(with_names(query).execution_options(populate_existing=True)).all()
