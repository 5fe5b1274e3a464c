"""Lists of courses: columns only, names of the own circle only, and the same cost at any size."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Uuid,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    null,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on

from hjelpa.core.contract import Period
from hjelpa.core.database import db
from hjelpa.core.prepared import PreparedInTenant
from hjelpa.core.schemas import local_moment
from hjelpa.core.types import Moment, utcnow
from modules.citizens.models import Citizen, Conversation, Course, Responsibility
from modules.citizens.paging import PAGE_SIZE, counted, one
from modules.citizens.queries import CITIZEN, HOLDER, AnyRow, in_circle
from tenants.identity.models import Membership

SCOPES = ("mine", "ended", "all")


def _in_scope(scope: str, reader: Any) -> ColumnElement[bool]:
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
    given: dict[str, Any] = {"reader": reader, "now": utcnow()}
    if page > 1:
        given["skipped"] = (page - 1) * PAGE_SIZE
    return _courses(scope, further=page > 1).run(**given)


@cache
def _courses(scope: str, *, further: bool) -> PreparedInTenant:
    """The statement of `list_courses`, built once and with its limits written out (`paging.one`)."""
    reader = bindparam("reader", type_=Uuid())
    visible = in_circle(Course.citizen_id, reader, bindparam("now", type_=Moment))
    wanted = _in_scope(scope, reader)
    helpers = (
        select(func.string_agg(Membership.name, aggregate_order_by(literal(", "), Responsibility.since_at)))
        .select_from(Responsibility)
        .join(Membership, HOLDER)
        .where(
            Responsibility.course_id == Course.id, Responsibility.until_at.is_not_distinct_from(Course.closed_at)
        )
    )
    next_step_at = (
        select(Conversation.next_step_at)
        .where(Conversation.course_id == Course.id, ~Conversation.unwritten)
        .order_by(Conversation.held_at.desc(), Conversation.id.desc())
        .limit(1)
    )
    listed = (
        select(
            Course.id,
            Course.opened_at,
            Course.closed_at,
            case((visible, Citizen.name), else_=null()).label("name"),
            helpers.scalar_subquery().label("helpers"),
            next_step_at.scalar_subquery().label("next_step_at"),
            counted(one().select_from(Course).where(wanted)).label("total"),
        )
        .join(Citizen, CITIZEN)
        .where(wanted)
        .order_by(Course.opened_at.desc(), Course.id.desc())
        .limit(literal_column(str(PAGE_SIZE), Integer))
    )
    return PreparedInTenant(listed.offset(bindparam("skipped", type_=Integer())) if further else listed)


def list_due(reader: uuid.UUID, before: datetime, *, limit: int) -> Sequence[AnyRow]:
    """Open courses that the reader answers for, whose latest agreement falls before a moment; earliest first."""
    latest = (
        select(Conversation.next_step, Conversation.next_step_at)
        .where(Conversation.course_id == Course.id, ~Conversation.unwritten)
        .order_by(Conversation.held_at.desc(), Conversation.id.desc())
        .limit(1)
        .lateral()
    )
    query = (
        select(Course.id, Citizen.name, latest.c.next_step, latest.c.next_step_at)
        .join(Citizen, CITIZEN)
        .join(latest, latest.c.next_step_at < before)
        .where(_in_scope("mine", reader))
        .order_by(latest.c.next_step_at, Course.id)
        .limit(limit)
    )
    return db.session.execute(query).all()


def list_helped(period: Period, reader: uuid.UUID, page: int) -> Sequence[AnyRow]:
    """One page of the people whom `indicators.people_helped` counts, whoever was met last on top.

    Each has their latest conversation of the period and its course; `name` is empty outside the reader's circle, and
    `total` stands on every row.
    """
    begin, end = local_moment(period.start, time()), local_moment(period.end, time())
    latest = (
        select(Course.citizen_id, Course.id, Course.opened_at, Conversation.held_at)
        .join(Conversation, and_(Conversation.tenant_id == Course.tenant_id, Conversation.course_id == Course.id))
        .where(Conversation.held_at >= begin, Conversation.held_at < end)
        .ext(distinct_on(Course.citizen_id))
        .order_by(Course.citizen_id, Conversation.held_at.desc(), Conversation.id.desc())
        .subquery()
    )
    shown = case((in_circle(Citizen.id, reader, utcnow()), Citizen.name), else_=null())
    query = (
        select(*latest.c, shown.label("name"), func.count().over().label("total"))
        .join(Citizen, Citizen.id == latest.c.citizen_id)
        .order_by(latest.c.held_at.desc(), latest.c.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return db.session.execute(query).all()


def count_by_holder() -> Mapping[uuid.UUID, int]:
    """How many open courses each colleague answers for."""
    held = select(Responsibility.membership_id, func.count()).where(Responsibility.until_at.is_(None))
    return {id: number for id, number in db.session.execute(held.group_by(Responsibility.membership_id))}


def list_doors_of(holder: uuid.UUID) -> Sequence[uuid.UUID]:
    """The doors of the courses that somebody answers for."""
    theirs = select(Responsibility.course_id).where(
        Responsibility.membership_id == holder, Responsibility.until_at.is_(None)
    )
    return db.session.scalars(select(Course.unit_id).where(Course.id.in_(theirs)).distinct()).all()
