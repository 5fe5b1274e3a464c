"""How long it took from a signal to the next conversation, for the team's figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import NamedTuple

from sqlalchemy import and_, func, select

from hjelpa.core.database import db
from modules.citizens.models import Citizen, Conversation, Course
from modules.citizens.queries import CITIZEN
from modules.feedback.signals.models import FeedbackSignal


class Talk(NamedTuple):
    """One signal: when it was noticed, the first conversation held after that, and whether the course ended before one.

    The conversation in which the citizen answered was held before the answer, and is none of them.
    """

    age_band: str
    noticed_at: datetime
    held_at: datetime | None
    ended: bool

    @property
    def days(self) -> float | None:
        """Days to the conversation, with parts of a day; None without one."""
        return None if self.held_at is None else (self.held_at - self.noticed_at).total_seconds() / 86_400


@dataclass(frozen=True, slots=True)
class TalkTimes:
    """Signals of a period: with a conversation after, still open, and of courses that ended first; they sum to all.

    `median_days` is over those with a conversation; None without any.
    """

    signals: int
    talked: int
    open: int
    ended: int
    median_days: float | None


def list_talks(begin: datetime, end: datetime) -> Sequence[Talk]:
    """The signals noticed in [begin, end), in one statement."""
    following = (
        select(func.min(Conversation.held_at))
        .where(
            Conversation.tenant_id == FeedbackSignal.tenant_id,
            Conversation.course_id == FeedbackSignal.course_id,
            Conversation.held_at > FeedbackSignal.noticed_at,
        )
        .correlate(FeedbackSignal)
        .scalar_subquery()
    )
    course = and_(Course.tenant_id == FeedbackSignal.tenant_id, Course.id == FeedbackSignal.course_id)
    query = (
        select(Citizen.age_band, FeedbackSignal.noticed_at, following, Course.closed_at.is_not(None))
        .select_from(FeedbackSignal)
        .join(Course, course)
        .join(Citizen, CITIZEN)
        .where(FeedbackSignal.noticed_at >= begin, FeedbackSignal.noticed_at < end)
        .order_by(FeedbackSignal.noticed_at, FeedbackSignal.id)
    )
    return [Talk(*row) for row in db.session.execute(query)]


def sum_up(talks: Iterable[Talk]) -> TalkTimes:
    """The figure. Signals that nobody has talked after yet are counted as open, never left out."""
    told = list(talks)
    days = [talk.days for talk in told if talk.days is not None]
    ended = sum(talk.held_at is None and talk.ended for talk in told)
    return TalkTimes(len(told), len(days), len(told) - len(days) - ended, ended, median(days) if days else None)
