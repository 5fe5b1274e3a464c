"""Whom a plan is shared with, and which plans are shared with whom."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, or_, select, update
from sqlalchemy.orm import aliased

from hjelpa.core.database import db
from hjelpa.core.types import utcnow
from modules.citizens.models import HANDED_OVER, Citizen, Course, Responsibility
from modules.plans.models import Plan
from modules.plans.models_access import Adult, Change
from modules.plans.sharing_models import Share
from tenants.guests.models import Access
from tenants.guests.rules import Address
from tenants.identity.models import Membership
from tenants.units.models import DutyTurn, Unit

AnyRow = Row[*tuple[Any, ...]]


def find_plan_id(citizen_id: uuid.UUID) -> Any:
    """The id of a citizen's plan, as part of another statement."""
    return select(Plan.id).where(Plan.citizen_id == citizen_id).scalar_subquery()


def list_given_by(adult_id: uuid.UUID) -> Sequence[Share]:
    """The living shares that one adult in the plan has made; the plan's history says whose they are."""
    made = and_(
        Change.tenant_id == Share.tenant_id,
        Change.part_id == Share.id,
        Change.part == "share",
        Change.field == "given",
        Change.by_kind == "adult",
        Change.by_id == adult_id,
    )
    return db.session.scalars(select(Share).join(Change, made).where(Share.withdrawn_at.is_(None))).all()


def is_closed(citizen_id: Any) -> ColumnElement[bool]:
    """Whether another municipality has taken over, nothing lasts here, and nothing has begun here since."""
    left, other = aliased(Course), aliased(Course)
    begun = or_(other.closed_at.is_(None), other.opened_at > left.closed_at)
    goes_on = exists().where(other.citizen_id == citizen_id, begun)
    return exists().where(left.citizen_id == citizen_id, left.ending == HANDED_OVER, ~goes_on)


def _is_living() -> ColumnElement[bool]:
    """Neither withdrawn nor lapsed.

    A share lapses when another municipality takes over and nothing lasts here any more. It stays so: whoever comes
    back is asked anew.
    """
    of_plan = select(Plan.citizen_id).where(Plan.id == Share.plan_id).correlate(Share).scalar_subquery()
    left, other = aliased(Course), aliased(Course)
    lasts = exists().where(
        other.citizen_id == left.citizen_id, other.closed_at.is_(None), other.opened_at <= left.closed_at
    )
    handed_over = left.ending == HANDED_OVER, left.closed_at >= Share.since_at
    lapsed = exists().where(left.citizen_id == of_plan, *handed_over, ~lasts)
    return and_(Share.withdrawn_at.is_(None), ~lapsed)


def find_own(citizen_id: uuid.UUID) -> AnyRow:
    """(plan or None, the citizen's name, whether the plan is closed here). Only after the read has been logged."""
    plan = and_(Plan.tenant_id == Citizen.tenant_id, Plan.citizen_id == Citizen.id)
    query = select(Plan, Citizen.name, is_closed(Citizen.id).label("closed")).select_from(Citizen)
    found: AnyRow = db.session.execute(query.outerjoin(Plan, plan).where(Citizen.id == citizen_id)).one()
    return found


def list_adults_in(plan_id: uuid.UUID) -> Sequence[AnyRow]:
    """(id, name, given_at) of the adults who have access now; nothing of how they are reached."""
    query = select(Adult.id, Adult.name, Adult.given_at)
    living = query.where(Adult.plan_id == plan_id, Adult.withdrawn_at.is_(None))
    return db.session.execute(living.order_by(Adult.given_at, Adult.id)).all()


def list_helpers(citizen_id: uuid.UUID, chosen: uuid.UUID | None) -> Sequence[AnyRow]:
    """(id, name) of who answers for the citizen now, and of the colleague who is chosen already, by name."""
    course = and_(Course.tenant_id == Responsibility.tenant_id, Course.id == Responsibility.course_id)
    answer = (
        select(Responsibility.membership_id)
        .join(Course, course)
        .where(Course.citizen_id == citizen_id, Responsibility.until_at.is_(None))
    )
    shown = or_(Membership.id.in_(answer), Membership.id == chosen)
    query = select(Membership.id, Membership.name).where(shown)
    return db.session.execute(query.order_by(Membership.name, Membership.id)).all()


def list_shares(plan_id: uuid.UUID) -> Sequence[Share]:
    """The living shares of a plan, the first given first."""
    living = select(Share).where(Share.plan_id == plan_id, _is_living())
    return db.session.scalars(living.order_by(Share.since_at, Share.id)).all()


def find_share(plan_id: uuid.UUID, share_id: uuid.UUID) -> Share | None:
    living = select(Share).where(Share.plan_id == plan_id, Share.id == share_id, _is_living())
    return db.session.scalars(living).one_or_none()


def find_held_back(plan_id: uuid.UUID, unit_id: uuid.UUID) -> list[str]:
    """What a door did not see when it could read last; nothing where it never could."""
    ended = select(Share.held_back).where(Share.plan_id == plan_id, Share.unit_id == unit_id)
    return list(db.session.scalars(ended.order_by(Share.since_at.desc(), Share.id.desc()).limit(1)).first() or ())


def list_ended_outside(plan_id: uuid.UUID) -> Sequence[Share]:
    """The latest share of each service outside the house that could read before and cannot now, by name."""
    access = and_(Access.tenant_id == Share.tenant_id, Access.id == Share.access_id)
    query = select(Share, Access.address, _is_living().label("living")).join(Access, access)
    outside = query.where(Share.plan_id == plan_id, Share.unit_id.is_(None)).order_by(Share.since_at, Share.id)
    rows = db.session.execute(outside).all()
    living = {address for _, address, lives in rows if lives}
    latest = {address: share for share, address, _ in rows if address not in living}
    return sorted(latest.values(), key=lambda share: (share.name.lower(), share.id))


def find_outside(plan_id: uuid.UUID, share_id: uuid.UUID) -> tuple[Share, Address] | None:
    """A share with a service outside the house, also one that has ended, and where its codes go."""
    access = and_(Access.tenant_id == Share.tenant_id, Access.id == Share.access_id)
    query = select(Share, Access.channel, Access.address).join(Access, access)
    row: AnyRow | None = db.session.execute(
        query.where(Share.plan_id == plan_id, Share.unit_id.is_(None), Share.id == share_id)
    ).one_or_none()
    return None if row is None else (row[0], Address(row[1], row[2]))


def is_shared_at(plan_id: uuid.UUID, address: str) -> bool:
    """Whether a service that comes in by this address can read the plan now."""
    access = and_(Access.tenant_id == Share.tenant_id, Access.id == Share.access_id)
    living = select(Share.id).join(Access, access).where(Share.plan_id == plan_id, Access.address == address)
    return db.session.scalars(living.where(_is_living()).limit(1)).first() is not None


def list_lapsed_outside(plan_id: uuid.UUID | None) -> Sequence[Share]:
    """Shares of a plan, or of all, with services outside the house, that have lapsed and are not marked so yet."""
    return db.session.scalars(select(Share).where(Share.unit_id.is_(None), *_lapsed(plan_id))).all()


def _lapsed(plan_id: uuid.UUID | None) -> list[ColumnElement[bool]]:
    within = [] if plan_id is None else [Share.plan_id == plan_id]
    return [*within, Share.withdrawn_at.is_(None), ~_is_living()]


def find_share_of(access_id: uuid.UUID) -> tuple[Share, Plan] | None:
    """What a service that came in by this access may read; None as soon as it is withdrawn or lapses."""
    plan = and_(Plan.tenant_id == Share.tenant_id, Plan.id == Share.plan_id)
    row = db.session.execute(
        select(Share, Plan).join(Plan, plan).where(Share.access_id == access_id, _is_living())
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def _works_at(unit_id: Any, reader: uuid.UUID) -> ColumnElement[bool]:
    """Whether a colleague belongs to a door: its leader, on duty there by rule or turn, or answering for a course there."""
    now = utcnow()
    named = exists().where(
        Unit.id == unit_id, or_(Unit.leader_id == reader, Unit.duty_id == reader, Unit.deputy_id == reader)
    )
    turn = exists().where(
        DutyTurn.unit_id == unit_id,
        DutyTurn.starts_at <= now,
        DutyTurn.ends_at > now,
        or_(DutyTurn.duty_id == reader, DutyTurn.deputy_id == reader),
    )
    course = and_(Course.tenant_id == Responsibility.tenant_id, Course.id == Responsibility.course_id)
    answers = (
        select(Responsibility.id)
        .join(Course, course)
        .where(
            Course.unit_id == unit_id, Responsibility.membership_id == reader, Responsibility.until_at.is_(None)
        )
    )
    return or_(named, turn, exists(answers))


def _shared_with(query: Select[*tuple[Any, ...]], reader: uuid.UUID) -> Select[*tuple[Any, ...]]:
    """The reading rule: a plan shared with a door is open to the people of that door, and its name to nobody else."""
    plan = and_(Plan.tenant_id == Share.tenant_id, Plan.id == Share.plan_id)
    citizen = and_(Citizen.tenant_id == Plan.tenant_id, Citizen.id == Plan.citizen_id)
    return (
        query.select_from(Share)
        .join(Plan, plan)
        .join(Citizen, citizen)
        .where(Share.unit_id.is_not(None), _is_living(), _works_at(Share.unit_id, reader))
    )


def list_shared_with(reader: uuid.UUID, *, limit: int) -> Sequence[AnyRow]:
    """(id, the door's name, since_at, citizen's name) of plans shared with a door where the reader works, the newest
    first. Nothing that stands in a plan: that is read one at a time, and each read is logged."""
    query = select(Share.id, Share.name.label("door"), Share.since_at, Citizen.name)
    newest = _shared_with(query, reader).order_by(Share.since_at.desc(), Share.id)
    return db.session.execute(newest.limit(limit)).all()


def find_shared(share_id: uuid.UUID, reader: uuid.UUID) -> AnyRow | None:
    """(share, plan, citizen's name) of one of those; None for anybody else's, and as soon as it is withdrawn or lapses."""
    query = _shared_with(select(Share, Plan, Citizen.name), reader)
    return db.session.execute(query.where(Share.id == share_id)).one_or_none()


def end_share(share_id: uuid.UUID) -> bool:
    ended = update(Share).where(Share.id == share_id, Share.withdrawn_at.is_(None)).values(withdrawn_at=utcnow())
    return db.session.execute(ended.returning(Share.id)).first() is not None


def end_lapsed(plan_id: uuid.UUID | None) -> None:
    """Writes down that lapsed shares of a plan, or of all, have ended, so that the same door can be let in anew."""
    lapsed = update(Share).where(*_lapsed(plan_id)).values(withdrawn_at=utcnow())
    db.session.execute(lapsed.execution_options(synchronize_session=False))
