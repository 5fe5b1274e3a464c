"""How many people a municipality has helped."""

from datetime import time

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, func, select

from hjelpa.core.contract import Counts, Indicator, Period
from hjelpa.core.database import db
from hjelpa.core.schemas import local_moment
from modules.citizens.models import Conversation, Course


def people_helped(period: Period) -> Select[int]:
    """The statement that counts citizens with at least one conversation in a period."""
    begin, end = local_moment(period.start, time()), local_moment(period.end, time())
    return (
        select(func.count(Course.citizen_id.distinct()))
        .select_from(Conversation)
        .join(Course, and_(Course.tenant_id == Conversation.tenant_id, Course.id == Conversation.course_id))
        .where(Conversation.held_at >= begin, Conversation.held_at < end)
    )


def count_people_helped(period: Period) -> Counts:
    """Citizens with at least one conversation in the period, however many courses or conversations they had."""
    found = db.session.scalar(people_helped(period)) or 0
    return Counts(numerator=found, denominator=0, eligible=found)


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="people_helped",
        version=1,
        title=_l("People helped"),
        definition=_l(
            "How many people had at least one conversation in the period. A person counts once, however many "
            "conversations there were."
        ),
        caution=_l(
            "The number follows the size of the municipality and of the service. It says nothing about how much "
            "help each person got, or whether it helped. Somebody who returns to a helper who does not know them "
            "may count twice."
        ),
        count=count_people_helped,
        kind="count",
    ),
)
