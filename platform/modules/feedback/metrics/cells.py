"""What one cell of a file of sessions may hold; everything else is refused with words for it."""

import re
from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from modules.feedback.metrics.messages import Message, message
from modules.feedback.metrics.messages import mark as _
from modules.feedback.metrics.records import AGE_BANDS, ENDINGS, SELF, AgeBand, Ending
from modules.feedback.metrics.scale import tidy

SCALES = ("outcome", "alliance")
LAST_SESSION = 9999
LONGEST_NAME = 200
# Signs that make a spreadsheet take a text for a formula when it is opened there again.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")

_SCORE = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,9})?")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_NORWEGIAN = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_NUMBER = re.compile(r"[0-9]{1,9}")

_EMPTY = _("%(column)s is empty")
_FORMULA = _("%(column)s “%(value)s” begins with a sign that spreadsheets take for a formula")
_LONG = _("%(column)s is longer than %(most)s characters")
_CONTROL = _("%(column)s “%(value)s” holds signs that cannot be shown")
_NOT_SELF = _("rater “%(value)s”: the citizen is written self")
_UNKNOWN = _("unknown %(column)s “%(value)s” (one of %(known)s)")
_NOT_SESSION = _("session “%(value)s” is not a whole number from 1 to %(most)s")
_NOT_DATE = _("%(column)s “%(value)s” is not a date such as 2026-01-31")
_NOT_NUMBER = _("%(column)s “%(value)s” is not a number")
_OUTSIDE = _("%(column)s “%(value)s” is outside 0–10")

# Course, rater, scale and session: there is one answer of each.
Place = tuple[str, str, str, int]


class BadRow(Exception):
    """A row, or the first line, that cannot be used; `problems` say everything that is wrong with it.

    `place` is whose answer it would have been, where that can be read.
    """

    def __init__(self, *problems: Message, place: Place | None = None) -> None:
        super().__init__(*map(str, problems))
        self.problems, self.place = problems, place


def _wrong(text: str, column: str, value: str, **values: object) -> BadRow:
    return BadRow(message(text, column=column, value=_shown(value), **values))


def _shown(value: str) -> str:
    """A value as it can be told: one line, not too long, no signs that a terminal would act on."""
    plain = "".join(sign if sign.isprintable() else "�" for sign in value[:41])
    return plain if len(value) <= 40 else f"{plain[:40]}…"


def read_name(column: str, text: str) -> str:
    if not text:
        raise _wrong(_EMPTY, column, text)
    if text.startswith(FORMULA_SIGNS):
        raise _wrong(_FORMULA, column, text)
    if len(text) > LONGEST_NAME:
        raise _wrong(_LONG, column, text, most=LONGEST_NAME)
    if not text.isprintable():
        raise _wrong(_CONTROL, column, text)
    return text


def read_rater(column: str, text: str) -> str:
    name = read_name(column, text)
    if name != SELF and name.casefold() == SELF:
        # Taken for another rater, the citizen's own answers would silently be left out of every figure.
        raise _wrong(_NOT_SELF, column, text)
    return name


def read_age_band(column: str, text: str) -> AgeBand:
    return _choose(column, text, AGE_BANDS)


def read_scale(column: str, text: str) -> str:
    return _choose(column, text, SCALES)


def read_ending(column: str, text: str) -> Ending | None:
    return _choose(column, text, ENDINGS) if text else None


Choice = TypeVar("Choice", bound=str)


def _choose(column: str, text: str, known: Sequence[Choice]) -> Choice:
    if text in known:
        return known[known.index(text)]
    raise _wrong(_UNKNOWN, column, text, known=", ".join(known))


def read_session(column: str, text: str) -> int:
    number = int(text) if _NUMBER.fullmatch(text) else 0
    if not 1 <= number <= LAST_SESSION:
        raise _wrong(_NOT_SESSION, column, text, most=LAST_SESSION)
    return number


def read_date(column: str, text: str) -> date:
    try:
        if found := _ISO.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _NORWEGIAN.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        pass
    raise _wrong(_NOT_DATE, column, text)


def read_ended(column: str, text: str) -> date | None:
    return read_date(column, text) if text else None


def read_score(column: str, text: str) -> float | None:
    """Tenths of a point; None for an empty cell, which is an unanswered line."""
    if not text:
        return None
    if not _SCORE.fullmatch(text):
        raise _wrong(_NOT_NUMBER, column, text)
    value = float(text.replace(",", "."))
    if not 0 <= value <= 10:
        raise _wrong(_OUTSIDE, column, text)
    return tidy(value * 10)
