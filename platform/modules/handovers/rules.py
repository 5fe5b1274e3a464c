"""Decisions about handovers: deadlines, who may do what, and what may be carried."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from hjelpa.core.schemas import LOCAL, local_moment
from modules.citizens.workdays import is_working_day, next_working_day

WORKING_DAYS = 2
# The hour of the last day by which the receiver answers; somebody is still at work then.
ANSWER_HOUR = time(15)
FURTHEST_AHEAD = timedelta(days=30)
# A package that nobody has answered for so long after the deadline is emptied; the sender is responsible all along.
PACKAGE_OUTLIVES = timedelta(days=14)
IN_TIME = timedelta(days=2)
SHORTEST_REASON = 10

WHO, AGE, SUMMARY, AGREEMENTS = "who", "age", "summary", "agreements"

DeadlineProblem = Literal["day_passed", "too_late_today", "too_far", "day_off"]


def default_day(now: datetime, country: str) -> date:
    """The day by which the receiver answers unless another is chosen: two working days of a country ahead.

    What is proposed in the evening counts from the next day.
    """
    today = now.astimezone(LOCAL)
    day = today.date()
    for _ in range(WORKING_DAYS + (today.time() >= ANSWER_HOUR)):
        day = next_working_day(day, country)
    return day


def deadline_of(day: date) -> datetime:
    """The moment by which an answer is due on a day."""
    return local_moment(day, ANSWER_HOUR)


def find_deadline_problem(day: date, now: datetime, country: str) -> DeadlineProblem | None:
    """What is wrong with a day chosen for the answer."""
    today = now.astimezone(LOCAL).date()
    if day < today:
        return "day_passed"
    if day > today + FURTHEST_AHEAD:
        return "too_far"
    if not is_working_day(day, country):
        return "day_off"
    return "too_late_today" if deadline_of(day) <= now else None


def remind_at(proposed_at: datetime, due_at: datetime) -> datetime:
    """When the receiver is reminded: a day before the deadline, or halfway to one that is nearer than two days."""
    return max(due_at - timedelta(days=1), proposed_at + (due_at - proposed_at) / 2)


def is_to_remind(proposed_at: datetime, due_at: datetime, reminded_at: datetime | None, now: datetime) -> bool:
    """Once, and not any more when the deadline has passed: then it goes to the leader."""
    return reminded_at is None and remind_at(proposed_at, due_at) <= now < due_at


def is_to_escalate(due_at: datetime, escalated_at: datetime | None, now: datetime) -> bool:
    return escalated_at is None and now >= due_at


def is_reason(words: str) -> bool:
    """Whether a refusal's reason says enough for the sender to find another way."""
    return len(words.strip()) >= SHORTEST_REASON


def needs_consent(kind: str) -> bool:
    """Outside the service nothing goes without the citizen's yes. Inside it, without one nothing says who it is."""
    return kind in ("service", "municipality")


def carried_parts(parts: Sequence[tuple[str, str, str]], agreed: Collection[str]) -> list[tuple[str, str]]:
    """Of (id, title, words) what the citizen has said yes to and that says something, as (title, words)."""
    return [(title, words) for part, title, words in parts if part in agreed and words.strip()]


@dataclass(frozen=True, slots=True)
class Party:
    """What somebody is to an open handover."""

    asked: bool
    at_door: bool
    sender: bool
    responsible: bool
    oversees: bool


def may_answer(party: Party) -> bool:
    """Whoever is asked, whoever is on duty at the door that is asked, and a leader when they do not answer; nobody
    takes over from themselves."""
    return (party.asked or party.at_door or party.oversees) and not party.responsible


def may_read_letter(party: Party) -> bool:
    """Who reads what the sender has written for the receiver without being in the citizen's circle."""
    return (party.asked or party.at_door) and not party.responsible


def may_withdraw(party: Party) -> bool:
    return party.sender or party.responsible or party.oversees


def others(people: Collection[uuid.UUID | None], actor: uuid.UUID | None) -> set[uuid.UUID]:
    """Whom to tell: everyone once, and nobody what they have done themselves."""
    return {person for person in people if person is not None and person != actor}


def in_days(seconds: float) -> float:
    """A time as days with one decimal, rounded half up."""
    return int(seconds / 86_400 * 10 + 0.5) / 10
