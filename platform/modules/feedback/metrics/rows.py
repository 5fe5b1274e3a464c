"""One row of a file of sessions: its columns, and how its cells fit together. The same for the command and for an import."""

from collections.abc import Callable, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from modules.feedback.metrics.cells import (
    BadRow,
    Place,
    read_age_band,
    read_date,
    read_ended,
    read_ending,
    read_name,
    read_rater,
    read_scale,
    read_score,
    read_session,
)
from modules.feedback.metrics.messages import Message, message
from modules.feedback.metrics.messages import mark as _
from modules.feedback.metrics.records import AgeBand, Ending

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
# Beyond this, values are read each time: a file of nothing but different values must not fill the memory.
_REMEMBERED = 50_000

_AFTER_END = _("the session’s date %(date)s is after the course ended on %(ended)s")
_NO_END = _("ending “%(value)s” without a date in ended")
_MISSING = _("the column %(column)s is missing")
_TWICE = _("the column %(column)s is there twice")
_WIDTH = _("the row has %(count)s values and the first line has %(wanted)s")


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
        self._courses, self._raters = _Cells("course", read_name), _Cells("rater", read_rater)
        self._bands, self._scales = _Cells("age_band", read_age_band), _Cells("scale", read_scale)
        self._sessions, self._dates = _Cells("session", read_session), _Cells("date", read_date)
        self._items = tuple(_Cells(f"item{number}", read_score) for number in range(1, 5))
        self._ends, self._endings = _Cells("ended", read_ended), _Cells("ending", read_ending)

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
