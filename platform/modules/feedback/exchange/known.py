"""What an import works with: a course as it is registered, how what is new is registered, and the rows that come of it."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from hjelpa.core.schemas import local_moment
from modules.feedback.exchange.material import Forms
from modules.feedback.metrics.reading import Problem

FIRST_RATER = 2


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that is registered; `on` is the local day it was given. No items: it was skipped."""

    id: uuid.UUID
    items: tuple[int | None, ...]
    on: date


@dataclass(slots=True)
class Known:
    """A course that is registered. `reference` says whether it is known by a file's name.

    `conversations` are (id, local day) in order, `raters` (id, label) in the order in which they were added, `answers`
    by (conversation, scale, rater). `since` is when whoever answers for it now began, `last_at` the last conversation.
    """

    id: uuid.UUID
    reference: bool
    age_band: str
    closed_on: date | None
    ending: str | None
    since: datetime | None
    last_at: datetime | None = None
    conversations: list[tuple[uuid.UUID, date]] = field(default_factory=list)
    raters: list[tuple[uuid.UUID, str]] = field(default_factory=list)
    answers: dict[tuple[uuid.UUID, str, uuid.UUID | None], Kept] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Setting:
    """How what is new is registered: at which door, who answers for it, in which forms, and what a citizen is called."""

    unit_id: uuid.UUID
    helper_id: uuid.UUID
    forms: Forms
    name: str


@dataclass(slots=True)
class Batch:
    """Rows to be written, by table, and how many answers were there already."""

    citizens: list[dict[str, Any]] = field(default_factory=list)
    courses: list[dict[str, Any]] = field(default_factory=list)
    turns: list[dict[str, Any]] = field(default_factory=list)
    references: list[dict[str, Any]] = field(default_factory=list)
    conversations: list[dict[str, Any]] = field(default_factory=list)
    raters: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    fillings: list[dict[str, Any]] = field(default_factory=list)
    endings: list[tuple[uuid.UUID, datetime, str]] = field(default_factory=list)
    known_answers: int = 0
    problems: list[Problem] = field(default_factory=list)


@lru_cache(maxsize=20_000)
def noon(day: date) -> datetime:
    return local_moment(day, time(12))


def held_at(day: date, session: int) -> datetime:
    """When a session of which only the date is known was held: at noon, those of one day in order."""
    return noon(day) + timedelta(seconds=session)


def conversation_id(course_id: uuid.UUID, session: int) -> uuid.UUID:
    """The id of a session that a file has numbered, by which it is found again."""
    return uuid.uuid5(course_id, f"session {session}")


def rater_code(place: int) -> str:
    """What the export calls the other raters of a course, in the order in which they were added (from 0)."""
    return f"rater{place + FIRST_RATER}"
