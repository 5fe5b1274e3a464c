"""Decisions about follow-ups: the clock in working hours, when a signal is a repeat, and when a conversation can have been."""

from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

from hjelpa.core.schemas import LOCAL, local_moment
from modules.citizens.workdays import is_working_day, next_working_day

WORK_BEGINS, WORK_ENDS = time(8), time(16)
# The same sign again within this time is the same sign: a button pressed twice.
SAME_SIGN = timedelta(minutes=5)

HeldProblem = Literal["day_ahead", "time_ahead", "before"]
Unit = Literal["minutes", "hours", "days"]


class Clock(NamedTuple):
    """How far off a time is, in the largest unit that says it; `late` when it has passed."""

    late: bool
    unit: Unit
    number: int


def due_after(noticed: datetime, country: str) -> datetime:
    """One working day of a country after a sign: the same time on the next working day.

    A sign outside working hours (08–16, local time) is as one at the next morning's beginning, and so is due when
    that day's work ends.
    """
    day, hour = _at_work(noticed.astimezone(LOCAL), country)
    if hour == WORK_BEGINS:
        return local_moment(day, WORK_ENDS)
    return local_moment(next_working_day(day, country), hour)


def _at_work(local: datetime, country: str) -> tuple[date, time]:
    """The same moment if somebody works then, else the next beginning of a working day."""
    day, hour = local.date(), local.time()
    if is_working_day(day, country) and hour < WORK_ENDS:
        return day, max(hour, WORK_BEGINS)
    return next_working_day(day, country), WORK_BEGINS


def clock(due: datetime, now: datetime) -> Clock:
    """Whole units, rounded towards zero: nobody is told that there is more time than there is."""
    late, minutes = now >= due, int(abs(due - now).total_seconds() // 60)
    if minutes < 60:
        return Clock(late, "minutes", minutes)
    if minutes < 24 * 60:
        return Clock(late, "hours", minutes // 60)
    return Clock(late, "days", minutes // (24 * 60))


def find_held_problem(day: date, at: time, begun: datetime, now: datetime) -> HeldProblem | None:
    """What is wrong with the time of the conversation that ends a follow-up; to the minute, as people write it."""
    today = now.astimezone(LOCAL)
    if day > today.date():
        return "day_ahead"
    if day == today.date() and at > today.time():
        return "time_ahead"
    first = begun.astimezone(LOCAL)
    return "before" if (day, at) < (first.date(), first.time().replace(second=0, microsecond=0)) else None


def which(asked: str | None, *, oversees: bool) -> str:
    """The list asked for: one's own where nothing, nonsense or more than one may see was asked for."""
    return asked if asked == "ended" or (asked == "all" and oversees) else "mine"
