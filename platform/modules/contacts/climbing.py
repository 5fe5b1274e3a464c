"""An unanswered contact climbs: from whoever is on duty to the deputy, and then to the leader."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import Job, NoticeKind, Schedule
from hjelpa.core.types import utcnow
from modules.contacts.models import Contact
from modules.contacts.queries import lock_unanswered
from modules.contacts.rules import Climb, climbs_due
from tenants.identity.members import keep_seated, list_members
from tenants.notices.queries import notify
from tenants.units.queries import Behind, find_behind

UNANSWERED = NoticeKind(
    "contacts.unanswered",
    _l("A contact has not been answered, and you are the deputy"),
    _l("Somebody waits for an answer. Half of the time we promised has passed, and you are the deputy"),
    "contacts.show",
)
CLIMBED = NoticeKind(
    "contacts.climbed",
    _l("A contact that was not answered in time is yours"),
    _l("Somebody has not been answered in time. As the leader you are responsible now"),
    "contacts.show",
)


def climb(payload: Mapping[str, Any]) -> None:
    """Does what is due about every contact that nobody has answered. Repeatable: what was done is noted beside it."""
    now = utcnow()
    behind, leaders = cache(lambda unit_id: find_behind(unit_id, now)), cache(_list_leaders)
    for contact in lock_unanswered():
        for step in _due(contact, now):
            _take(step, contact, behind(contact.unit_id), leaders)


def _due(contact: Contact, now: datetime) -> tuple[Climb, ...]:
    deputy_told, leader_told = contact.deputy_told_at is not None, contact.leader_told_at is not None
    return climbs_due(
        contact.received_at, contact.next_step_at, now, deputy_told=deputy_told, leader_told=leader_told
    )


def _list_leaders() -> Sequence[uuid.UUID]:
    return [member.id for member in list_members() if "leader" in member.roles]


def _take(step: Climb, contact: Contact, behind: Behind, leaders: Callable[[], Sequence[uuid.UUID]]) -> None:
    """The door may have been closed and its people taken away since: each step needs only the one it tells."""
    address = {"contact_id": contact.id}
    if step == "leader":
        leader_id = _seat_leader(behind, leaders)
        if leader_id is not None:
            contact.leader_told_at, contact.membership_id = utcnow(), leader_id
            notify(leader_id, CLIMBED, {}, address)
    elif behind.deputy_id is not None:
        contact.deputy_told_at = utcnow()
        notify(behind.deputy_id, UNANSWERED, {}, address)


def _seat_leader(behind: Behind, leaders: Callable[[], Sequence[uuid.UUID]]) -> uuid.UUID | None:
    """The leader behind the door, else anyone who leads in the municipality; held in their seat until the job ends."""
    if behind.leader_id is not None and keep_seated(behind.leader_id):
        return behind.leader_id
    return next((leader_id for leader_id in leaders() if keep_seated(leader_id)), None)


CLIMB = Job("contacts.climb", climb, Schedule(every_minutes=10))
