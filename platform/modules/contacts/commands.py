"""What changes contacts. Nothing here commits: that is the request's own act."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from hjelpa.core.contract import NoticeKind
from hjelpa.core.database import db
from hjelpa.core.visitor import Seat
from modules.citizens.commands import add_conversation, begin_course, insert_once, is_received
from modules.citizens.models import Conversation
from modules.contacts.models import Contact
from tenants.notices.queries import notify

TAKEN_OVER = NoticeKind(
    "contacts.taken_over",
    _l("A colleague took over a contact"),
    _l("%(name)s has taken over a contact that was yours"),
    "contacts.show",
)


def register(
    values: Mapping[str, Any],
    *,
    holder: uuid.UUID,
    now: datetime,
    received_at: datetime | None,
    next_step_at: datetime,
) -> uuid.UUID:
    """A contact held by whoever registered it, received now unless a time is given; returns its id.

    The same form sent twice is one contact. Sent again with other words it is another: nothing written is dropped.
    """
    names = ("made_by", "consent", "channel", "name", "phone", "words", "next_step")
    said = {name: values[name] for name in names} | {"next_step_at": next_step_at}
    noted: dict[str, Any] = {"membership_id": holder}
    (noted if received_at is None else said)["received_at"] = received_at or now
    return insert_once(Contact, values["key"], said, noted) or values["key"]


def lock(contact_id: uuid.UUID) -> Contact | None:
    """The contact, held until the request ends, so that two people cannot act on it at once."""
    return db.session.scalars(select(Contact).where(Contact.id == contact_id).with_for_update()).one_or_none()


def take_over(contact: Contact, seat: Seat) -> None:
    """Makes the person at hand responsible for a contact, and tells whoever was."""
    if contact.membership_id == seat.id:
        return
    notify(contact.membership_id, TAKEN_OVER, {"name": seat.name}, {"contact_id": contact.id})
    contact.membership_id = seat.id


def hold_first_conversation(
    contact: Contact,
    seat: Seat,
    values: Mapping[str, Any],
    *,
    citizen_id: uuid.UUID | None,
    at: datetime,
    next_step_at: datetime,
) -> uuid.UUID:
    """Turns a locked contact into a course of help with its first conversation; returns the course's id.

    The course is a new citizen's, or that of somebody who comes back (`citizen_id`).
    """
    take_over(contact, seat)
    who = {name: values[name] for name in ("name", "phone", "age_band")}
    course_id = begin_course(**who, helper_id=seat.id, at=at, citizen_id=citizen_id)
    said = {name: values[name] for name in ("key", "matters", "happened", "next_step")}
    add_conversation(course_id, helper_id=seat.id, at=at, next_step_at=next_step_at, **said)
    contact.course_id, contact.first_conversation_at = course_id, at
    return course_id


def has_first_conversation(contact: Contact, values: Mapping[str, Any]) -> bool:
    """Whether these very words are the conversation that the contact's course holds under this form's key."""
    said = {name: values[name] for name in ("matters", "happened", "next_step")}
    return is_received(Conversation, values["key"], {"course_id": contact.course_id, **said})
