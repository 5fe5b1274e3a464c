"""What changes contacts. Nothing here commits: that is the request's own act."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from hjelpa.core.contract import NoticeKind
from hjelpa.core.database import db
from hjelpa.core.events import UnmetNeed, publish
from hjelpa.core.visitor import Seat
from modules.citizens.begun import begin_conversation
from modules.citizens.commands import (
    begin_course,
    insert_once,
    is_received,
    join_open_course,
    tell_responsible,
)
from modules.citizens.models import Conversation
from modules.contacts.models import Contact
from modules.contacts.reach import Reach
from tenants.identity.members import keep_seated
from tenants.notices.queries import notify
from tenants.units.models import Unit
from tenants.units.queries import find_duty

TAKEN_OVER = NoticeKind(
    "contacts.taken_over",
    _l("A colleague took over a contact"),
    _l("%(name)s has taken over a contact that was yours"),
    "contacts.show",
)


ARRIVED = NoticeKind(
    "contacts.arrived",
    _l("Somebody has asked for help at your door"),
    _l("Somebody has asked for help, and you are on duty. Answer by %(when)s"),
    "contacts.show",
)


def register(
    values: Mapping[str, Any],
    *,
    unit_id: uuid.UUID,
    holder: uuid.UUID,
    now: datetime,
    received_at: datetime | None,
    next_step_at: datetime,
) -> uuid.UUID:
    """A contact held and answered by whoever registered it, received now unless a time is given; returns its id.

    The same form sent twice is one contact. Sent again with other words it is another: nothing written is dropped.
    """
    names = ("made_by", "consent", "channel", "name", "phone", "words", "next_step")
    said = {name: values[name] for name in names} | {"next_step_at": next_step_at, "unit_id": unit_id}
    noted: dict[str, Any] = {"membership_id": holder, "answered_at": now}
    (noted if received_at is None else said)["received_at"] = received_at or now
    return insert_once(Contact, values["key"], said, noted) or values["key"]


def answer_by(unit: Unit, now: datetime) -> datetime:
    """The moment by which a door promises an answer to whoever makes contact now."""
    return now + timedelta(hours=unit.answer_hours)


def receive(
    values: Mapping[str, Any], reach: Reach, *, key: uuid.UUID, unit: Unit, channel: str, now: datetime, told: str
) -> bool:
    """A contact through the public door: whoever is on duty there at this moment is responsible, and is told.

    False when nobody holds the door, so that nothing can be received. The same form sent twice is one contact.
    `told` is the promised moment in words.
    """
    duty = find_duty(unit.id, now)
    people = (duty.helper_id, duty.deputy_id, duty.leader_id) if duty else ()
    # Held in their seat until this is written: nothing may become that of somebody who leaves in the same moment.
    holder = next((person for person in people if keep_seated(person)), None)
    if holder is None:
        return False
    said = {name: values[name] for name in ("made_by", "name", "words")} | reach._asdict() | {"channel": channel}
    noted = {
        "unit_id": unit.id,
        "consent": values["made_by"] != "self",
        "received_at": now,
        "next_step": "",
        "next_step_at": answer_by(unit, now),
        "membership_id": holder,
    }
    contact_id = insert_once(Contact, key, said, noted)
    if contact_id is not None:
        notify(holder, ARRIVED, {"when": told}, {"contact_id": contact_id})
    return True


def lock(contact_id: uuid.UUID) -> Contact | None:
    """The contact, held until the request ends, so that two people cannot act on it at once."""
    return db.session.scalars(select(Contact).where(Contact.id == contact_id).with_for_update()).one_or_none()


def agree(contact: Contact, seat: Seat, *, next_step: str, next_step_at: datetime, now: datetime) -> None:
    """An agreement with whoever waits: the person at hand takes the next step at a time, whoever was to before."""
    take_over(contact, seat, now)
    contact.next_step, contact.next_step_at = next_step, next_step_at


def is_agreed(contact: Contact, seat: Seat, next_step: str, next_step_at: datetime) -> bool:
    """Whether this very agreement holds already: the same form was sent twice."""
    held = (contact.membership_id, contact.next_step, contact.next_step_at)
    return contact.answered_at is not None and held == (seat.id, next_step, next_step_at)


def state_of(contact: Any) -> str:
    """Who takes the next step and when, as one word: it differs when somebody has agreed on something else."""
    return f"{contact.membership_id}@{contact.next_step_at.astimezone(UTC).isoformat()}"


def take_over(contact: Contact, seat: Seat, now: datetime) -> None:
    """Makes the person at hand responsible for a contact, which is thereby answered, and tells whoever was."""
    if contact.answered_at is None:
        contact.answered_at = max(now, contact.received_at)
    if contact.membership_id == seat.id:
        return
    notify(contact.membership_id, TAKEN_OVER, {"name": seat.name}, {"contact_id": contact.id})
    contact.membership_id = seat.id


class Held(NamedTuple):
    """A first conversation, its course, and who answers for that (names)."""

    course_id: uuid.UUID
    conversation_id: uuid.UUID
    responsible: tuple[str, ...]


def hold_first_conversation(
    contact: Contact,
    seat: Seat,
    values: Mapping[str, Any],
    *,
    citizen_id: uuid.UUID | None,
    at: datetime,
    next_step_at: datetime,
) -> Held:
    """Turns a locked contact into a course of help with its first conversation.

    The course is a new citizen's, or that of somebody who comes back (`citizen_id`): the one that is still open, else
    a new one. What would have helped and does not exist goes on without saying who missed it.
    """
    course_id, names = _find_place(contact, seat, values, citizen_id, at)
    said = {name: values[name] for name in ("matters", "happened", "next_step")}
    said |= {"course_id": course_id, "membership_id": seat.id, "next_step_at": next_step_at}
    conversation_id = insert_once(Conversation, values["key"], said, {"held_at": at}) or values["key"]
    contact.course_id, contact.first_conversation_at = course_id, at
    if values["missing"]:
        publish(UnmetNeed(values["missing"], "conversation"))
    return Held(course_id, conversation_id, names)


def begin_first_conversation(
    contact: Contact, seat: Seat, values: Mapping[str, Any], *, citizen_id: uuid.UUID | None, at: datetime
) -> Held:
    """The same, while the conversation has only begun: it is written up afterwards, as any that has begun."""
    course_id, names = _find_place(contact, seat, values, citizen_id, at)
    begun = begin_conversation(course_id, key=values["key"], helper_id=seat.id, at=at)
    contact.course_id, contact.first_conversation_at = course_id, at
    return Held(course_id, begun.id, names)


def _find_place(
    contact: Contact, seat: Seat, values: Mapping[str, Any], citizen_id: uuid.UUID | None, at: datetime
) -> tuple[uuid.UUID, tuple[str, ...]]:
    """The course that a locked contact becomes or joins, and who answers for it (names)."""
    take_over(contact, seat, at)
    who = {name: values[name] for name in ("name", "phone", "age_band")}
    joined = join_open_course(citizen_id, seat.id, **who) if citizen_id else None
    names: tuple[str, ...] = (seat.name,)
    if joined is None:
        place: dict[str, Any] = {"helper_id": seat.id, "unit_id": contact.unit_id, "citizen_id": citizen_id}
        course_id = begin_course(**who, **place, at=at)
    else:
        course_id, names = joined.id, tuple(joined.names)
        tell_responsible(joined, seat)
    return course_id, names


def has_first_conversation(contact: Contact, values: Mapping[str, Any]) -> bool:
    """Whether these very words are the conversation that the contact's course holds under this form's key."""
    said = {name: values[name] for name in ("matters", "happened", "next_step")}
    return is_received(Conversation, values["key"], {"course_id": contact.course_id, **said})
