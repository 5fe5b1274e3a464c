"""What changes doors. Nothing here commits: that is the request's or the job's own act."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from hjelpa.core.database import db
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.types import new_id
from tenants.identity.members import keep_seated
from tenants.units.models import DutyTurn, Unit
from tenants.units.queries import list_units
from tenants.units.rules import make_slug

FIRST_SLUG = "hjelpa"
TASKS = ("leader_id", "duty_id", "deputy_id")


def make_first_unit(
    name: str,
    *,
    leader_id: uuid.UUID | None,
    duty_id: uuid.UUID | None,
    deputy_id: uuid.UUID | None,
    phone: str = "",
    visit: str = "",
    opened: bool = False,
) -> uuid.UUID:
    """The door that a municipality has from its first day; returns its id. It opens only with all three people."""
    held = None not in (leader_id, duty_id, deputy_id)
    id = new_id()
    values = {
        "tenant_id": get_tenant_id(),
        "id": id,
        "slug": FIRST_SLUG,
        "name": name,
        "phone": phone,
        "visit": visit,
        "open": opened and held,
        "leader_id": leader_id,
        "duty_id": duty_id,
        "deputy_id": deputy_id,
    }
    db.session.execute(insert(Unit).values(values))
    return id


def add_unit(values: Mapping[str, Any]) -> uuid.UUID:
    """Another door; the same form sent twice is one. Its part of an address follows from its first name for good."""
    id: uuid.UUID = values["key"]
    row = {
        "tenant_id": get_tenant_id(),
        "id": id,
        "slug": make_slug(values["name"], [u.slug for u in list_units()]),
    }
    added = insert(Unit).values(row | _written(values))
    db.session.execute(added.on_conflict_do_nothing(index_elements=["tenant_id", "id"]))
    return id


def change_unit(unit_id: uuid.UUID, values: Mapping[str, Any]) -> None:
    db.session.execute(update(Unit).where(Unit.id == unit_id).values(_written(values)))


def _written(values: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: values[name] for name in ("name", "area", "age_group", "phone", "visit", "answer_hours", "open")}
    return told | {task: uuid.UUID(values[task]) if values.get(task) else None for task in TASKS}


def keep_all_seated(values: Mapping[str, Any]) -> list[str]:
    """Holds the seats of those whom a form names; returns the names of its fields whose person has just left."""
    named = {task: values[task] for task in TASKS if values.get(task)}
    # Always in the same order, so that two of these never wait for each other.
    living = {id: keep_seated(uuid.UUID(id)) for id in sorted(set(named.values()))}
    return [task for task, id in named.items() if not living[id]]


def add_turn(unit_id: uuid.UUID, values: Mapping[str, Any], starts_at: datetime, ends_at: datetime) -> bool:
    """A turn of duty; the same form sent twice is one. False when it would overlap another at this door."""
    # Held until the request ends, so that two turns cannot be added beside each other.
    db.session.execute(select(Unit.id).where(Unit.id == unit_id).with_for_update(key_share=True))
    id: uuid.UUID = values["key"]
    overlapping = select(DutyTurn.id).where(
        DutyTurn.unit_id == unit_id, DutyTurn.starts_at < ends_at, DutyTurn.ends_at > starts_at
    )
    found = set(db.session.scalars(overlapping))
    if found:
        return id in found
    people = {task: uuid.UUID(values[task]) for task in ("duty_id", "deputy_id")}
    db.session.add(DutyTurn(id=id, unit_id=unit_id, starts_at=starts_at, ends_at=ends_at, **people))
    db.session.flush()
    return True


def end_turn(unit_id: uuid.UUID, turn_id: uuid.UUID, at: datetime) -> bool:
    """Takes back a turn that has not begun, and ends one that has; False when there is none that could still end."""
    here = (DutyTurn.unit_id == unit_id, DutyTurn.id == turn_id)
    taken = db.session.execute(delete(DutyTurn).where(*here, DutyTurn.starts_at >= at).returning(DutyTurn.id))
    if taken.first() is not None:
        return True
    ended = update(DutyTurn).where(*here, DutyTurn.ends_at > at).values(ends_at=at).returning(DutyTurn.id)
    return db.session.execute(ended).first() is not None
