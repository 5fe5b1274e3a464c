"""Counting contacts for the leader: how soon people are met, by which door and in which way they come."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Subquery, and_, func, not_, or_, select

from hjelpa.core.contract import Arrivals, Counts, Period
from hjelpa.core.database import db
from hjelpa.core.schemas import local_moment
from hjelpa.core.types import utcnow
from modules.citizens.models import Course
from modules.citizens.paging import PAGE_SIZE
from modules.citizens.queries import AnyRow, in_circle
from modules.contacts.indicators import first_contacts, had_time, met_within
from modules.contacts.models import Contact

# Within how many days people are met; each is told on the leader's page.
DAYS = (1, 7, 14)

# Which of the people counted a list shows.
PARTS = ("met", "unmet", "recent", "self", "others", "all")


class Measured(NamedTuple):
    """How many wait now; median seconds from contact to first conversation; how many contacts were received; and of
    persons, how many were met within so many days and how many made contact themselves."""

    waiting: int
    median: float | None
    received: int
    met: Mapping[int, Counts]
    own: Counts


def span(period: Period) -> tuple[datetime, datetime]:
    return local_moment(period.start, time()), local_moment(period.end, time())


def measure(period: Period) -> Measured:
    """All of the leader's figures in one statement."""
    begin, end = span(period)
    within = and_(Contact.received_at >= begin, Contact.received_at < end)
    waited = func.extract("epoch", Contact.first_conversation_at - Contact.received_at)
    median = (
        select(func.percentile_cont(0.5).within_group(waited))
        .select_from(Contact)
        .where(within, Contact.first_conversation_at.is_not(None))
    )
    waiting = select(func.count()).select_from(Contact).where(Contact.first_conversation_at.is_(None))
    received = select(func.count()).select_from(Contact).where(within)
    first = first_contacts(period)
    columns: list[ColumnElement[Any]] = [func.count(), func.count().filter(first.c.made_by == "self")]
    for days in DAYS:
        wait = timedelta(days=days)
        columns += [func.count().filter(met_within(first, wait)), func.count().filter(had_time(first, wait))]
    people = select(*columns).select_from(first).subquery()
    found = select(waiting.scalar_subquery(), median.scalar_subquery(), received.scalar_subquery(), *people.c)
    waits, middle, came, everyone, own, *counts = db.session.execute(found).one()
    pairs = zip(counts[::2], counts[1::2], strict=True)
    return Measured(
        waits,
        None if middle is None else float(middle),
        came,
        {days: Counts(met, had, everyone) for days, (met, had) in zip(DAYS, pairs, strict=True)},
        Counts(own, everyone, everyone),
    )


def list_arrivals(period: Period) -> Arrivals:
    """What has become of each person's first contact in a period."""
    first = first_contacts(period, Contact.course_id)
    rows = db.session.execute(select(first.c.course_id, first.c.first_conversation_at.is_not(None))).all()
    courses = [course_id for course_id, _ in rows if course_id is not None]
    advised = sum(1 for course_id, met in rows if course_id is None and met)
    return Arrivals(courses, advised, len(rows) - len(courses) - advised)


def count_by_door(period: Period) -> Mapping[tuple[uuid.UUID, str], int]:
    """Contacts received in a period, by door and way. Every contact has both."""
    begin, end = span(period)
    query = (
        select(Contact.unit_id, Contact.channel, func.count())
        .where(Contact.received_at >= begin, Contact.received_at < end)
        .group_by(Contact.unit_id, Contact.channel)
    )
    return {(unit_id, channel): number for unit_id, channel, number in db.session.execute(query)}


def list_first_contacts(
    period: Period, part: str, wait: timedelta, reader: uuid.UUID, page: int
) -> Sequence[AnyRow]:
    """One page of the people whom a figure counts, the latest arrival on top, with `total` on every row.

    `part` is one of PARTS; `visible` tells whether the reader may see the name.
    """
    first = first_contacts(period, Contact.id, Contact.name, Contact.channel, Contact.course_id)
    visible = or_(first.c.course_id.is_(None), in_circle(Course.citizen_id, reader, utcnow()))
    query = (
        select(
            first.c.id,
            first.c.received_at,
            first.c.first_conversation_at,
            first.c.channel,
            first.c.name,
            visible.label("visible"),
            func.count().over().label("total"),
        )
        .select_from(first)
        .outerjoin(Course, Course.id == first.c.course_id)
        .where(_is_in(first, part, wait))
        .order_by(first.c.received_at.desc(), first.c.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return db.session.execute(query).all()


def _is_in(first: Subquery, part: str, wait: timedelta) -> ColumnElement[bool]:
    met = func.coalesce(met_within(first, wait), False)
    parts: dict[str, ColumnElement[bool]] = {
        "met": met,
        "unmet": and_(had_time(first, wait), not_(met)),
        "recent": not_(had_time(first, wait)),
        "self": first.c.made_by == "self",
        "others": first.c.made_by != "self",
        "all": first.c.received_at.is_not(None),
    }
    return parts[part]
