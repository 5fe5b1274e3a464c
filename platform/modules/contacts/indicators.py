"""What a municipality's contacts say about how near the help is."""

from datetime import time, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, Subquery, and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from hjelpa.core.contract import Counts, Indicator, Period
from hjelpa.core.database import db
from hjelpa.core.schemas import local_moment
from hjelpa.core.types import utcnow
from modules.citizens.models import Course
from modules.contacts.models import Contact

WEEK = timedelta(days=7)


def _first_contacts(period: Period) -> Subquery:
    """Each person's first contact in a period.

    Contacts that led to the same citizen are one person; a contact that led to no course of help is one of its own.
    """
    person = func.coalesce(Course.citizen_id, Contact.id)
    begin, end = local_moment(period.start, time()), local_moment(period.end, time())
    return (
        select(Contact.received_at, Contact.first_conversation_at, Contact.made_by)
        .outerjoin(Course, and_(Course.tenant_id == Contact.tenant_id, Course.id == Contact.course_id))
        .where(Contact.received_at >= begin, Contact.received_at < end)
        .ext(distinct_on(person))
        .order_by(person, Contact.received_at, Contact.id)
        .subquery()
    )


def met_within_a_week(period: Period) -> Select[int, int, int]:
    """The statement that counts persons met within a week, those who have had a week, and all."""
    first = _first_contacts(period)
    old_enough = first.c.received_at <= utcnow() - WEEK
    soon = first.c.first_conversation_at <= first.c.received_at + WEEK
    return select(
        func.count().filter(old_enough, soon), func.count().filter(old_enough), func.count()
    ).select_from(first)


def count_met_within_a_week(period: Period) -> Counts:
    """Persons met within seven days of their first contact, of those who have had seven days to be met."""
    return Counts(*db.session.execute(met_within_a_week(period)).one())


def count_own_contacts(period: Period) -> Counts:
    """Persons whose first contact was made by themselves, of all who made contact or were helped to."""
    first = _first_contacts(period)
    counted = select(func.count().filter(first.c.made_by == "self"), func.count(), func.count())
    return Counts(*db.session.execute(counted.select_from(first)).one())


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
)
