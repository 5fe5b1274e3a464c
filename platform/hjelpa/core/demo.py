"""What a feature needs to fill a municipality of the demo: always the same, always invented."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Town:
    """One municipality of the demo, already entered (its isolation is on).

    `units` are its doors, the first of them for whatever names none. `size` is roughly how many courses of help a
    year it has, 0 for one that has not begun. `random` is seeded by the municipality's name, so that every machine
    gets the same. `today` is the last day that anything happened.
    """

    tenant_id: uuid.UUID
    slug: str
    audience: str
    opened_on: date | None
    today: date
    size: int
    helpers: Sequence[uuid.UUID]
    leader: uuid.UUID
    units: Sequence[uuid.UUID]
    random: random.Random
