"""How soon somebody else has taken over."""

from datetime import time

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from hjelpa.core.contract import Counts, Indicator, Period
from hjelpa.core.database import db
from hjelpa.core.schemas import local_moment
from hjelpa.core.types import utcnow
from modules.citizens.models import Course
from modules.handovers.models import Handover
from modules.handovers.rules import IN_TIME


def accepted_in_time(period: Period) -> Select[int, int, int]:
    """The statement that counts persons whose first handover of a period was accepted in time, those for whom the time
    has passed, and all. What the sender took back within the time is not counted: nobody could have accepted it."""
    begin, end = local_moment(period.start, time()), local_moment(period.end, time())
    within = Handover.decided_at <= Handover.proposed_at + IN_TIME
    taken_back = and_(Handover.state == "withdrawn", within)
    first = (
        select(Handover.proposed_at, and_(Handover.state == "accepted", within).label("soon"))
        .join(Course, and_(Course.tenant_id == Handover.tenant_id, Course.id == Handover.course_id))
        .where(Handover.proposed_at >= begin, Handover.proposed_at < end, ~taken_back)
        .ext(distinct_on(Course.citizen_id))
        .order_by(Course.citizen_id, Handover.proposed_at, Handover.id)
        .subquery()
    )
    passed = first.c.proposed_at <= utcnow() - IN_TIME
    return select(
        func.count().filter(passed, first.c.soon), func.count().filter(passed), func.count()
    ).select_from(first)


def count_accepted_in_time(period: Period) -> Counts:
    return Counts(*db.session.execute(accepted_in_time(period)).one())


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="handover_accepted_in_time",
        version=1,
        title=_l("Handover accepted within 2 days"),
        definition=_l(
            "Of the people for whom somebody was asked to take over in the period, and at least 2 days ago: how many "
            "had a receiver who accepted within 2 days. A person counts once, with the first handover of the period. "
            "Handovers that the sender took back within 2 days are left out."
        ),
        caution=_l(
            "Nobody is without help meanwhile: the sender is responsible until somebody has accepted. A refusal with a "
            "good reason may be better than a quick yes."
        ),
        count=count_accepted_in_time,
    ),
)
