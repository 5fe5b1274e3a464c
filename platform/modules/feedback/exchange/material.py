"""A file of sessions as an import needs it: its rows by course, each with its line, or everything that is wrong. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import IO

from modules.feedback.metrics.cells import BadRow
from modules.feedback.metrics.gather import Gatherer
from modules.feedback.metrics.messages import Message, message
from modules.feedback.metrics.messages import mark as _
from modules.feedback.metrics.reading import MOST_PROBLEMS, Problem, read_rows
from modules.feedback.metrics.records import SELF
from modules.feedback.metrics.rows import SessionRow
from modules.feedback.metrics.tables import BadTable
from modules.feedback.rules import add_up
from modules.feedback.scales.forms import Form

FIRST_ROWS = 5
COLUMN_COUNT = 4

_OPEN = (None,) * COLUMN_COUNT

Forms = Mapping[tuple[str, str], Form | None]
Line = tuple[int, SessionRow]

_FINE = _("item%(number)s has more than one decimal; answers are kept in tenths of a point")
_FUTURE = _("%(column)s %(date)s has not come yet")
_NO_FORM = _("the forms chosen have none for the %(scale)s scale and the age band %(band)s")
_NO_LINE = _("item%(number)s is answered, but the form has %(count)s lines")
_ABOVE = _("item%(number)s is above %(most)s, the most that the form has")
_WIDE = _("the form for the %(scale)s scale and the age band %(band)s has more lines than the file has columns")


@dataclass(slots=True)
class Material:
    """The rows by course (in the order of the file), or the first hundred `problems`; `rows` were read without one."""

    courses: dict[str, list[Line]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    rows: int = 0
    answers: int = 0
    bands: Counter[str] = field(default_factory=Counter)
    first: list[SessionRow] = field(default_factory=list)

    @property
    def sessions(self) -> int:
        """How many sessions there are, each counted once however many answered in it."""
        return sum(len({row.session for _, row in lines}) for lines in self.courses.values())

    def note(self, line: int, *reasons: Message) -> bool:
        """Keeps what is wrong with a line; whether there is room for more."""
        self.problems += [Problem(line, reason) for reason in reasons]
        del self.problems[MOST_PROBLEMS:]
        return len(self.problems) < MOST_PROBLEMS


def read_material(stream: IO[bytes], forms: Forms, today: date) -> Material:
    """Reads a file by the same rules as `hjelpa feedback compute`, and by those of the forms it is taken in to."""
    found, gatherer = Material(), Gatherer()
    checked = _RowCheck(forms, today)
    try:
        for line, row in read_rows(stream):
            try:
                if isinstance(row, BadRow):
                    raise row
                checked(row)
                gatherer.add(row)
                _keep(found, line, row)
            except BadRow as bad:
                if not found.note(line, *bad.problems, *gatherer.refuse(bad.place)):
                    break
    except BadTable as bad:
        found.note(bad.line, bad.problem)
    except BadRow as bad:
        found.note(1, *bad.problems)
    return found


def _keep(found: Material, line: int, row: SessionRow) -> None:
    lines = found.courses.get(row.course)
    if lines is None:
        lines = found.courses[row.course] = []
        found.bands[row.age_band] += 1
    lines.append((line, row))
    found.rows += 1
    found.answers += is_answered(row)
    if len(found.first) < FIRST_ROWS:
        found.first.append(row)


def is_answered(row: SessionRow) -> bool:
    """Whether at least one line was answered; a row without any only says that there was a session."""
    return row.items != _OPEN


class _RowCheck:
    """What a row must be besides readable: past, in whole tenths, and something that its form has room for."""

    def __init__(self, forms: Forms, today: date) -> None:
        self._forms, self._today = forms, today
        # What a line may hold, for the forms that have one for each column: nearly every row is let by with this.
        self._usual = {
            place: frozenset((None, *range(form.item_maximum + 1)))
            for place, form in forms.items()
            if form is not None and len(form.items) == COLUMN_COUNT
        }

    def __call__(self, row: SessionRow) -> None:
        usual = self._usual.get((row.scale, row.age_band))
        past = row.held_on <= self._today and (row.ended is None or row.ended <= self._today)
        if past and usual is not None and usual.issuperset(row.items):
            return
        dates = {"date": row.held_on, "ended": row.ended}
        found = [
            message(_FUTURE, column=name, date=day.isoformat())
            for name, day in dates.items()
            if day is not None and day > self._today
        ]
        found += self._misfits(row)
        if found:
            raise BadRow(*found, place=(row.course, row.rater, row.scale, row.session))

    def _misfits(self, row: SessionRow) -> list[Message]:
        form = self._forms.get((row.scale, row.age_band))
        if form is None:
            return [message(_NO_FORM, scale=row.scale, band=row.age_band)]
        if len(form.items) > COLUMN_COUNT:
            return [message(_WIDE, scale=row.scale, band=row.age_band)]
        count, most, found = len(form.items), form.item_maximum, []
        for number, value in enumerate(row.items, 1):
            if value is None:
                continue
            if value != int(value):
                found.append(message(_FINE, number=number))
            elif number > count:
                found.append(message(_NO_LINE, number=number, count=count))
            elif value > most:
                found.append(message(_ABOVE, number=number, most=f"{most / 10:g}"))
        return found


def lines_of(row: SessionRow, form: Form) -> list[int | None]:
    """The answer as it is kept: tenths in the order of the form's lines."""
    return [None if value is None else int(value) for value in row.items[: len(form.items)]]


def total_of(items: list[int | None], form: Form) -> int | None:
    return add_up(form, items)


def is_self(row: SessionRow) -> bool:
    return row.rater == SELF
