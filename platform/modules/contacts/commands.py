"""What changes contacts. Nothing here commits: that is the request's own act."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from hjelpa.core.contract import NoticeKind
from hjelpa.core.database import db
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.visitor import Seat
from modules.citizens.commands import add_conversation, begin_course
from modules.contacts.models import Contact
from tenants.notices.queries import notify

TAKEN_OVER = NoticeKind(
    "contacts.taken_over",
    _l("A colleague took over a contact"),
    _l("%(name)s has taken over a contact that was yours"),
    "contacts.show",
)


def register(values: Mapping[str, Any], *, holder: uuid.UUID, at: datetime, next_step_at: datetime) -> uuid.UUID:
    """A contact received now, held by whoever registered it; the same form sent twice is one contact."""
    names = ("made_by", "consent", "channel", "name", "phone", "words", "next_step")
    row = {
        **{name: values[name] for name in names},
        "tenant_id": get_tenant_id(),
        "id": values["key"],
        "received_at": at,
        "next_step_at": next_step_at,
        "membership_id": holder,
    }
    db.session.execute(insert(Contact).values(row).on_conflict_do_nothing())
    return uuid.UUID(str(values["key"]))


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
    contact: Contact, seat: Seat, values: Mapping[str, Any], *, at: datetime, next_step_at: datetime
) -> uuid.UUID:
    """Turns a locked contact into a course of help with its first conversation; returns the course's id."""
    take_over(contact, seat)
    course_id = begin_course(
        name=values["name"], phone=values["phone"], age_band=values["age_band"], helper_id=seat.id, at=at
    )
    said = {name: values[name] for name in ("key", "matters", "happened", "next_step")}
    add_conversation(course_id, helper_id=seat.id, at=at, next_step_at=next_step_at, **said)
    contact.course_id, contact.first_conversation_at = course_id, at
    return course_id
