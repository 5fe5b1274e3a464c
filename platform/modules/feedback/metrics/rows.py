"""One row of a file of sessions: its columns, and what each cell may hold. The same for the command and for an import."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from modules.feedback.metrics.messages import Message, message
from modules.feedback.metrics.messages import mark as _
from modules.feedback.metrics.records import AGE_BANDS, ENDINGS, SELF, AgeBand, Ending
from modules.feedback.metrics.scale import tidy

COLUMNS = (
    "course",
    "rater",
    "age_band",
    "scale",
    "session",
    "date",
    "item1",
    "item2",
    "item3",
    "item4",
    "ended",
    "ending",
)
SCALES = ("outcome", "alliance")
LAST_SESSION = 9999
LONGEST_NAME = 200
# Signs that make a spreadsheet take a text for a formula when it is opened there again.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")

_SCORE = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,9})?")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_NORWEGIAN = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_NUMBER = re.compile(r"[0-9]{1,9}")
# Beyond this, values are read each time: a file of nothing but different values must not fill the memory.
_REMEMBERED = 50_000

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
_AFTER_END = _("the session’s date %(date)s is after the course ended on %(ended)s")
_NO_END = _("ending “%(value)s” without a date in ended")
_MISSING = _("the column %(column)s is missing")
_TWICE = _("the column %(column)s is there twice")
_WIDTH = _("the row has %(count)s values and the first line has %(wanted)s")


# Course, rater, scale and session: there is one answer of each.
Place = tuple[str, str, str, int]


class BadRow(Exception):
    """A row, or the first line, that cannot be used; `problems` say everything that is wrong with it.

    `place` is whose answer it would have been, where that can be read.
    """

    def __init__(self, *problems: Message, place: Place | None = None) -> None:
        super().__init__(*map(str, problems))
        self.problems, self.place = problems, place


class SessionRow(NamedTuple):
    """One rater's answer on one scale in one session. `items` are tenths, None where unanswered."""

    course: str
    rater: str
    age_band: AgeBand
    scale: str
    session: int
    held_on: date
    items: tuple[float | None, ...]
    ended: date | None
    ending: Ending | None


Value = TypeVar("Value")


class _Cells(dict[str, Value]):
    """Values by the text of a cell, read once; the same few texts come again and again."""

    def __init__(self, column: str, read: Callable[[str, str], Value], most: int = _REMEMBERED) -> None:
        self._column, self._read, self._most = column, read, most

    def __missing__(self, text: str) -> Value:
        value = self._read(self._column, text.strip())
        if len(self) < self._most:
            self[text] = value
        return value


class RowReader:
    """Reads rows whose cells stand in the order of `header`; raises BadRow when a column is missing or there twice."""

    def __init__(self, header: Sequence[str]) -> None:
        names = [name.strip().casefold() for name in header]
        problems = [message(_MISSING, column=name) for name in COLUMNS if name not in names]
        problems += [message(_TWICE, column=name) for name in COLUMNS if names.count(name) > 1]
        if problems:
            raise BadRow(*problems)
        self._width = len(names)
        self._pick = itemgetter(*map(names.index, COLUMNS))
        self._courses, self._raters = _Cells("course", _read_name), _Cells("rater", _read_rater)
        self._bands, self._scales = _Cells("age_band", _read_age_band), _Cells("scale", _read_scale)
        self._sessions, self._dates = _Cells("session", _read_session), _Cells("date", _read_date)
        self._items = tuple(_Cells(f"item{number}", _read_score) for number in range(1, 5))
        self._ends, self._endings = _Cells("ended", _read_ended), _Cells("ending", _read_ending)

    def parse(self, cells: Sequence[str]) -> SessionRow:
        """The row; raises BadRow with everything that is wrong with it."""
        if len(cells) != self._width:
            cells = self._fit(cells)
        picked = self._pick(cells)
        course, rater, band, scale, session, day, one, two, three, four, end, how = picked
        ones, twos, threes, fours = self._items
        try:
            held_on, ended, ending = self._dates[day], self._ends[end], self._endings[how]
            items = (ones[one], twos[two], threes[three], fours[four])
            row = (
                self._courses[course],
                self._raters[rater],
                self._bands[band],
                self._scales[scale],
                self._sessions[session],
                held_on,
                items,
                ended,
                ending,
            )
        except BadRow:
            raise BadRow(*self._problems(picked), place=self._place(picked)) from None
        if ended is None:
            if ending is not None:
                raise BadRow(message(_NO_END, value=ending), place=self._place(picked))
        elif held_on > ended:
            late = message(_AFTER_END, date=held_on.isoformat(), ended=ended.isoformat())
            raise BadRow(late, place=self._place(picked))
        # A third of the time that SessionRow(…) takes, a million times.
        return tuple.__new__(SessionRow, row)

    def _fit(self, cells: Sequence[str]) -> Sequence[str]:
        """Spreadsheets may leave out empty cells at the end of a row, or add some; anything else is a shifted row."""
        if len(cells) > self._width and not any(cells[self._width :]):
            return cells[: self._width]
        raise BadRow(message(_WIDTH, count=len(cells), wanted=self._width))

    def _place(self, picked: Sequence[str]) -> Place | None:
        try:
            names = self._courses[picked[0]], self._raters[picked[1]]
            return *names, self._scales[picked[3]], self._sessions[picked[4]]
        except BadRow:
            return None

    def _problems(self, picked: Sequence[str]) -> list[Message]:
        found: list[Message] = []
        readers: tuple[_Cells[Any], ...] = (
            self._courses,
            self._raters,
            self._bands,
            self._scales,
            self._sessions,
            self._dates,
            *self._items,
            self._ends,
            self._endings,
        )
        for reader, text in zip(readers, picked, strict=True):
            try:
                reader[text]
            except BadRow as bad:
                found += bad.problems
        return found


def _wrong(text: str, column: str, value: str, **values: object) -> BadRow:
    return BadRow(message(text, column=column, value=_shown(value), **values))


def _shown(value: str) -> str:
    """A value as it can be told: one line, not too long, no signs that a terminal would act on."""
    plain = "".join(sign if sign.isprintable() else "�" for sign in value[:41])
    return plain if len(value) <= 40 else f"{plain[:40]}…"


def _read_name(column: str, text: str) -> str:
    if not text:
        raise _wrong(_EMPTY, column, text)
    if text.startswith(FORMULA_SIGNS):
        raise _wrong(_FORMULA, column, text)
    if len(text) > LONGEST_NAME:
        raise _wrong(_LONG, column, text, most=LONGEST_NAME)
    if not text.isprintable():
        raise _wrong(_CONTROL, column, text)
    return text


def _read_rater(column: str, text: str) -> str:
    name = _read_name(column, text)
    if name != SELF and name.casefold() == SELF:
        # Taken for another rater, the citizen's own answers would silently be left out of every figure.
        raise _wrong(_NOT_SELF, column, text)
    return name


def _read_age_band(column: str, text: str) -> AgeBand:
    return _choose(column, text, AGE_BANDS)


def _read_scale(column: str, text: str) -> str:
    return _choose(column, text, SCALES)


def _read_ending(column: str, text: str) -> Ending | None:
    return _choose(column, text, ENDINGS) if text else None


Choice = TypeVar("Choice", bound=str)


def _choose(column: str, text: str, known: Sequence[Choice]) -> Choice:
    if text in known:
        return known[known.index(text)]
    raise _wrong(_UNKNOWN, column, text, known=", ".join(known))


def _read_session(column: str, text: str) -> int:
    number = int(text) if _NUMBER.fullmatch(text) else 0
    if not 1 <= number <= LAST_SESSION:
        raise _wrong(_NOT_SESSION, column, text, most=LAST_SESSION)
    return number


def _read_date(column: str, text: str) -> date:
    try:
        if found := _ISO.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _NORWEGIAN.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        pass
    raise _wrong(_NOT_DATE, column, text)


def _read_ended(column: str, text: str) -> date | None:
    return _read_date(column, text) if text else None


def _read_score(column: str, text: str) -> float | None:
    """Tenths of a point; None for an empty cell, which is an unanswered line."""
    if not text:
        return None
    if not _SCORE.fullmatch(text):
        raise _wrong(_NOT_NUMBER, column, text)
    value = float(text.replace(",", "."))
    if not 0 <= value <= 10:
        raise _wrong(_OUTSIDE, column, text)
    return tidy(value * 10)
