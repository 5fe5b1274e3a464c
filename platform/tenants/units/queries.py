"""Doors, and who is on duty at them."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from hjelpa.core.database import db
from tenants.units.models import DutyTurn, Unit


@dataclass(frozen=True, slots=True)
class Duty:
    """Who answers at a door: the one on duty, the deputy, and the leader behind them (membership ids)."""

    helper_id: uuid.UUID
    deputy_id: uuid.UUID
    leader_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Behind:
    """Who stands behind a door, each where there is one: a door that is closed need not have them all."""

    helper_id: uuid.UUID | None = None
    deputy_id: uuid.UUID | None = None
    leader_id: uuid.UUID | None = None


def list_units() -> Sequence[Unit]:
    """All doors, the oldest first: the first is the one for whatever names no door."""
    return db.session.scalars(select(Unit).order_by(Unit.created_at, Unit.id)).all()


def get_first_id() -> uuid.UUID:
    """The door for whatever names none; every municipality has one from its first day."""
    first = select(Unit.id).order_by(Unit.created_at, Unit.id).limit(1)
    return db.session.execute(first).scalar_one()


def names_by_id() -> Mapping[uuid.UUID, str]:
    """Names of all doors, for lists that mention them."""
    return {row.id: row.name for row in db.session.execute(select(Unit.id, Unit.name))}


def find_by_slug(slug: str) -> Unit | None:
    return db.session.scalars(select(Unit).where(Unit.slug == slug)).one_or_none()


def find(unit_id: uuid.UUID) -> Unit | None:
    return db.session.scalars(select(Unit).where(Unit.id == unit_id)).one_or_none()


def list_turns(unit_id: uuid.UUID, *, limit: int) -> Sequence[DutyTurn]:
    """A door's turns of duty, the last first."""
    turns = select(DutyTurn).where(DutyTurn.unit_id == unit_id)
    return db.session.scalars(turns.order_by(DutyTurn.starts_at.desc()).limit(limit)).all()


def find_duty(unit_id: uuid.UUID, at: datetime) -> Duty | None:
    """Who is on duty at a moment: by the turn that holds then, else the usual two; None for a door nobody holds."""
    found = find_behind(unit_id, at)
    if found.helper_id is None or found.deputy_id is None or found.leader_id is None:
        return None
    return Duty(found.helper_id, found.deputy_id, found.leader_id)


def find_behind(unit_id: uuid.UUID, at: datetime) -> Behind:
    """Whoever there is behind a door at a moment, by the same rule as `find_duty`, also where somebody is missing."""
    query = (
        select(Unit.leader_id, Unit.duty_id, Unit.deputy_id, DutyTurn.duty_id, DutyTurn.deputy_id)
        .outerjoin(
            DutyTurn,
            (DutyTurn.tenant_id == Unit.tenant_id)
            & (DutyTurn.unit_id == Unit.id)
            & (DutyTurn.starts_at <= at)
            & (DutyTurn.ends_at > at),
        )
        .where(Unit.id == unit_id)
        .order_by(DutyTurn.created_at.desc())
        .limit(1)
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        return Behind()
    leader, usual, usual_deputy, duty, deputy = row
    return Behind(duty or usual, deputy or usual_deputy, leader)
