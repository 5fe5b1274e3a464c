"""Asking for slow answers: a reminder before the deadline, the leaders after it. Each once, however often this runs."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hjelpa.core.contract import Job, Schedule
from hjelpa.core.types import utcnow
from modules.handovers import locks, notices, packages
from modules.handovers.rules import is_to_escalate, is_to_remind, others
from tenants.identity.members import list_members
from tenants.notices.queries import notify
from tenants.units.queries import find_duty, get_first_id, list_units


def remind(payload: Mapping[str, Any]) -> None:
    now = utcnow()
    _remind_own(now)
    _remind_incoming(now)


def _remind_own(now: datetime) -> None:
    """Handovers of our own courses. What another municipality is asked, its own job reminds it of."""
    rows = locks.lock_own_waiting()
    leaders = _leaders() if rows else {}
    for row in rows:
        handover, address = row.Handover, {"handover_id": row.Handover.id}
        inside = handover.kind != "municipality"
        if inside and is_to_remind(handover.proposed_at, handover.due_at, handover.reminded_at, now):
            handover.reminded_at = now
            notify(handover.receiver_id, notices.REMINDED, {"name": row.sender}, address)
        if is_to_escalate(handover.due_at, handover.escalated_at, now):
            handover.escalated_at = now
            told = {"name": row.sender, "receiver": row.receiver or row.municipality}
            doors = {row.course_unit_id, handover.unit_id} - {None}
            for person in others([leader for door in doors for leader in leaders[door]], None):
                notify(person, notices.OVERDUE, told, address)


def _leaders() -> dict[uuid.UUID, list[uuid.UUID]]:
    """Who leads each door; where nobody does, everyone who leads anything."""
    anyone = [member.id for member in list_members() if "leader" in member.roles]
    return {unit.id: [unit.leader_id] if unit.leader_id else anyone for unit in list_units()}


def _remind_incoming(now: datetime) -> None:
    """Packages from other municipalities, which whoever is on duty at the first door answers."""
    rows = packages.lock_all_waiting(now)
    if not rows:
        return
    first = get_first_id()
    duty, leaders = find_duty(first, now), _leaders()[first]
    helpers = [duty.helper_id] if duty else leaders
    for transfer, municipality in rows:
        told, address = {"municipality": municipality}, {"transfer_id": transfer.id}
        if transfer.told_at is None:
            transfer.told_at = now
            for person in others([*helpers, *leaders], None):
                notify(person, notices.ARRIVED, told, address)
        if is_to_remind(transfer.sent_at, transfer.due_at, transfer.reminded_at, now):
            transfer.reminded_at = now
            for person in others(helpers, None):
                notify(person, notices.ARRIVED_REMINDED, told, address)
        if is_to_escalate(transfer.due_at, transfer.escalated_at, now):
            transfer.escalated_at = now
            for person in others(leaders, None):
                notify(person, notices.ARRIVED_OVERDUE, told, address)


REMIND = Job("handovers.remind", remind, Schedule(every_minutes=5))
