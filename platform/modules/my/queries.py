"""Codes that were asked for, and what the citizen's first pages show."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Row, and_, delete, exists, func, select
from sqlalchemy.orm import aliased

from hjelpa.core.database import db
from modules.citizens.models import Citizen, Conversation, Course, Responsibility
from modules.my.models import CodeRequest
from tenants.guests.models import Access
from tenants.identity.models import Membership

AnyRow: TypeAlias = Row[*tuple[Any, ...]]


def find_request(code_id: uuid.UUID) -> CodeRequest | None:
    return db.session.scalars(select(CodeRequest).where(CodeRequest.id == code_id)).one_or_none()


def find_usable(address: str, now: datetime, *, tries: int) -> uuid.UUID | None:
    """The latest request by this address whose code can still be used, having had fewer than so many tries."""
    holds = CodeRequest.used_at.is_(None), CodeRequest.expires_at > now, CodeRequest.tries < tries
    latest = select(CodeRequest.id).where(CodeRequest.address == address, *holds)
    return db.session.scalars(latest.order_by(CodeRequest.created_at.desc()).limit(1)).one_or_none()


def count_requests(address: str, since: datetime) -> int:
    counted = select(func.count()).select_from(CodeRequest)
    return db.session.scalar(counted.where(CodeRequest.address == address, CodeRequest.created_at > since)) or 0


def delete_requests(before: datetime) -> None:
    db.session.execute(delete(CodeRequest).where(CodeRequest.created_at < before))


def find_latest_course(citizen_id: uuid.UUID) -> uuid.UUID | None:
    """The course that began last."""
    latest = select(Course.id).where(Course.citizen_id == citizen_id).order_by(Course.opened_at.desc(), Course.id)
    return db.session.scalars(latest.limit(1)).one_or_none()


def list_agreed(citizen_id: uuid.UUID, *, limit: int) -> Sequence[AnyRow]:
    """What was agreed at the end of conversations (what, when, with whom), the latest agreed first.

    `current` is the one that stands: that of the last conversation of a course that is still open.
    """
    course = and_(Course.tenant_id == Conversation.tenant_id, Course.id == Conversation.course_id)
    helper = and_(Membership.tenant_id == Conversation.tenant_id, Membership.id == Conversation.membership_id)
    later = func.row_number().over(
        partition_by=Conversation.course_id, order_by=[Conversation.held_at.desc(), Conversation.id.desc()]
    )
    query = (
        select(
            Conversation.next_step,
            Conversation.next_step_at,
            Conversation.held_at,
            Membership.name.label("helper"),
            and_(later == 1, Course.closed_at.is_(None)).label("current"),
        )
        .join(Course, course)
        .join(Membership, helper)
        .where(Course.citizen_id == citizen_id)
        .order_by(Conversation.held_at.desc(), Conversation.id.desc())
        .limit(limit)
    )
    return [row for row in db.session.execute(query) if row.next_step]


def list_choices(access_id: uuid.UUID) -> Sequence[AnyRow]:
    """The accesses (id, relation, citizen's name) that the holder of this one has by the same address."""
    address = select(Access.address).where(Access.id == access_id).scalar_subquery()
    citizen = and_(Citizen.tenant_id == Access.tenant_id, Citizen.id == Access.citizen_id)
    living = Access.address == address, Access.withdrawn_at.is_(None)
    query = select(Access.id, Access.relation, Citizen.name).join(Citizen, citizen).where(*living)
    return db.session.execute(query.order_by(Access.given_at, Access.id)).all()


def find_name(citizen_id: uuid.UUID) -> str:
    return str(db.session.scalars(select(Citizen.name).where(Citizen.id == citizen_id)).one())


def is_given(citizen_id: uuid.UUID, address: str) -> bool:
    """Whether the citizen can already come in by this address."""
    same = Access.citizen_id == citizen_id, Access.address == address, Access.relation == "self"
    return db.session.scalars(select(Access.id).where(*same, Access.withdrawn_at.is_(None))).first() is not None


def list_access(course_id: uuid.UUID, reader: uuid.UUID) -> tuple[Sequence[Access], bool]:
    """Everyone who has or had access to the own pages of a course's citizen, the living first; and whether the reader
    answers for the citizen now, in this course or another. In one statement."""
    other = aliased(Course)
    turn = and_(other.tenant_id == Responsibility.tenant_id, other.id == Responsibility.course_id)
    answers = (
        select(Responsibility.id)
        .join(other, turn)
        .where(
            other.citizen_id == Course.citizen_id,
            Responsibility.membership_id == reader,
            Responsibility.until_at.is_(None),
        )
        .correlate(Course)
    )
    theirs = and_(Access.tenant_id == Course.tenant_id, Access.citizen_id == Course.citizen_id)
    query = select(Access, exists(answers)).select_from(Course).outerjoin(Access, theirs)
    rows = db.session.execute(
        query.where(Course.id == course_id).order_by(Access.withdrawn_at.desc().nulls_first(), Access.given_at)
    ).all()
    return [access for access, _ in rows if access is not None], any(answers_now for _, answers_now in rows)
