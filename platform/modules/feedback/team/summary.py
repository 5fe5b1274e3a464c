"""What the leader's page is told, in one statement."""

from dataclasses import dataclass

from sqlalchemy import Select, and_, func, select, true

from hjelpa.core.contract import Counts, Period
from hjelpa.core.database import db
from modules.feedback.team.indicators import (
    bounds_of,
    closed_courses,
    feedback_in_first_meeting,
    first_and_last_totals,
)


@dataclass(frozen=True, slots=True)
class Ended:
    """People whose course ended in a period: all, those with two complete answers, how they moved (tenths)."""

    eligible: int
    measured: int
    higher: int
    mean_change: float | None


def summarise(period: Period) -> tuple[Ended, Counts]:
    """The indicator `higher_at_end` with the mean change beside it, over the very same people, and the one on first
    conversations: in one statement, since the leader's page has many figures.
    """
    ended, first = _ended(period).subquery(), feedback_in_first_meeting(period).subquery()
    row = db.session.execute(select(*ended.c, *first.c).join_from(ended, first, true())).one()
    eligible, several, higher, mean, *counts = row
    return Ended(eligible, several, higher, None if mean is None else float(mean)), Counts(*counts)


def _ended(period: Period) -> Select[int, int, int, float | None]:
    closed = closed_courses(*bounds_of(period))
    ends = first_and_last_totals(closed)
    measured, change = ends.c.answers >= 2, ends.c.last - ends.c.first
    counted = select(
        func.count(),
        func.count().filter(measured),
        func.count().filter(measured, change > 0),
        func.avg(change).filter(measured),
    )
    matched = closed.outerjoin(ends, and_(ends.c.tenant_id == closed.c.tenant_id, ends.c.course_id == closed.c.id))
    return counted.select_from(matched)
