"""Reading contacts. Lists are in order of arrival; names of those who have become courses follow the circle."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, null, or_, select, true

from hjelpa.core.database import db
from modules.citizens.models import Course
from modules.citizens.paging import PAGE_SIZE, counted, one
from modules.citizens.queries import AnyRow, in_circle
from modules.contacts.models import Contact
from tenants.identity.models import Membership

_COURSE = and_(Course.tenant_id == Contact.tenant_id, Course.id == Contact.course_id)
_HOLDER = and_(Membership.tenant_id == Contact.tenant_id, Membership.id == Contact.membership_id)


def _wanted(shown: str) -> ColumnElement[bool]:
    if shown == "waiting":
        return Contact.first_conversation_at.is_(None)
    return Contact.first_conversation_at.is_not(None) if shown == "met" else true()


def list_contacts(shown: str, words: str, reader: uuid.UUID, page: int) -> Sequence[AnyRow]:
    """One page of contacts in order of arrival; `total` stands on every row.

    Those who wait stand with the longest wait on top, other lists with the latest arrival. `visible` tells whether
    the reader may see the name; words are looked for in visible names only, so that a search tells nothing more.
    """
    visible = or_(Contact.course_id.is_(None), in_circle(Course.citizen_id, reader))
    wanted = _wanted(shown)
    if words:
        wanted = and_(wanted, Contact.name.icontains(words, autoescape=True), visible)
    matching = one().select_from(Contact)
    matching = matching.outerjoin(Course, _COURSE) if words else matching
    query = (
        select(
            Contact.id,
            Contact.received_at,
            Contact.channel,
            Contact.next_step_at,
            Contact.first_conversation_at,
            Membership.name.label("holder"),
            visible.label("visible"),
            case((visible, Contact.name), else_=null()).label("name"),
            counted(matching.where(wanted)).label("total"),
        )
        .join(Membership, _HOLDER)
        .outerjoin(Course, _COURSE)
        .where(wanted)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    if shown == "waiting":
        query = query.order_by(Contact.received_at, Contact.id)
    else:
        query = query.order_by(Contact.received_at.desc(), Contact.id.desc())
    return db.session.execute(query).all()


def find_course_of(contact_id: uuid.UUID) -> tuple[uuid.UUID | None] | None:
    """The course that a contact has become, in a tuple; None when there is no such contact."""
    row = db.session.execute(select(Contact.course_id).where(Contact.id == contact_id)).one_or_none()
    return None if row is None else (row.course_id,)


def get_contact(contact_id: uuid.UUID) -> AnyRow:
    """Everything about a contact, with the name of whoever holds it. Ask `find_course_of` and the gate first."""
    query = (
        select(
            Contact.id,
            Contact.received_at,
            Contact.channel,
            Contact.made_by,
            Contact.consent,
            Contact.name,
            Contact.phone,
            Contact.words,
            Contact.next_step,
            Contact.next_step_at,
            Contact.membership_id,
            Contact.course_id,
            Contact.first_conversation_at,
            Membership.name.label("holder"),
        )
        .join(Membership, _HOLDER)
        .where(Contact.id == contact_id)
    )
    return db.session.execute(query).one()


def list_of_course(course_id: uuid.UUID) -> Sequence[AnyRow]:
    query = select(Contact.id, Contact.received_at, Contact.channel, Contact.words, Contact.next_step).where(
        Contact.course_id == course_id
    )
    return db.session.execute(query.order_by(Contact.received_at)).all()


def list_held_by(reader: uuid.UUID, *, limit: int) -> Sequence[AnyRow]:
    """Contacts that wait for the reader's own next step, by its agreed time."""
    query = (
        select(Contact.id, Contact.name, Contact.next_step, Contact.next_step_at)
        .where(Contact.first_conversation_at.is_(None), Contact.membership_id == reader)
        .order_by(Contact.next_step_at, Contact.id)
        .limit(limit)
    )
    return db.session.execute(query).all()


def search_waiting(words: str, *, limit: int) -> Sequence[AnyRow]:
    query = (
        select(Contact.id, Contact.name, Contact.received_at)
        .where(
            Contact.first_conversation_at.is_(None),
            Contact.course_id.is_(None),
            Contact.name.icontains(words, autoescape=True),
        )
        .order_by(Contact.received_at, Contact.id)
        .limit(limit)
    )
    return db.session.execute(query).all()


def measure_waiting(since: datetime) -> tuple[int, float | None]:
    """How many wait now, and the median seconds to the first conversation of contacts received since a moment."""
    waited = func.extract("epoch", Contact.first_conversation_at - Contact.received_at)
    waiting = select(func.count()).where(Contact.first_conversation_at.is_(None)).correlate(None).scalar_subquery()
    median = func.percentile_cont(0.5).within_group(waited)
    row = db.session.execute(
        select(waiting, median).where(Contact.received_at >= since, Contact.first_conversation_at.is_not(None))
    ).one()
    return row[0], None if row[1] is None else float(row[1])
