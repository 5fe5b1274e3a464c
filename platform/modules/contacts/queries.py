"""Reading contacts. Lists are in order of arrival; names of those who have become courses follow the circle."""

import uuid
from collections.abc import Sequence
from datetime import datetime, time
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

from hjelpa.core.contract import Counts, Period
from hjelpa.core.database import db
from hjelpa.core.prepared import PreparedInTenant
from hjelpa.core.schemas import local_moment
from hjelpa.core.types import Moment, utcnow
from modules.citizens.models import Course
from modules.citizens.paging import PAGE_SIZE, counted, one
from modules.citizens.queries import AnyRow, in_circle
from modules.citizens.rules import end_of_day
from modules.contacts.indicators import met_within_a_week
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
    given: dict[str, Any] = {"reader": reader, "now": utcnow()}
    if words:
        given["words"] = f"%{escape(words)}%"
    if page > 1:
        given["skipped"] = (page - 1) * PAGE_SIZE
    return _contacts(shown, searching=bool(words), further=page > 1).run(**given)


def escape(words: str) -> str:
    """Words for LIKE, in which nothing stands for anything else."""
    return words.replace("/", "//").replace("%", "/%").replace("_", "/_")


@cache
def _contacts(shown: str, *, searching: bool, further: bool) -> PreparedInTenant:
    """The statement of `list_contacts`, built once: building it costs as much as running it.

    Limits are written into it and the first page skips nothing, so that PostgreSQL knows how little is asked for and
    keeps its plan: planning under seven policies takes three times as long as running.
    """
    circle = in_circle(Course.citizen_id, bindparam("reader", type_=Uuid()), bindparam("now", type_=Moment))
    visible = or_(Contact.course_id.is_(None), circle)
    wanted, matching = _wanted(shown), one().select_from(Contact)
    if searching:
        wanted = and_(wanted, Contact.name.ilike(bindparam("words", type_=String()), escape="/"), visible)
        matching = matching.outerjoin(Course, _COURSE)
    arrival = (Contact.received_at, Contact.id)
    listed = (
        select(
            Contact.id,
            Contact.received_at,
            Contact.channel,
            Contact.next_step_at,
            Contact.first_conversation_at,
            Contact.name,
            Membership.name.label("holder"),
            visible.label("visible"),
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


def list_behind(course_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """Ids of all contacts that led to any course of the course's citizen."""
    this = aliased(Course)
    same = and_(this.tenant_id == Course.tenant_id, this.citizen_id == Course.citizen_id)
    query = select(Contact.id).join(Course, _COURSE).join(this, same).where(this.id == course_id)
    return db.session.scalars(query).all()


def list_today(reader: uuid.UUID, now: datetime, *, limit: int) -> Sequence[AnyRow]:
    """Waiting contacts that stand on the reader's *I dag* (`rules.stands_today`), by the agreed time.

    `deserted` tells that whoever was responsible has left.
    """
    deserted = Membership.ended_at.is_not(None)
    mine_and_due = and_(Contact.membership_id == reader, Contact.next_step_at < end_of_day(now))
    query = (
        select(Contact.id, Contact.name, Contact.next_step, Contact.next_step_at, deserted.label("deserted"))
        .join(Membership, _HOLDER)
        .where(Contact.first_conversation_at.is_(None), or_(mine_and_due, deserted))
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


def measure(period: Period) -> tuple[int, float | None, Counts]:
    """How many wait now; the median seconds to the first conversation of contacts received in a period; and how
    many were met within a week."""
    begin, end = local_moment(period.start, time()), local_moment(period.end, time())
    waited = func.extract("epoch", Contact.first_conversation_at - Contact.received_at)
    median = (
        select(func.percentile_cont(0.5).within_group(waited))
        .select_from(Contact)
        .where(Contact.received_at >= begin, Contact.received_at < end, Contact.first_conversation_at.is_not(None))
    )
    waiting = select(func.count()).select_from(Contact).where(Contact.first_conversation_at.is_(None))
    met = met_within_a_week(period).subquery()
    row = db.session.execute(select(waiting.scalar_subquery(), median.scalar_subquery(), *met.c)).one()
    return row[0], None if row[1] is None else float(row[1]), Counts(*row[2:])
