"""What changes citizens and courses. Nothing here commits: that is the request's or the job's own act."""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, case, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.dml import ReturningUpdate

from hjelpa.core.contract import NoticeKind
from hjelpa.core.database import db
from hjelpa.core.events import CourseEnds, publish
from hjelpa.core.isolation import TenantOwned, get_tenant_id
from hjelpa.core.types import new_id, utcnow
from hjelpa.core.visitor import Seat
from modules.citizens.models import HANDED_OVER, CircleReason, Citizen, Conversation, Course, Responsibility
from modules.citizens.queries import Head, find_head, find_open_course
from modules.citizens.rules import REASON_HOLDS
from tenants.identity.members import keep_seated
from tenants.notices.queries import notify
from tenants.units.queries import get_first_id

COLLEAGUE_TALKED = NoticeKind(
    "citizens.colleague_talked",
    _l("A colleague held a conversation"),
    _l("%(name)s has held a conversation in a course that you are responsible for"),
    "citizens.course",
)


def begin_course(
    *,
    name: str,
    phone: str,
    age_band: str,
    helper_id: uuid.UUID,
    at: datetime,
    citizen_id: uuid.UUID | None = None,
    unit_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """A course of help with somebody who answers for it, at a door or else the first; returns the course's id.

    Its citizen is a new one, or the one with `citizen_id`, who then gets the name, the age band and the telephone
    number given now; a number left out is no reason to forget the old one.
    """
    if citizen_id is None:
        citizen = Citizen(name=name, phone=phone or None, age_band=age_band)
        db.session.add(citizen)
        db.session.flush()
        citizen_id = citizen.id
    else:
        renew_citizen(citizen_id, name=name, phone=phone, age_band=age_band)
    course = Course(citizen_id=citizen_id, unit_id=unit_id or get_first_id(), opened_at=at)
    # One after the other: the keys between them are the database's, not the ORM's.
    for thing in (course, Responsibility(course_id=course.id, membership_id=helper_id, since_at=at)):
        db.session.add(thing)
        db.session.flush()
    return course.id


def renew_citizen(citizen_id: uuid.UUID, *, name: str, phone: str, age_band: str) -> None:
    """What somebody who comes back says of themselves now; a number left out is no reason to forget the old one."""
    # In a hurry people write names in small letters: the same name keeps the letters it had.
    kept = case((func.lower(Citizen.name) == func.lower(name), Citizen.name), else_=name)
    newest = {"name": kept, "age_band": age_band} | ({"phone": phone} if phone else {})
    db.session.execute(update(Citizen).where(Citizen.id == citizen_id).values(newest))


def join_open_course(
    citizen_id: uuid.UUID, reader: uuid.UUID, *, name: str, phone: str, age_band: str
) -> Head | None:
    """The course that somebody who comes back is in already, held open until the request ends; what they say of
    themselves now is kept. Whoever answers for it goes on answering. None where no course is open."""
    course_id = find_open_course(citizen_id)
    head = find_head(course_id, reader) if course_id and keep_open(course_id) else None
    if head is not None:
        renew_citizen(citizen_id, name=name, phone=phone, age_band=age_band)
    return head


def keep_open(course_id: uuid.UUID) -> bool:
    """Holds an open course open until the request ends; False when it has ended already."""
    closed_at = select(Course.closed_at).where(Course.id == course_id).with_for_update(read=True)
    return db.session.execute(closed_at).scalar_one() is None


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
) -> uuid.UUID | None:
    """A conversation held; returns its id. `key` becomes its id, so that the same form sent twice is one conversation.

    The same key with other words is another conversation: what somebody wrote is never dropped. None when this very
    conversation had been received already.
    """
    said = {
        "course_id": course_id,
        "membership_id": helper_id,
        "matters": matters,
        "happened": happened,
        "next_step": next_step,
        "next_step_at": next_step_at,
    }
    return insert_once(Conversation, key, said, {"held_at": at})


def insert_once(
    model: type[TenantOwned], key: uuid.UUID, said: Mapping[str, Any], noted: Mapping[str, Any]
) -> uuid.UUID | None:
    """Inserts what a form sent under the form's key, and returns its id; None when the very same had come already.

    `said` is what somebody wrote, by which the same is known from something else, and `noted` what we add. A key
    that is taken by something else (the form was changed and sent again) is replaced by a new one.
    """
    row = {"tenant_id": get_tenant_id(), **said, **noted}
    for id in (key, new_id()):
        added = insert(model).values(id=id, **row).on_conflict_do_nothing().returning(model.id)
        if db.session.execute(added).scalar_one_or_none() is not None:
            return id
        if is_received(model, id, said):
            return None
    raise RuntimeError("a new id is taken")


def is_received(model: type[TenantOwned], id: uuid.UUID, said: Mapping[str, Any]) -> bool:
    """Whether there is a row with this id that says the same."""
    same = [getattr(model, name) == value for name, value in said.items()]
    return db.session.execute(select(model.id).where(model.id == id, *same)).first() is not None


def pass_on(course_id: uuid.UUID, *, to_id: uuid.UUID, at: datetime) -> bool:
    """Makes somebody else answer for a course: the turn at hand ends at the instant the next begins.

    False, and nothing is changed, when the course has ended or the receiver has left.
    """
    closed_at = select(Course.closed_at).where(Course.id == course_id).with_for_update(key_share=True)
    if db.session.execute(closed_at).scalar_one() is not None or not keep_seated(to_id):
        return False
    return _pass_on(Responsibility.course_id == course_id, to_id, at) == 1


def pass_on_all(from_id: uuid.UUID, to_id: uuid.UUID, at: datetime, *, unit_id: uuid.UUID | None = None) -> int:
    """Passes on every course that somebody answers for, at one door or at all; returns how many."""
    theirs = select(Responsibility.course_id).where(
        Responsibility.membership_id == from_id, Responsibility.until_at.is_(None)
    )
    courses = select(Course.id).where(Course.id.in_(theirs)).order_by(Course.id).with_for_update(key_share=True)
    if unit_id is not None:
        courses = courses.where(Course.unit_id == unit_id)
    ids = db.session.scalars(courses).all()
    return _pass_on(Responsibility.course_id.in_(ids) & (Responsibility.membership_id == from_id), to_id, at)


def _pass_on(turns: ColumnElement[bool], to_id: uuid.UUID, at: datetime) -> int:
    ended = db.session.execute(_end(turns, at)).all()
    tenant_id = get_tenant_id()
    following = [
        {"tenant_id": tenant_id, "id": new_id(), "course_id": id, "membership_id": to_id, "since_at": since}
        for id, since in ended
    ]
    if following:
        db.session.execute(insert(Responsibility), following)
    return len(following)


def end_course(course_id: uuid.UUID, ending: str) -> bool:
    """Ends a course and, at the same instant, the turn of whoever answers for it; False when it had ended already.

    What waits for an answer about the course is settled before; when that turns out to have ended it, it is False too.
    """
    held = select(Course.closed_at).where(Course.id == course_id).with_for_update(key_share=True)
    if db.session.execute(held).scalar_one() is not None:
        return False
    publish(CourseEnds(course_id))
    return end_courses([course_id], ending) == 1


def end_courses(ids: Collection[uuid.UUID], ending: str) -> int:
    """Ends those of some courses that are open, about which nothing waits for an answer; returns how many.

    Another municipality that has taken over is the end of a course whatever was written here meanwhile: only then is the
    record closed (`queries.in_circle`).
    """
    endable = or_(Course.closed_at.is_(None), literal(ending == HANDED_OVER))
    query = select(Course).where(Course.id.in_(ids), endable).order_by(Course.id)
    held = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    courses = db.session.scalars(held).all()
    last = Responsibility.course_id.in_([course.id for course in courses])
    ended = {row.course_id: row.until_at for row in db.session.execute(_end(last, utcnow()))} if courses else {}
    for course in courses:
        course.closed_at, course.ending = course.closed_at or ended[course.id], ending
    db.session.flush()
    return len(courses)


def _end(turns: ColumnElement[bool], at: datetime) -> ReturningUpdate[uuid.UUID, datetime | None]:
    # A turn that began later than the clock at hand says ends where it began: nothing runs backwards.
    return (
        update(Responsibility)
        .where(turns, Responsibility.until_at.is_(None))
        .values(until_at=func.greatest(Responsibility.since_at, at))
        .returning(Responsibility.course_id, Responsibility.until_at)
        .execution_options(synchronize_session=False)
    )


def give_reason(citizen_id: uuid.UUID, reader: uuid.UUID, reason: str) -> None:
    """Lets the reader read the citizen's record for some hours, for the reason given."""
    db.session.add(
        CircleReason(
            citizen_id=citizen_id, membership_id=reader, reason=reason, expires_at=utcnow() + REASON_HOLDS
        )
    )


def tell_responsible(head: Head, seat: Seat) -> None:
    """Tells those who answer for a course that somebody else has held a conversation in it."""
    for turn in head.responsible:
        if turn.membership_id != seat.id:
            notify(turn.membership_id, COLLEAGUE_TALKED, {"name": seat.name}, {"course_id": head.id})
