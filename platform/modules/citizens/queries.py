"""Reading citizens and courses: what ties a reader to them, one record, and counts."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    Uuid,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from hjelpa.core.contract import Period
from hjelpa.core.database import db
from hjelpa.core.prepared import PreparedInTenant
from modules.citizens.indicators import people_helped
from modules.citizens.models import HANDED_OVER, CircleReason, Citizen, Conversation, Course, Responsibility
from modules.citizens.paging import one
from modules.citizens.rules import Tie
from tenants.identity.models import Membership

AnyRow: TypeAlias = Row[*tuple[Any, ...]]

CITIZEN = and_(Citizen.tenant_id == Course.tenant_id, Citizen.id == Course.citizen_id)
HOLDER = and_(Membership.tenant_id == Responsibility.tenant_id, Membership.id == Responsibility.membership_id)


class Turn(NamedTuple):
    """Somebody's time of answering for a course; `until_at` is empty while it lasts."""

    since_at: datetime
    until_at: datetime | None
    name: str
    membership_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Head:
    """What may be known about a course before anything of the citizen's is loaded."""

    id: uuid.UUID
    citizen_id: uuid.UUID
    opened_at: datetime
    closed_at: datetime | None
    ending: str | None
    turns: tuple[Turn, ...]
    tie: Tie
    # Whether the reader answers for the citizen now, in this course or another: a course that has ended gives no rights.
    answers_now: bool

    @property
    def responsible(self) -> list[Turn]:
        """Who answers for the course now, or did when it ended."""
        return [turn for turn in self.turns if turn.until_at == self.closed_at]

    @property
    def names(self) -> list[str]:
        return [turn.name for turn in self.responsible]


def find_head(course_id: uuid.UUID, reader: uuid.UUID) -> Head | None:
    """A course, who has answered for it, and what ties the reader to its citizen; nothing that the citizen has said."""
    rows = _head().run(course_id=course_id, reader=reader)
    if not rows:
        return None
    (row,) = rows
    tie = Tie(row.responsible, row.reason, row.expires_at)
    turns = tuple(_turn(*values) for values in row.turns or ())
    return Head(row.id, row.citizen_id, row.opened_at, row.closed_at, row.ending, turns, tie, row.answers_now)


@cache
def _head() -> PreparedInTenant:
    """The statement of `find_head`, which stands before every page of a record: built once."""
    reader = bindparam("reader", type_=Uuid())
    latest = (
        select(CircleReason.id)
        .where(CircleReason.citizen_id == Course.citizen_id, CircleReason.membership_id == reader)
        .order_by(CircleReason.expires_at.desc())
        .limit(literal_column("1", Integer))
        .correlate(Course)
        .scalar_subquery()
    )
    return PreparedInTenant(
        select(
            Course.id,
            Course.citizen_id,
            Course.opened_at,
            Course.closed_at,
            Course.ending,
            _turns().label("turns"),
            exists(_answered_for(Course.citizen_id, reader)).label("responsible"),
            exists(_answers_for(Course.citizen_id, reader)).label("answers_now"),
            CircleReason.reason,
            CircleReason.expires_at,
        )
        .outerjoin(CircleReason, CircleReason.id == latest)
        .where(Course.id == bindparam("course_id", type_=Uuid()))
    )


def _turns() -> ColumnElement[Any]:
    """The course's turns as one value, so that they cost no statement of their own."""
    turn = func.json_build_array(
        Responsibility.since_at, Responsibility.until_at, Membership.name, Responsibility.membership_id
    )
    return (
        select(func.json_agg(aggregate_order_by(turn, Responsibility.since_at, Responsibility.id)))
        .select_from(Responsibility)
        .join(Membership, HOLDER)
        .where(Responsibility.course_id == Course.id)
        .scalar_subquery()
    )


def _turn(since: str, until: str | None, name: str, membership_id: str) -> Turn:
    ended = None if until is None else datetime.fromisoformat(until)
    return Turn(datetime.fromisoformat(since), ended, name, uuid.UUID(membership_id))


def _answers_for(citizen_id: Any, reader: Any) -> Select[int]:
    """An open turn of the reader's in any of the citizen's courses."""
    theirs = aliased(Course)
    return (
        one()
        .select_from(Responsibility)
        .join(theirs, and_(theirs.tenant_id == Responsibility.tenant_id, theirs.id == Responsibility.course_id))
        .where(
            theirs.citizen_id == citizen_id,
            Responsibility.membership_id == reader,
            Responsibility.until_at.is_(None),
        )
    )


def _answered_for(citizen_id: Any, reader: Any) -> Select[int]:
    theirs, left = aliased(Course), aliased(Course)
    # A record that went to another municipality is closed: to have answered for it before is no way in any more.
    closed = one().where(
        left.tenant_id == theirs.tenant_id,
        left.citizen_id == theirs.citizen_id,
        left.ending == HANDED_OVER,
        left.closed_at >= Responsibility.until_at,
    )
    return (
        one()
        .select_from(Responsibility)
        .join(theirs, and_(theirs.tenant_id == Responsibility.tenant_id, theirs.id == Responsibility.course_id))
        .where(theirs.citizen_id == citizen_id, Responsibility.membership_id == reader, ~exists(closed))
    )


def find_open_course(citizen_id: uuid.UUID) -> uuid.UUID | None:
    """The course that a citizen is in now; the latest begun should there be several."""
    query = select(Course.id).where(Course.citizen_id == citizen_id, Course.closed_at.is_(None))
    return db.session.execute(query.order_by(Course.opened_at.desc()).limit(1)).scalar_one_or_none()


def in_circle(citizen_id: Any, reader: Any, now: Any) -> ColumnElement[bool]:
    """The reading rule (`rules.may_read`) as a condition, for lists and search."""
    explained = one().where(
        CircleReason.citizen_id == citizen_id, CircleReason.membership_id == reader, CircleReason.expires_at > now
    )
    return or_(exists(_answered_for(citizen_id, reader)), exists(explained))


def find_citizen(citizen_id: uuid.UUID) -> AnyRow:
    """Name, phone and age band. Only after the read has been written to the access log."""
    return db.session.execute(
        select(Citizen.name, Citizen.phone, Citizen.age_band).where(Citizen.id == citizen_id)
    ).one()


def read_record(
    course_id: uuid.UUID, *, limit: int, besides: Sequence[ColumnElement[Any]] = ()
) -> Sequence[AnyRow]:
    """The citizen (on every row) and the latest conversations with the helper's name, the latest first.

    `besides` is what else is asked about the course; it stands at the end of every row. One row without a conversation when there has been none. Only after the read has been written to the log.
    """
    query = (
        select(
            Citizen.name.label("citizen"),
            Citizen.phone,
            Citizen.age_band,
            Conversation.id,
            Conversation.held_at,
            Conversation.matters,
            Conversation.happened,
            Conversation.next_step,
            Conversation.next_step_at,
            Conversation.unwritten,
            Conversation.membership_id,
            Membership.name,
            *besides,
        )
        .select_from(Course)
        .join(Citizen, CITIZEN)
        .outerjoin(
            Conversation, and_(Conversation.tenant_id == Course.tenant_id, Conversation.course_id == Course.id)
        )
        .outerjoin(
            Membership,
            and_(Membership.tenant_id == Conversation.tenant_id, Membership.id == Conversation.membership_id),
        )
        .where(Course.id == course_id)
        .order_by(Conversation.held_at.desc(), Conversation.id.desc())
        .limit(limit)
    )
    return db.session.execute(query).all()


def measure(period: Period) -> tuple[int, int]:
    """How many people have been helped in a period, and how many courses are open now."""
    still_open = select(func.count()).select_from(Course).where(Course.closed_at.is_(None)).scalar_subquery()
    helped, now_open = db.session.execute(select(people_helped(period).scalar_subquery(), still_open)).one()
    return helped or 0, now_open
