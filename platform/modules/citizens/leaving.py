"""Courses as something that colleagues answer for: how many each has, and passing them on when one leaves."""

import uuid
from collections.abc import Collection

from flask_babel import lazy_gettext as _l

from hjelpa.core.leaving import Holding, Leaving
from modules.citizens.caseload import count_by_holder, list_doors_of
from modules.citizens.commands import pass_on_all


def pass_on_courses(leaving: Leaving) -> Collection[uuid.UUID]:
    """Each course goes to whoever takes over at its own door."""
    heirs = {unit_id: leaving.heir_of(unit_id) for unit_id in list_doors_of(leaving.membership_id)}
    for unit_id, heir in heirs.items():
        pass_on_all(leaving.membership_id, heir, leaving.at, unit_id=unit_id)
    return set(heirs.values())


HOLDING = Holding(_l("Courses"), count_by_holder, pass_on_courses)
