"""What colleagues answer for, and who gets it when one of them leaves. Features announce theirs (`Manifest.holdings`)."""

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString


class NoHeir(RuntimeError):
    """Something that the leaver answers for belongs to a door that has nobody to take over there."""

    def __init__(self, unit_id: uuid.UUID | None) -> None:
        super().__init__("a door has no leader who can take over")
        self.unit_id = unit_id


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody's seat (`membership_id`) ends at `at`; `heirs` is who takes over at each door, and `first` the first door."""

    membership_id: uuid.UUID
    at: datetime
    heirs: Mapping[uuid.UUID, uuid.UUID]
    first: uuid.UUID | None = None

    def heir_of(self, unit_id: uuid.UUID | None = None) -> uuid.UUID:
        """Who takes over at a door, or at the first for what belongs to none; raises NoHeir where nobody can."""
        unit_id = unit_id or self.first
        heir = self.heirs.get(unit_id) if unit_id else None
        if heir is None:
            raise NoHeir(unit_id)
        return heir


@dataclass(frozen=True, slots=True)
class Holding:
    """A kind of thing that colleagues answer for.

    `count` says how many each has now, by membership id. `pass_on` gives all that the leaver has to whom `heir_of`
    names, and returns who got something; it is asked of every feature, on or off, in the transaction that ends the seat.
    """

    title: str | LazyString
    count: Callable[[], Mapping[uuid.UUID, int]]
    pass_on: Callable[[Leaving], Collection[uuid.UUID]]
