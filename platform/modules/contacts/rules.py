"""Decisions about contacts: which list is asked for, how long somebody has waited, when consent is needed, and how an
unanswered contact climbs.

Nobody is sorted by anything but arrival, or by the time agreed with them; there is nothing else here to sort by.
"""

from datetime import date, datetime, time, timedelta
from typing import Literal

from hjelpa.core.schemas import LOCAL
from modules.citizens.rules import end_of_day

SHOWN = ("waiting", "met", "all")
ORDERS = ("arrival", "agreed")
# A contact further back than this is a slip of the pen in the date.
FURTHEST_BACK = timedelta(days=90)

Climb = Literal["deputy", "leader"]
ArrivalProblem = Literal["day_ahead", "time_ahead", "too_long_ago"]


def which(asked: str | None) -> str:
    """The list asked for; those who wait when nothing or nonsense was."""
    return asked if asked in SHOWN else "waiting"


def order_of(asked: str | None) -> str:
    """The order asked for; that of arrival when none or nonsense was."""
    return asked if asked in ORDERS else "arrival"


def climbs_due(
    received_at: datetime, answer_by: datetime, now: datetime, *, deputy_told: bool, leader_told: bool
) -> tuple[Climb, ...]:
    """What is to be done about a contact that nobody has answered: half the promised time is the deputy's to know of,
    and at its end the leader becomes responsible. Each once, however often and late this is asked."""
    half = received_at + (answer_by - received_at) / 2
    due: list[Climb] = []
    if now >= half and not deputy_told:
        due.append("deputy")
    if now >= answer_by and not leader_told:
        due.append("leader")
    return tuple(due)


def days_waited(received: datetime, until: datetime) -> int:
    """Calendar days from contact until a moment, as a person counts them; never negative."""
    return max(0, (until.astimezone(LOCAL).date() - received.astimezone(LOCAL).date()).days)


def needs_consent(made_by: str) -> bool:
    """Whoever makes contact for or together with somebody must have their yes; for oneself, calling is the yes."""
    return made_by != "self"


def stands_today(next_step_at: datetime, now: datetime, *, mine: bool, answered: bool) -> bool:
    """What *I dag* shows of those who wait: the own agreements of today, those that have slipped, and the own contacts
    that nobody has answered yet, however long there is time to do so."""
    return mine and (next_step_at < end_of_day(now) or not answered)


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
