"""Reading follow-ups: lists by the clock, those of one course, and what is due. Names follow the circle."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, null, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from hjelpa.core.contract import Counts, Period
from hjelpa.core.database import db
from hjelpa.core.schemas import local_moment
from modules.citizens.models import Citizen, Conversation, Course, Responsibility
from modules.citizens.paging import PAGE_SIZE, counted, one
from modules.citizens.queries import CITIZEN, HOLDER, AnyRow, in_circle
from modules.followups.indicators import ended_within_a_week
from modules.followups.models import FollowUp, Signal
from tenants.identity.models import Membership
from tenants.units.models import Unit

COURSE = and_(Course.tenant_id == FollowUp.tenant_id, Course.id == FollowUp.course_id)
OPEN = and_(FollowUp.closed_at.is_(None), Course.closed_at.is_(None))
ENDED_AT = func.coalesce(FollowUp.closed_at, Course.closed_at)


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign, as it was noticed."""

    kind: str
    noticed_at: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """One follow-up of a course with its signs; `ended_at` with or without an agreement."""

    id: uuid.UUID
    opened_at: datetime
    due_at: datetime
    told_at: datetime | None
    ended_at: datetime | None
    agreed: bool
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Whether a course has ended, and its follow-ups, the latest first."""

    ended: bool
    stories: tuple[Story, ...]

    @property
    def open(self) -> Story | None:
        return next((story for story in self.stories if story.ended_at is None), None)


def _mine(reader: uuid.UUID, *, ever: bool = False) -> ColumnElement[bool]:
    held = one().where(
        Responsibility.tenant_id == FollowUp.tenant_id,
        Responsibility.course_id == FollowUp.course_id,
        Responsibility.membership_id == reader,
    )
    return exists(held if ever else held.where(Responsibility.until_at.is_(None)))


def _wanted(shown: str, reader: uuid.UUID, *, everyones: bool) -> ColumnElement[bool]:
    if shown != "ended":
        return OPEN if shown == "all" else and_(OPEN, _mine(reader))
    ended = or_(FollowUp.closed_at.is_not(None), Course.closed_at.is_not(None))
    return ended if everyones else and_(ended, _mine(reader, ever=True))


def _holders() -> ColumnElement[Any]:
    """The names of those who answer for the course, or did when it ended."""
    return (
        select(func.string_agg(Membership.name, aggregate_order_by(literal(", "), Responsibility.since_at)))
        .select_from(Responsibility)
        .join(Membership, HOLDER)
        .where(
            Responsibility.course_id == FollowUp.course_id,
            Responsibility.until_at.is_not_distinct_from(Course.closed_at),
        )
        .correlate(FollowUp, Course)
        .scalar_subquery()
    )


def list_followups(
    shown: str, reader: uuid.UUID, now: datetime, page: int, *, everyones: bool
) -> Sequence[AnyRow]:
    """One page: open ones by due time, ended ones with the latest on top; `total` stands on every row.

    "mine" are those of courses that the reader answers for, "ended" those that they have answered for, or
    everybody's. `name` is empty outside the reader's circle.
    """
    ended = shown == "ended"
    wanted = _wanted(shown, reader, everyones=everyones)
    query = (
        select(
            FollowUp.id,
            FollowUp.opened_at,
            FollowUp.due_at,
            ENDED_AT.label("ended_at"),
            FollowUp.closed_at.is_not(None).label("agreed"),
            case((in_circle(Course.citizen_id, reader, now), Citizen.name), else_=null()).label("name"),
            _holders().label("holders"),
            counted(one().select_from(FollowUp).join(Course, COURSE).where(wanted)).label("total"),
        )
        .join(Course, COURSE)
        .join(Citizen, CITIZEN)
        .where(wanted)
        .order_by(*((ENDED_AT.desc(), FollowUp.id) if ended else (FollowUp.due_at, FollowUp.id)))
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return db.session.execute(query).all()


def find_course_of(followup_id: uuid.UUID) -> uuid.UUID | None:
    """The course of a follow-up; None when there is no such follow-up."""
    return db.session.execute(select(FollowUp.course_id).where(FollowUp.id == followup_id)).scalar_one_or_none()


def read_stories(course_id: uuid.UUID) -> Told:
    """A course's follow-ups in one statement. Only after the read has been logged."""
    query = (
        select(
            Course.closed_at.label("course_closed_at"),
            FollowUp.id,
            FollowUp.opened_at,
            FollowUp.due_at,
            FollowUp.told_at,
            ENDED_AT.label("ended_at"),
            FollowUp.closed_at.is_not(None).label("agreed"),
            _signs_of().label("signs"),
        )
        .select_from(Course)
        .outerjoin(FollowUp, COURSE)
        .where(Course.id == course_id)
        .order_by(FollowUp.opened_at.desc(), FollowUp.id.desc())
    )
    rows: Sequence[AnyRow] = db.session.execute(query).all()
    stories = [
        Story(row.id, row.opened_at, row.due_at, row.told_at, row.ended_at, row.agreed, _signs(row.signs))
        for row in rows
        if row.id is not None
    ]
    return Told(rows[0].course_closed_at is not None, tuple(stories))


def _signs_of() -> ColumnElement[Any]:
    """A follow-up's signs as one value, so that they cost no statement of their own."""
    sign = func.json_build_array(Signal.kind, Signal.noticed_at)
    return (
        select(func.json_agg(aggregate_order_by(sign, Signal.noticed_at, Signal.id)))
        .where(Signal.followup_id == FollowUp.id)
        .correlate(FollowUp)
        .scalar_subquery()
    )


def _signs(found: Sequence[tuple[str, str]] | None) -> tuple[Sign, ...]:
    return tuple(Sign(kind, datetime.fromisoformat(noticed)) for kind, noticed in found or ())


def list_today(reader: uuid.UUID, now: datetime, *, limit: int) -> Sequence[AnyRow]:
    """Open follow-ups that the reader holds, and as a leader those of the own doors whose time has passed.

    `name` is empty outside the reader's circle; `signs` is how many there are.
    """
    signs = select(func.count()).where(Signal.followup_id == FollowUp.id).correlate(FollowUp).scalar_subquery()
    climbed = and_(Unit.leader_id == reader, FollowUp.due_at <= now)
    query = (
        select(
            FollowUp.id,
            FollowUp.due_at,
            signs.label("signs"),
            _mine(reader).label("mine"),
            case((in_circle(Course.citizen_id, reader, now), Citizen.name), else_=null()).label("name"),
        )
        .join(Course, COURSE)
        .join(Citizen, CITIZEN)
        .join(Unit, and_(Unit.tenant_id == Course.tenant_id, Unit.id == Course.unit_id))
        .where(OPEN, or_(_mine(reader), climbed))
        .order_by(FollowUp.due_at, FollowUp.id)
        .limit(limit)
    )
    return db.session.execute(query).all()


def list_overdue(now: datetime, *, limit: int) -> Sequence[tuple[FollowUp, uuid.UUID | None]]:
    """Open follow-ups whose time has passed and whose door's leader has not been told; held until the work is done."""
    query = (
        select(FollowUp, Unit.leader_id)
        .join(Course, COURSE)
        .join(Unit, and_(Unit.tenant_id == Course.tenant_id, Unit.id == Course.unit_id))
        .where(OPEN, FollowUp.due_at <= now, FollowUp.told_at.is_(None))
        .order_by(FollowUp.due_at, FollowUp.id)
        .limit(limit)
        .with_for_update(of=FollowUp, skip_locked=True)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def list_holders(course_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """Who answers for a course now, or did when it ended."""
    query = (
        select(Responsibility.membership_id)
        .join(Course, and_(Course.tenant_id == Responsibility.tenant_id, Course.id == Responsibility.course_id))
        .where(Course.id == course_id, Responsibility.until_at.is_not_distinct_from(Course.closed_at))
    )
    return db.session.scalars(query).all()


def measure(period: Period) -> tuple[int, float | None, Counts]:
    """How many are open now; median seconds to the conversation, of those begun in a period; and how many ended well."""
    begin, end = local_moment(period.start, time()), local_moment(period.end, time())
    now_open = select(func.count()).select_from(FollowUp).join(Course, COURSE).where(OPEN)
    took = func.extract("epoch", Conversation.held_at - FollowUp.opened_at)
    held = and_(Conversation.tenant_id == FollowUp.tenant_id, Conversation.id == FollowUp.conversation_id)
    median = (
        select(func.percentile_cont(0.5).within_group(took))
        .select_from(FollowUp)
        .join(Conversation, held)
        .where(FollowUp.opened_at >= begin, FollowUp.opened_at < end)
    )
    agreed = ended_within_a_week(period).subquery()
    row: Any = db.session.execute(select(now_open.scalar_subquery(), median.scalar_subquery(), *agreed.c)).one()
    return row[0], None if row[1] is None else float(row[1]), Counts(*row[2:])
