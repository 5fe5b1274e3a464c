"""Measures that a colleague does pass on when they leave: no measure is without an owner."""

import uuid
from collections.abc import Collection, Mapping

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, func, select

from hjelpa.core.database import db
from hjelpa.core.leaving import Holding, Leaving
from hjelpa.core.visitor import find_seat
from modules.citizens.models import Course
from modules.plans.models import Measure, Plan
from modules.plans.rules import Author
from modules.plans.writing import note
from tenants.identity.members import names_by_id


def count() -> Mapping[uuid.UUID, int]:
    """How many running measures each colleague does."""
    held = select(Measure.membership_id, func.count()).where(
        Measure.ended_on.is_(None), Measure.membership_id.is_not(None)
    )
    return {
        member: number for member, number in db.session.execute(held.group_by(Measure.membership_id)) if member
    }


def pass_on(leaving: Leaving) -> Collection[uuid.UUID]:
    """Gives the leaver's running measures to whoever takes over at the door of the citizen's open course."""
    theirs = and_(
        Course.tenant_id == Plan.tenant_id, Course.citizen_id == Plan.citizen_id, Course.closed_at.is_(None)
    )
    rows = db.session.execute(
        select(Measure, Course.unit_id)
        .join(Plan, and_(Plan.tenant_id == Measure.tenant_id, Plan.id == Measure.plan_id))
        .outerjoin(Course, theirs)
        .where(Measure.membership_id == leaving.membership_id, Measure.ended_on.is_(None))
        .order_by(Measure.id, Course.opened_at)
        .with_for_update(of=Measure, key_share=True)
    ).all()
    names, heirs = names_by_id() if rows else {}, set()
    for measure, unit_id in {measure.id: (measure, unit_id) for measure, unit_id in rows}.values():
        heir = leaving.heir_of(unit_id)
        heirs.add(heir)
        measure.membership_id = heir
        measure.version += 1
        note(
            measure.plan_id,
            _author(heir, names),
            part="measure",
            part_id=measure.id,
            field="membership_id",
            label=measure.what,
            old=names.get(leaving.membership_id, ""),
            new=names.get(heir, ""),
            about=measure.author_adult_id,
        )
    return heirs


def _author(heir: uuid.UUID, names: Mapping[uuid.UUID, str]) -> Author:
    """Whoever ends the seat has made the change; the heir where nobody is at hand."""
    seat = find_seat()
    return Author("member", seat.id, seat.name) if seat else Author("member", heir, names.get(heir, ""))


HOLDINGS = (Holding(_l("Measures in plans"), count, pass_on),)
