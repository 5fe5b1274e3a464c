"""Reading citizens and courses. Lists select columns, show names of the own circle only, and cost the same at any size."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, and_, case, exists, func, literal, null, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from hjelpa.core.database import db
from hjelpa.core.types import utcnow
from modules.citizens.models import CircleReason, Citizen, Conversation, Course, Responsibility
from modules.citizens.paging import PAGE_SIZE, counted, one
from modules.citizens.rules import Tie
from tenants.identity.models import Membership

AnyRow: TypeAlias = Row[*tuple[Any, ...]]

LIST_SCOPES = ("mine", "ended", "all")


@dataclass(frozen=True, slots=True)
class Head:
    """What must be known about a course before anything of the citizen's may be loaded."""

    id: uuid.UUID
    citizen_id: uuid.UUID
    opened_at: datetime
    closed_at: datetime | None
    ending: str | None
    responsible_now: bool
    tie: Tie


def find_head(course_id: uuid.UUID, reader: uuid.UUID) -> Head | None:
    """A course and what ties the reader to its citizen; nothing that the citizen has said."""
    theirs, reason = aliased(Course), aliased(CircleReason)
    once = (
        select(func.count())
        .select_from(Responsibility)
        .join(theirs, and_(theirs.tenant_id == Responsibility.tenant_id, theirs.id == Responsibility.course_id))
        .where(theirs.citizen_id == Course.citizen_id, Responsibility.membership_id == reader)
    )
    now = select(func.count()).where(
        Responsibility.course_id == Course.id,
        Responsibility.membership_id == reader,
        Responsibility.until_at.is_(None),
    )
    latest = (
        select(reason.id)
        .where(reason.citizen_id == Course.citizen_id, reason.membership_id == reader)
        .order_by(reason.expires_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    row = db.session.execute(
        select(
            Course.id,
            Course.citizen_id,
            Course.opened_at,
            Course.closed_at,
            Course.ending,
            now.scalar_subquery().label("responsible_now"),
            once.scalar_subquery().label("responsible"),
            CircleReason.reason,
            CircleReason.expires_at,
        )
        .outerjoin(CircleReason, CircleReason.id == latest)
        .where(Course.id == course_id)
    ).one_or_none()
    if row is None:
        return None
    tie = Tie(row.responsible > 0, row.reason, row.expires_at)
    return Head(row.id, row.citizen_id, row.opened_at, row.closed_at, row.ending, row.responsible_now > 0, tie)


def in_circle(citizen_id: ColumnElement[uuid.UUID] | Any, reader: uuid.UUID) -> ColumnElement[bool]:
    """The reading rule (`rules.may_read`) as a condition, for lists and search."""
    theirs = aliased(Course)
    answered = (
        select(literal(1))
        .select_from(Responsibility)
        .join(theirs, and_(theirs.tenant_id == Responsibility.tenant_id, theirs.id == Responsibility.course_id))
        .where(theirs.citizen_id == citizen_id, Responsibility.membership_id == reader)
    )
    explained = select(literal(1)).where(
        CircleReason.citizen_id == citizen_id,
        CircleReason.membership_id == reader,
        CircleReason.expires_at > utcnow(),
    )
    return or_(exists(answered), exists(explained))


def _in_scope(scope: str, reader: uuid.UUID) -> ColumnElement[bool]:
    mine = select(Responsibility.course_id).where(Responsibility.membership_id == reader)
    if scope == "mine":
        return and_(Course.closed_at.is_(None), Course.id.in_(mine.where(Responsibility.until_at.is_(None))))
    if scope == "ended":
        return and_(Course.closed_at.is_not(None), Course.id.in_(mine))
    return Course.closed_at.is_(None)


def list_courses(scope: str, reader: uuid.UUID, page: int) -> Sequence[AnyRow]:
    """One page of courses, the one that began last on top; `total` stands on every row.

    Scopes: "mine" and "all" are open courses, "ended" those that the reader has answered for. `name` is empty
    outside the reader's circle.
    """
    wanted = _in_scope(scope, reader)
    helpers = (
        select(func.string_agg(Membership.name, aggregate_order_by(literal(", "), Responsibility.since_at)))
        .select_from(Responsibility)
        .join(
            Membership,
            and_(Membership.tenant_id == Responsibility.tenant_id, Membership.id == Responsibility.membership_id),
        )
        .where(
            Responsibility.course_id == Course.id, Responsibility.until_at.is_not_distinct_from(Course.closed_at)
        )
    )
    query = (
        select(
            Course.id,
            Course.opened_at,
            Course.closed_at,
            case((in_circle(Course.citizen_id, reader), Citizen.name), else_=null()).label("name"),
            helpers.scalar_subquery().label("helpers"),
            _latest_conversation(Conversation.next_step_at).label("next_step_at"),
            counted(one().select_from(Course).where(wanted)).label("total"),
        )
        .join(Citizen, and_(Citizen.tenant_id == Course.tenant_id, Citizen.id == Course.citizen_id))
        .where(wanted)
        .order_by(Course.opened_at.desc(), Course.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return db.session.execute(query).all()


def _latest_conversation(column: Any) -> ColumnElement[Any]:
    return (
        select(column)
        .where(Conversation.course_id == Course.id)
        .order_by(Conversation.held_at.desc(), Conversation.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def find_citizen(citizen_id: uuid.UUID) -> AnyRow:
    """Name, phone and age band. Only after the read has been written to the access log."""
    return db.session.execute(
        select(Citizen.name, Citizen.phone, Citizen.age_band).where(Citizen.id == citizen_id)
    ).one()


def list_responsibilities(course_id: uuid.UUID) -> Sequence[AnyRow]:
    """Who has answered for the course, from the first to the present."""
    query = (
        select(Responsibility.since_at, Responsibility.until_at, Membership.name)
        .join(
            Membership,
            and_(Membership.tenant_id == Responsibility.tenant_id, Membership.id == Responsibility.membership_id),
        )
        .where(Responsibility.course_id == course_id)
        .order_by(Responsibility.since_at, Responsibility.id)
    )
    return db.session.execute(query).all()


def list_conversations(course_id: uuid.UUID, *, limit: int) -> Sequence[AnyRow]:
    """The latest conversations of a course, the latest first, with the helper's name."""
    query = (
        select(
            Conversation.id,
            Conversation.held_at,
            Conversation.matters,
            Conversation.happened,
            Conversation.next_step,
            Conversation.next_step_at,
            Membership.name,
        )
        .join(
            Membership,
            and_(Membership.tenant_id == Conversation.tenant_id, Membership.id == Conversation.membership_id),
        )
        .where(Conversation.course_id == course_id)
        .order_by(Conversation.held_at.desc(), Conversation.id.desc())
        .limit(limit)
    )
    return db.session.execute(query).all()


def list_due(reader: uuid.UUID, before: datetime, *, limit: int) -> Sequence[AnyRow]:
    """Open courses that the reader answers for, whose latest agreement falls before a moment; earliest first."""
    latest = (
        select(Conversation.next_step, Conversation.next_step_at)
        .where(Conversation.course_id == Course.id)
        .order_by(Conversation.held_at.desc(), Conversation.id.desc())
        .limit(1)
        .lateral()
    )
    query = (
        select(Course.id, Citizen.name, latest.c.next_step, latest.c.next_step_at)
        .join(Citizen, and_(Citizen.tenant_id == Course.tenant_id, Citizen.id == Course.citizen_id))
        .join(latest, latest.c.next_step_at < before)
        .where(_in_scope("mine", reader))
        .order_by(latest.c.next_step_at, Course.id)
        .limit(limit)
    )
    return db.session.execute(query).all()


def search_circle(words: str, reader: uuid.UUID, *, limit: int) -> Sequence[AnyRow]:
    """Citizens of the reader's circle by name or telephone number, each with the latest course."""
    digits = words.replace(" ", "")
    found = Citizen.name.icontains(words, autoescape=True)
    if digits.lstrip("+").isdecimal():
        found = or_(found, func.replace(Citizen.phone, " ", "").contains(digits, autoescape=True))
    query = (
        select(Citizen.id, Citizen.name, Course.id.label("course_id"), Course.opened_at, Course.closed_at)
        .join(Course, and_(Course.tenant_id == Citizen.tenant_id, Course.citizen_id == Citizen.id))
        .where(found, in_circle(Citizen.id, reader))
        .distinct(Citizen.name, Citizen.id)
        .order_by(Citizen.name, Citizen.id, Course.opened_at.desc())
        .limit(limit)
    )
    return db.session.execute(query).all()


def count_open() -> int:
    return db.session.scalar(select(func.count()).where(Course.closed_at.is_(None))) or 0
