"""Decisions about citizens and courses of help: who may read, and whether an agreed time can be right."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from hjelpa.core.schemas import LOCAL, local_moment

REASON_HOLDS = timedelta(hours=8)
SHORTEST_REASON = 10
# An agreement further away than this is a slip of the pen in the year.
FURTHEST_AHEAD = timedelta(days=730)

TimeProblem = Literal["day_passed", "time_passed", "too_far"]


@dataclass(frozen=True, slots=True)
class Tie:
    """What ties a colleague to a citizen: responsibility now or earlier, and the last reason given, if any."""

    responsible: bool
    reason: str | None = None
    reason_until: datetime | None = None


def may_read(tie: Tie, now: datetime) -> bool:
    """The circle: those who answer or have answered for a course of the citizen's, and those whose reason holds."""
    return tie.responsible or _holds(tie, now)


def reason_to_log(tie: Tie, now: datetime) -> str | None:
    """The reason that a read rests on; none for those who read by their own responsibility."""
    return tie.reason if not tie.responsible and _holds(tie, now) else None


def _holds(tie: Tie, now: datetime) -> bool:
    return tie.reason_until is not None and now < tie.reason_until


def may_end(*, responsible_now: bool, oversees: bool) -> bool:
    """A course is ended by whoever answers for it, or by the leader; not by a passing reader."""
    return responsible_now or oversees


def is_reason(words: str) -> bool:
    """Whether a stated reason is long enough to say anything. Whether it is a good one, whoever reads the log decides."""
    return len(words) >= SHORTEST_REASON


def end_of_day(now: datetime) -> datetime:
    """The local midnight that ends today: what is agreed for before it is due today, or has slipped."""
    return local_moment(now.astimezone(LOCAL).date() + timedelta(days=1), time())


def missing_parts(step: str, day: str, hour: str) -> tuple[str, ...]:
    """What half an agreement lacks. A day alone is the form's own suggestion, and agrees on nothing."""
    if not step and not hour:
        return ()
    given = {"next_step": step, "next_date": day, "next_time": hour}
    return tuple(name for name, value in given.items() if not value)


def find_time_problem(day: date, at: time, earliest: datetime) -> TimeProblem | None:
    """What is wrong with an agreed local time; to the minute, since nobody agrees on seconds."""
    begin = earliest.astimezone(LOCAL)
    if day < begin.date():
        return "day_passed"
    if day == begin.date() and at < begin.time().replace(second=0, microsecond=0):
        return "time_passed"
    if day > begin.date() + FURTHEST_AHEAD:
        return "too_far"
    return None
