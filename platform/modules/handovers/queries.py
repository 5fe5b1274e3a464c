"""Reading handovers: what somebody is to one, and the letter to the receiver."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, any_, case, exists, func, literal, null, or_, select
from sqlalchemy.orm import aliased

from hjelpa.core.database import db
from modules.citizens.models import Citizen, Conversation, Course, Responsibility
from modules.citizens.paging import one
from modules.citizens.queries import CITIZEN, AnyRow
from modules.handovers.models import Arrival, Handover
from modules.handovers.rules import WHO, Party
from tenants.identity.models import Membership
from tenants.municipalities.models import Municipality
from tenants.units.models import DutyTurn, Unit

COURSE = and_(Course.tenant_id == Handover.tenant_id, Course.id == Handover.course_id)
Sender, _Receiver, _Decider = aliased(Membership), aliased(Membership), aliased(Membership)
NAMES = (
    Sender.name.label("sender"),
    _Receiver.name.label("receiver"),
    Unit.name.label("unit"),
    Municipality.name.label("municipality"),
    _Decider.name.label("decider"),
)


def at_door(unit_id: Any, reader: uuid.UUID, now: datetime) -> ColumnElement[bool]:
    """Whether somebody leads a door, has the usual duty there, or has it now by a turn."""
    door, person = aliased(Unit), literal(reader)
    usual = one().where(door.id == unit_id, person.in_([door.leader_id, door.duty_id, door.deputy_id]))
    turn = one().where(
        DutyTurn.unit_id == unit_id,
        DutyTurn.starts_at <= now,
        DutyTurn.ends_at > now,
        person.in_([DutyTurn.duty_id, DutyTurn.deputy_id]),
    )
    return or_(exists(usual), exists(turn))


def with_names(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Joins what the columns of NAMES come from."""
    return (
        query.outerjoin(Sender, and_(Sender.tenant_id == Handover.tenant_id, Sender.id == Handover.sender_id))
        .outerjoin(
            _Receiver, and_(_Receiver.tenant_id == Handover.tenant_id, _Receiver.id == Handover.receiver_id)
        )
        .outerjoin(_Decider, and_(_Decider.tenant_id == Handover.tenant_id, _Decider.id == Handover.decided_by_id))
        .outerjoin(Unit, and_(Unit.tenant_id == Handover.tenant_id, Unit.id == Handover.unit_id))
        .outerjoin(Municipality, Municipality.id == Handover.municipality_id)
    )


def answers_for(reader: uuid.UUID) -> ColumnElement[bool]:
    turn = one().where(
        Responsibility.course_id == Handover.course_id,
        Responsibility.membership_id == reader,
        Responsibility.until_at.is_(None),
    )
    return exists(turn)


@dataclass(frozen=True, slots=True)
class Standing:
    """What may be known about a handover before anything of the citizen's is loaded, and what the reader is to it."""

    id: uuid.UUID
    course_id: uuid.UUID
    citizen_id: uuid.UUID
    kind: str
    state: str
    party: Party


def find_standing(handover_id: uuid.UUID, reader: uuid.UUID, now: datetime, *, oversees: bool) -> Standing | None:
    row = db.session.execute(
        select(
            Handover.id,
            Handover.course_id,
            Course.citizen_id,
            Handover.kind,
            Handover.state,
            (Handover.sender_id == reader).label("sender"),
            func.coalesce(Handover.receiver_id == reader, False).label("asked"),
            at_door(Handover.unit_id, reader, now).label("at_door"),
            answers_for(reader).label("responsible"),
        )
        .join(Course, COURSE)
        .where(Handover.id == handover_id)
    ).one_or_none()
    if row is None:
        return None
    party = Party(row.asked, row.at_door, row.sender, row.responsible, oversees)
    return Standing(row.id, row.course_id, row.citizen_id, row.kind, row.state, party)


def get_letter(handover_id: uuid.UUID, *, named: bool) -> AnyRow:
    """What the sender wrote, to whom, and how it went. Only after the read has been written to the access log.

    The citizen's name and how to reach them are there for the circle (`named`), or when they have said yes to it.
    """
    known = or_(literal(named), agreed_to(WHO))
    query = (
        select(
            Handover,
            *NAMES,
            case((known, Citizen.name), else_=null()).label("name"),
            case((known, Citizen.phone), else_=null()).label("phone"),
        )
        .join(Course, COURSE)
        .join(Citizen, CITIZEN)
        .where(Handover.id == handover_id)
    )
    return db.session.execute(with_names(query)).one()


def agreed_to(part: str) -> ColumnElement[bool]:
    """Whether the citizen has said yes to telling a part."""
    return func.coalesce(literal(part) == any_(Handover.agreed_parts), False)


def find_open(course_id: uuid.UUID) -> uuid.UUID | None:
    """The course's open handover, if any."""
    query = select(Handover.id).where(Handover.course_id == course_id, Handover.state == "open")
    return db.session.execute(query).scalar_one_or_none()


def list_responsible(course_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, uuid.UUID]:
    """Who answers for each of some courses now; those that have ended are not among them."""
    query = select(Responsibility.course_id, Responsibility.membership_id).where(
        Responsibility.course_id.in_(course_ids), Responsibility.until_at.is_(None)
    )
    return {row.course_id: row.membership_id for row in db.session.execute(query)}


def find_responsible(course_id: uuid.UUID) -> uuid.UUID | None:
    """Who answers for a course now; None when it has ended."""
    return list_responsible([course_id]).get(course_id)


def count_asked() -> Mapping[uuid.UUID, int]:
    """How many open handovers ask each colleague."""
    asked = select(Handover.receiver_id, func.count()).where(
        Handover.state == "open", Handover.receiver_id.is_not(None)
    )
    rows = db.session.execute(asked.group_by(Handover.receiver_id))
    return {receiver: number for receiver, number in rows if receiver is not None}


def names_of_municipalities(ids: Collection[uuid.UUID | None]) -> Mapping[uuid.UUID | None, str]:
    """Names of some municipalities, by id."""
    query = select(Municipality.id, Municipality.name).where(Municipality.id.in_(ids))
    return {row.id: row.name for row in db.session.execute(query)}


def find_agreement(course_id: uuid.UUID) -> AnyRow | None:
    """The latest agreed next step of a course, with its moment."""
    query = (
        select(Conversation.next_step, Conversation.next_step_at)
        .where(Conversation.course_id == course_id, ~Conversation.unwritten)
        .order_by(Conversation.held_at.desc(), Conversation.id.desc())
        .limit(1)
    )
    return db.session.execute(query).one_or_none()


def list_behind(course_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """Packages that led to any course of the course's citizen, under whose ids they were read before they arrived."""
    this = aliased(Course)
    same = and_(this.tenant_id == Course.tenant_id, this.citizen_id == Course.citizen_id)
    theirs = and_(Course.tenant_id == Arrival.tenant_id, Course.id == Arrival.course_id)
    query = select(Arrival.transfer_id).join(Course, theirs).join(this, same).where(this.id == course_id)
    return db.session.scalars(query).all()
