"""Courses as something that colleagues answer for: how many each has, and passing them on when one leaves."""

import uuid
from collections.abc import Collection, Mapping

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from hjelpa.core.database import db
from hjelpa.core.leaving import Holding, Leaving
from modules.citizens.commands import pass_on_all
from modules.citizens.models import Course, Responsibility

_LASTS = Responsibility.until_at.is_(None)


def count_by_holder() -> Mapping[uuid.UUID, int]:
    held = select(Responsibility.membership_id, func.count()).where(_LASTS)
    return {id: number for id, number in db.session.execute(held.group_by(Responsibility.membership_id))}


def pass_on_courses(leaving: Leaving) -> Collection[uuid.UUID]:
    """Each course goes to whoever takes over at its own door."""
    theirs = select(Responsibility.course_id).where(Responsibility.membership_id == leaving.membership_id, _LASTS)
    doors = db.session.scalars(select(Course.unit_id).where(Course.id.in_(theirs)).distinct()).all()
    heirs = {unit_id: leaving.heir_of(unit_id) for unit_id in doors}
    for unit_id, heir in heirs.items():
        pass_on_all(leaving.membership_id, heir, leaving.at, unit_id=unit_id)
    return set(heirs.values())


HOLDING = Holding(_l("Courses"), count_by_holder, pass_on_courses)
