"""What a municipality's contacts say about how near the help is."""

from datetime import time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, Subquery, and_, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import InstrumentedAttribute

from hjelpa.core.contract import Counts, Indicator, Period
from hjelpa.core.database import db
from hjelpa.core.schemas import local_moment
from hjelpa.core.types import utcnow
from modules.citizens.models import Course
from modules.contacts.models import Contact

WEEK = timedelta(days=7)


def first_contacts(period: Period, *more: InstrumentedAttribute[Any]) -> Subquery:
    """Each person's first contact in a period.

    Contacts that led to the same citizen are one person; a contact that led to no course of help is one of its own.
    `more` are further columns of the contact.
    """
    person = func.coalesce(Course.citizen_id, Contact.id)
    begin, end = local_moment(period.start, time()), local_moment(period.end, time())
    return (
        select(Contact.received_at, Contact.first_conversation_at, Contact.made_by, *more)
        .outerjoin(Course, and_(Course.tenant_id == Contact.tenant_id, Course.id == Contact.course_id))
        .where(Contact.received_at >= begin, Contact.received_at < end)
        .ext(distinct_on(person))
        .order_by(person, Contact.received_at, Contact.id)
        .subquery()
    )


def had_time(first: Subquery, wait: timedelta) -> ColumnElement[bool]:
    """Of persons' first contacts: so long ago that a conversation within the time can be told from none."""
    return first.c.received_at <= utcnow() - wait


def met_within(first: Subquery, wait: timedelta) -> ColumnElement[bool]:
    return and_(had_time(first, wait), first.c.first_conversation_at <= first.c.received_at + wait)


def met_within_a_week(period: Period) -> Select[int, int, int]:
    """The statement that counts persons met within a week, those who have had a week, and all."""
    first = first_contacts(period)
    columns = (func.count().filter(met_within(first, WEEK)), func.count().filter(had_time(first, WEEK)))
    return select(*columns, func.count()).select_from(first)


def count_met_within_a_week(period: Period) -> Counts:
    """Persons met within seven days of their first contact, of those who have had seven days to be met."""
    return Counts(*db.session.execute(met_within_a_week(period)).one())


def count_own_contacts(period: Period) -> Counts:
    """Persons whose first contact was made by themselves, of all who made contact or were helped to."""
    first = first_contacts(period)
    counted = select(func.count().filter(first.c.made_by == "self"), func.count(), func.count())
    return Counts(*db.session.execute(counted.select_from(first)).one())


def count_waiting_at_the_end(period: Period) -> Counts:
    """Persons who had made contact and not yet had a first conversation when the period ended, or now if it has not."""
    end = min(local_moment(period.end, time()), utcnow())
    still = or_(Contact.first_conversation_at.is_(None), Contact.first_conversation_at >= end)
    person = func.coalesce(Course.citizen_id, Contact.id)
    found = db.session.scalar(
        select(func.count(person.distinct()))
        .select_from(Contact)
        .outerjoin(Course, and_(Course.tenant_id == Contact.tenant_id, Course.id == Contact.course_id))
        .where(Contact.received_at < end, still)
    )
    return Counts(numerator=found or 0, denominator=0, eligible=found or 0)


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="first_conversation_within_7_days",
        version=1,
        title=_l("First conversation within 7 days"),
        definition=_l(
            "Of the people who made contact in the period: how many had their first conversation no later than "
            "7 days after the first contact. A person who made contact several times counts once, and people who "
            "never got a conversation count as not met."
        ),
        caution=_l(
            "It shows how soon people were met, not whether the help was good. Someone may have wished to wait. "
            "Somebody who returns to a helper who does not know them may count twice."
        ),
        count=count_met_within_a_week,
    ),
    Indicator(
        id="own_contact",
        version=1,
        title=_l("Made contact themselves"),
        definition=_l(
            "Of the people who made contact in the period: how many did it themselves, and not through someone else "
            "or together with another service. A person who made contact several times counts once, with the first."
        ),
        caution=_l(
            "A low share is not a fault: many are helped to make contact. It shows whether people know the door. "
            "Somebody who returns to a helper who does not know them may count twice."
        ),
        count=count_own_contacts,
    ),
    Indicator(
        id="waiting_at_end",
        version=1,
        title=_l("People waiting at the end of the period"),
        definition=_l(
            "How many people had made contact and not yet had a first conversation when the period ended. A person "
            "who made contact several times counts once."
        ),
        caution=_l(
            "The number follows the size of the municipality. Somebody may have agreed on a later time because they "
            "wished it. It is one day's picture: the day before may have looked different."
        ),
        count=count_waiting_at_the_end,
        kind="count",
    ),
)
