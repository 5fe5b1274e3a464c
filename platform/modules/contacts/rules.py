"""Decisions about contacts: which list is asked for, how long somebody has waited, and when consent is needed.

Nobody is sorted by anything but arrival; there is nothing here to sort by.
"""

from datetime import date, datetime, time, timedelta
from typing import Literal

from hjelpa.core.schemas import LOCAL
from modules.citizens.rules import end_of_day

SHOWN = ("waiting", "met", "all")
# A contact further back than this is a slip of the pen in the date.
FURTHEST_BACK = timedelta(days=90)

ArrivalProblem = Literal["day_ahead", "time_ahead", "too_long_ago"]


def which(asked: str | None) -> str:
    """The list asked for; those who wait when nothing or nonsense was."""
    return asked if asked in SHOWN else "waiting"


def days_waited(received: datetime, until: datetime) -> int:
    """Calendar days from contact until a moment, as a person counts them; never negative."""
    return max(0, (until.astimezone(LOCAL).date() - received.astimezone(LOCAL).date()).days)


def needs_consent(made_by: str) -> bool:
    """Whoever makes contact for or together with somebody must have their yes; for oneself, calling is the yes."""
    return made_by != "self"


def stands_today(next_step_at: datetime, now: datetime, *, mine: bool, deserted: bool) -> bool:
    """What *I dag* shows of those who wait: the own agreements of today and those that have slipped.

    A contact that nobody has any more, because whoever was responsible has left, stands there for everyone at once.
    """
    return deserted or (mine and next_step_at < end_of_day(now))


def find_arrival_problem(day: date, at: time, now: datetime) -> ArrivalProblem | None:
    """What is wrong with a local time at which somebody is said to have made contact; to the minute."""
    today = now.astimezone(LOCAL)
    if day > today.date():
        return "day_ahead"
    if day < today.date() - FURTHEST_BACK:
        return "too_long_ago"
    return "time_ahead" if day == today.date() and at > today.time() else None


def wait_in_days(seconds: float) -> float:
    """A wait as days with one decimal, rounded half up."""
    return int(seconds / 86_400 * 10 + 0.5) / 10
