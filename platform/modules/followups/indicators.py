"""Whether follow-ups end with an agreement."""

from datetime import time, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from hjelpa.core.contract import Counts, Indicator, Period
from hjelpa.core.database import db
from hjelpa.core.schemas import local_moment
from hjelpa.core.types import utcnow
from modules.citizens.models import Course
from modules.followups.models import FollowUp

WEEK = timedelta(days=7)


def ended_within_a_week(period: Period) -> Select[int, int, int]:
    """The statement that counts persons by their first follow-up begun in a period.

    Those whose follow-up ended with an agreement within a week, those who have had a week, and all.
    """
    begin, end = local_moment(period.start, time()), local_moment(period.end, time())
    first = (
        select(FollowUp.opened_at, FollowUp.closed_at)
        .join(Course, and_(Course.tenant_id == FollowUp.tenant_id, Course.id == FollowUp.course_id))
        .where(FollowUp.opened_at >= begin, FollowUp.opened_at < end)
        .ext(distinct_on(Course.citizen_id))
        .order_by(Course.citizen_id, FollowUp.opened_at, FollowUp.id)
        .subquery()
    )
    old_enough = first.c.opened_at <= utcnow() - WEEK
    agreed = first.c.closed_at <= first.c.opened_at + WEEK
    return select(
        func.count().filter(old_enough, agreed), func.count().filter(old_enough), func.count()
    ).select_from(first)


def count_ended_within_a_week(period: Period) -> Counts:
    """Persons whose follow-up ended with an agreement within seven days, of those who have had seven days."""
    return Counts(*db.session.execute(ended_within_a_week(period)).one())


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="followups_agreed",
        version=1,
        title=_l("Follow-ups ended with an agreement"),
        definition=_l(
            "Of the people who had a follow-up opened in the period because something was not good enough: how many "
            "had a conversation that ended with an agreed next step no later than 7 days after. A person counts once, "
            "with the first follow-up. A course that ended before it counts as without an agreement."
        ),
        caution=_l(
            "Many follow-ups are no fault: where people say what is not good enough, there are more of them. The "
            "figure shows whether somebody answered, not whether it became better."
        ),
        count=count_ended_within_a_week,
    ),
)
