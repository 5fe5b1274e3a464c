"""Measures that a colleague does pass on when they leave: no measure is without an owner."""

import uuid
from collections.abc import Collection, Mapping

from flask_babel import lazy_gettext as _l

from hjelpa.core.leaving import Holding, Leaving
from hjelpa.core.visitor import find_seat
from modules.plans.course_queries import count_running, hold_running
from modules.plans.rules import Author
from modules.plans.writing import note
from tenants.identity.members import names_by_id


def pass_on(leaving: Leaving) -> Collection[uuid.UUID]:
    """Gives the leaver's running measures to whoever takes over at the door of the citizen's open course."""
    rows = hold_running(leaving.membership_id)
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


HOLDINGS = (Holding(_l("Measures in plans"), count_running, pass_on),)
