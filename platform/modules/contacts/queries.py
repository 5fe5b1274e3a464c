"""Reading contacts. Lists are in order of arrival; names of those who have become courses follow the circle."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    Uuid,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from hjelpa.core.database import db
from hjelpa.core.prepared import PreparedInTenant
from hjelpa.core.types import Moment, utcnow
from modules.citizens.models import Course
from modules.citizens.paging import PAGE_SIZE, counted, one
from modules.citizens.queries import AnyRow, in_circle
from modules.citizens.rules import end_of_day
from modules.contacts.models import Contact
from tenants.identity.models import Membership
from tenants.units.models import Unit

_COURSE = and_(Course.tenant_id == Contact.tenant_id, Course.id == Contact.course_id)
_SEVERAL = (select(func.count() > 1).select_from(Unit).scalar_subquery()).label("several")
_HOLDER = and_(Membership.tenant_id == Contact.tenant_id, Membership.id == Contact.membership_id)


# What a list may be narrowed to, beside the words in a name; each by the name of its value.
_NARROWED: dict[str, ColumnElement[bool]] = {
    "unit_id": Contact.unit_id == bindparam("unit_id", type_=Uuid()),
    "channel": Contact.channel == bindparam("channel", type_=String()),
    "begin": Contact.received_at >= bindparam("begin", type_=Moment),
    "end": Contact.received_at < bindparam("end", type_=Moment),
}


def _wanted(shown: str) -> ColumnElement[bool]:
    if shown == "waiting":
        return Contact.first_conversation_at.is_(None)
    return Contact.first_conversation_at.is_not(None) if shown == "met" else true()


def list_contacts(
    shown: str,
    words: str,
    reader: uuid.UUID,
    page: int,
    *,
    order: str = "arrival",
    narrowed: Mapping[str, Any] | None = None,
) -> Sequence[AnyRow]:
    """One page of contacts; `total` stands on every row, and `several` whether the municipality has several doors.

    Those who wait stand in the order of arrival, the longest wait on top, or in that of the agreed times
    (`order` "agreed"); other lists with the latest arrival on top. `visible` tells whether the reader may see the
    name; words are looked for in visible names only, so that a search tells nothing more. `narrowed` has values for
    some of unit_id, channel, begin and end (half-open, of the arrival).
    """
    given: dict[str, Any] = {"reader": reader, "now": utcnow(), **(narrowed or {})}
    if words:
        given["words"] = f"%{escape(words)}%"
    if page > 1:
        given["skipped"] = (page - 1) * PAGE_SIZE
    by_time = order == "agreed" and shown == "waiting"
    shape = frozenset(narrowed or ())
    return _contacts(shown, shape, by_time=by_time, searching=bool(words), further=page > 1).run(**given)


def escape(words: str) -> str:
    """Words for LIKE, in which nothing stands for anything else."""
    return words.replace("/", "//").replace("%", "/%").replace("_", "/_")


@cache
def _contacts(
    shown: str, narrowed: frozenset[str], *, by_time: bool, searching: bool, further: bool
) -> PreparedInTenant:
    """The statement of `list_contacts`, built once: building it costs as much as running it.

    Limits are written into it and the first page skips nothing, so that PostgreSQL knows how little is asked for and
    keeps its plan: planning under seven policies takes three times as long as running.
    """
    circle = in_circle(Course.citizen_id, bindparam("reader", type_=Uuid()), bindparam("now", type_=Moment))
    visible = or_(Contact.course_id.is_(None), circle)
    wanted = and_(_wanted(shown), *(_NARROWED[name] for name in sorted(narrowed)))
    matching = one().select_from(Contact)
    if searching:
        wanted = and_(wanted, Contact.name.ilike(bindparam("words", type_=String()), escape="/"), visible)
        matching = matching.outerjoin(Course, _COURSE)
    arrival = (Contact.next_step_at if by_time else Contact.received_at, Contact.id)
    listed = (
        select(
            Contact.id,
            Contact.received_at,
            Contact.channel,
            Contact.next_step_at,
            Contact.first_conversation_at,
            Contact.answered_at,
            Contact.name,
            Membership.name.label("holder"),
            visible.label("visible"),
            _SEVERAL,
            counted(matching.where(wanted)).label("total"),
        )
        .join(Membership, _HOLDER)
        .outerjoin(Course, _COURSE)
        .where(wanted)
        .order_by(*(arrival if shown == "waiting" else [column.desc() for column in arrival]))
        .limit(literal_column(str(PAGE_SIZE), Integer))
    )
    return PreparedInTenant(listed.offset(bindparam("skipped", type_=Integer())) if further else listed)


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
            Contact.email,
            Contact.words,
            Contact.next_step,
            Contact.next_step_at,
            Contact.membership_id,
            Contact.answered_at,
            Contact.course_id,
            Contact.first_conversation_at,
            Membership.name.label("holder"),
            Unit.name.label("door"),
            _SEVERAL,
        )
        .join(Membership, _HOLDER)
        .join(Unit, and_(Unit.tenant_id == Contact.tenant_id, Unit.id == Contact.unit_id))
        .where(Contact.id == contact_id)
    )
    return db.session.execute(query).one()


MOST_CLIMBING = 500


def lock_unanswered() -> Sequence[Contact]:
    """Contacts that nobody has answered and no leader has, the oldest first, held until the job ends.

    What a helper is just taking is left out: it is answered then, or comes up again the next time.
    """
    can_climb = and_(Contact.answered_at.is_(None), Contact.leader_told_at.is_(None))
    query = select(Contact).where(can_climb).order_by(Contact.received_at)
    return db.session.scalars(query.limit(MOST_CLIMBING).with_for_update(skip_locked=True)).all()


def list_of_course(course_id: uuid.UUID) -> Sequence[AnyRow]:
    query = select(Contact.id, Contact.received_at, Contact.channel, Contact.words, Contact.next_step).where(
        Contact.course_id == course_id
    )
    return db.session.execute(query.order_by(Contact.received_at)).all()


def list_behind(course_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """Ids of all contacts that led to any course of the course's citizen."""
    this = aliased(Course)
    same = and_(this.tenant_id == Course.tenant_id, this.citizen_id == Course.citizen_id)
    query = select(Contact.id).join(Course, _COURSE).join(this, same).where(this.id == course_id)
    return db.session.scalars(query).all()


def list_today(reader: uuid.UUID, now: datetime, *, limit: int) -> Sequence[AnyRow]:
    """Waiting contacts that stand on the reader's *I dag* (`rules.stands_today`), by the agreed time."""
    query = (
        select(Contact.id, Contact.name, Contact.next_step, Contact.next_step_at)
        .where(
            Contact.first_conversation_at.is_(None),
            Contact.membership_id == reader,
            or_(Contact.next_step_at < end_of_day(now), Contact.answered_at.is_(None)),
        )
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
