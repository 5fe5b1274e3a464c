"""Colleagues with what they answer for, and who takes over when one of them leaves."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hjelpa.core.leaving import Holding
from hjelpa.core.permissions import features
from hjelpa.core.visitor import get_seat
from tenants.colleagues.rules import find_heirs
from tenants.identity.members import Member, list_members
from tenants.units.models import Unit
from tenants.units.queries import list_units


@dataclass(frozen=True, slots=True)
class Takeover:
    """One door, and who takes over there; `heir` is empty where nobody can."""

    door: str
    heir: str


def list_holdings() -> Sequence[Holding]:
    """What is counted for each colleague: what the features that are on here announce."""
    return [holding for manifest in features().enabled(get_seat().modules_off) for holding in manifest.holdings]


def list_colleagues(holdings: Sequence[Holding]) -> Sequence[tuple[Member, Sequence[int]]]:
    """Everyone with a seat, by name, each with how many of every kind of holding."""
    counted = [holding.count() for holding in holdings]
    return [(member, [count.get(member.id, 0) for count in counted]) for member in list_members()]


def list_heirs(leaver: uuid.UUID) -> tuple[Mapping[uuid.UUID, uuid.UUID], uuid.UUID | None]:
    """Who takes over at each door, and which door is the first."""
    units = list_units()
    return _heirs(units, leaver, list_members()), units[0].id if units else None


def list_takeovers(leaver: uuid.UUID) -> Sequence[Takeover]:
    """The same in names, for whoever is about to decide."""
    units, members = list_units(), list_members()
    heirs, names = _heirs(units, leaver, members), {member.id: member.name for member in members}
    return [Takeover(unit.name, names.get(heirs[unit.id], "") if unit.id in heirs else "") for unit in units]


def _heirs(units: Sequence[Unit], leaver: uuid.UUID, members: Sequence[Member]) -> Mapping[uuid.UUID, uuid.UUID]:
    leaders = [member.id for member in members if "leader" in member.roles]
    return find_heirs([(unit.id, unit.leader_id) for unit in units], leaver, leaders)
