"""An unanswered contact climbs: from whoever is on duty to the deputy, and then to the leader."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import Job, NoticeKind, Schedule
from hjelpa.core.types import utcnow
from modules.contacts.models import Contact
from modules.contacts.queries import lock_unanswered
from modules.contacts.rules import Climb, climbs_due
from tenants.identity.members import keep_seated
from tenants.notices.queries import notify
from tenants.units.queries import Duty, find_duty

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
    duty_at = cache(lambda unit_id: find_duty(unit_id, now))
    for contact in lock_unanswered():
        duty = duty_at(contact.unit_id)
        if duty is not None:
            for step in _due(contact, now):
                _take(step, contact, duty)


def _due(contact: Contact, now: datetime) -> tuple[Climb, ...]:
    deputy_told, leader_told = contact.deputy_told_at is not None, contact.leader_told_at is not None
    return climbs_due(
        contact.received_at, contact.next_step_at, now, deputy_told=deputy_told, leader_told=leader_told
    )


def _take(step: Climb, contact: Contact, duty: Duty) -> None:
    address = {"contact_id": contact.id}
    if step == "deputy":
        contact.deputy_told_at = utcnow()
        notify(duty.deputy_id, UNANSWERED, {}, address)
    elif keep_seated(duty.leader_id):
        contact.leader_told_at, contact.membership_id = utcnow(), duty.leader_id
        notify(duty.leader_id, CLIMBED, {}, address)


CLIMB = Job("contacts.climb", climb, Schedule(every_minutes=10))
