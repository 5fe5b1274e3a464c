"""Decisions about follow-ups: the clock in working hours, when a signal is a repeat, and when a conversation can have been."""

from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

from hjelpa.core.schemas import LOCAL, local_moment

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


def due_after(noticed: datetime) -> datetime:
    """One working day after a sign: the same time on the next working day.

    A sign outside working hours (08–16, local time) is as one at the next morning's beginning, and so is due when
    that day's work ends.
    """
    day, hour = _at_work(noticed.astimezone(LOCAL))
    if hour == WORK_BEGINS:
        return local_moment(day, WORK_ENDS)
    return local_moment(next_working_day(day), hour)


def _at_work(local: datetime) -> tuple[date, time]:
    """The same moment if somebody works then, else the next beginning of a working day."""
    day, hour = local.date(), local.time()
    if is_working_day(day) and hour < WORK_ENDS:
        return day, max(hour, WORK_BEGINS)
    return next_working_day(day), WORK_BEGINS


def next_working_day(day: date) -> date:
    later = day + timedelta(days=1)
    while not is_working_day(later):
        later += timedelta(days=1)
    return later


def is_working_day(day: date) -> bool:
    """Monday to Friday, but for the public holidays of Norway."""
    return day.weekday() < 5 and (day.month, day.day) not in _FIXED and day - easter(day.year) not in _MOVING


_FIXED = {(1, 1), (5, 1), (5, 17), (12, 25), (12, 26)}
# Maundy Thursday, Good Friday, Easter Monday, Ascension Day and Whit Monday, from Easter Sunday.
_MOVING = {timedelta(days=number) for number in (-3, -2, 1, 39, 50)}


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (the method of Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


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
