"""Doors and duty as something that colleagues answer for, and passing them on when one leaves."""

import uuid
from collections import Counter
from collections.abc import Collection, Mapping

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from hjelpa.core.database import db
from hjelpa.core.leaving import Holding, Leaving
from hjelpa.core.types import utcnow
from tenants.units.models import DutyTurn, Unit

TASKS = ("leader_id", "duty_id", "deputy_id")
TURN_TASKS = ("duty_id", "deputy_id")


def count_by_holder() -> Mapping[uuid.UUID, int]:
    """How many doors and turns of duty, now and to come, name each colleague; once, whatever they do there."""
    rows = [*db.session.execute(select(Unit.leader_id, Unit.duty_id, Unit.deputy_id))]
    rows += db.session.execute(select(DutyTurn.duty_id, DutyTurn.deputy_id).where(DutyTurn.ends_at > utcnow()))
    return Counter(id for row in rows for id in set(row) if id is not None)


def pass_on_doors(leaving: Leaving) -> Collection[uuid.UUID]:
    """Every task at a door goes to whoever takes over there; a door that is closed may be left without."""
    me = leaving.membership_id
    named = select(Unit).where(or_(*(getattr(Unit, task) == me for task in TASKS))).order_by(Unit.id)
    heirs = set[uuid.UUID]()
    for unit in db.session.scalars(named.with_for_update(key_share=True)):
        heir = leaving.heirs.get(unit.id) if not unit.open else leaving.heir_of(unit.id)
        _replace(unit, TASKS, me, heir)
        heirs |= {heir} if heir else set()
    turns = select(DutyTurn).where(or_(*(getattr(DutyTurn, task) == me for task in TURN_TASKS)))
    for turn in db.session.scalars(turns.where(DutyTurn.ends_at > leaving.at).order_by(DutyTurn.id)):
        heir = leaving.heir_of(turn.unit_id)
        _replace(turn, TURN_TASKS, me, heir)
        heirs.add(heir)
    db.session.flush()
    return heirs


def _replace(thing: Unit | DutyTurn, tasks: Collection[str], old: uuid.UUID, new: uuid.UUID | None) -> None:
    for task in tasks:
        if getattr(thing, task) == old:
            setattr(thing, task, new)


HOLDING = Holding(_l("Doors and duty"), count_by_holder, pass_on_doors)
