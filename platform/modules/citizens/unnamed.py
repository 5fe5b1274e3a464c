"""Decisions about words that nobody is to be known by: when they were written, and what could belong to a person."""

import re
from datetime import date, datetime

from hjelpa.core.schemas import LOCAL

# Numbers of people: of telephones, and of identity.
_NUMBER = re.compile(r"\d(?:[ .-]?\d){7,}")


def week_of(moment: datetime) -> str:
    """The ISO week of a moment in local time: "2026-W47". Later weeks sort later."""
    return week_of_day(moment.astimezone(LOCAL).date())


def week_of_day(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def names_a_number(words: str) -> bool:
    """Whether a text holds a number long enough to belong to a person: eight digits or more."""
    return _NUMBER.search(words) is not None
