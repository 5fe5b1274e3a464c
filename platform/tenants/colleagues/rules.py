"""Decisions about colleagues: who takes over at each door when somebody leaves."""

import uuid
from collections.abc import Iterable, Mapping, Sequence


def find_heirs(
    doors: Iterable[tuple[uuid.UUID, uuid.UUID | None]], leaver: uuid.UUID, leaders: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, uuid.UUID]:
    """Who takes over at each door (its id and its leader's): the leader, or where that is the leaver, another leader.

    A door is left out when there is nobody: one without a leader, or whose leader leaves and is the only one.
    """
    other = next((leader for leader in leaders if leader != leaver), None)
    heirs = {door: other if leader == leaver else leader for door, leader in doors}
    return {door: heir for door, heir in heirs.items() if heir is not None}
