"""Puts rows together into courses, whatever order they come in, and finds what does not fit together."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date

from modules.feedback.metrics.cells import BadRow, Place
from modules.feedback.metrics.messages import Message, message
from modules.feedback.metrics.messages import mark as _
from modules.feedback.metrics.records import (
    ALLIANCE_ANSWERED,
    ALLIANCE_SEEN,
    OUTCOME_ANSWERED,
    OUTCOME_SEEN,
    SELF,
    AgeBand,
    CourseRecord,
    Ending,
    SessionFacts,
)
from modules.feedback.metrics.rows import SessionRow
from modules.feedback.metrics.scale import OWN, TENTHS, ScaleRules

_DUPLICATE = _("%(rater)s has already answered the %(scale)s scale of session %(session)s in %(course)s")
_CONTRADICTS = _("%(column)s “%(value)s” contradicts “%(earlier)s” in an earlier row of %(course)s")
_FALLS = _("the date %(date)s of session %(session)s is before %(other)s, the date of session %(number)s")
_RISES = _("the date %(date)s of session %(session)s is after %(other)s, the date of session %(number)s")
_ABOVE = _("item%(number)s is above %(most)s, the most that the scale has")
_NO_SUCH_LINE = _("item%(number)s is answered, but the scale has %(count)s lines")

_OPEN = (None, None, None, None)
_OUTCOME = OUTCOME_SEEN, OUTCOME_SEEN | OUTCOME_ANSWERED
_ALLIANCE = ALLIANCE_SEEN, ALLIANCE_SEEN | ALLIANCE_ANSWERED


def _put(sessions: list[SessionFacts], row: SessionRow, total: float | None) -> None:
    """Adds a row to its session among one rater's in one course, which are in order of number.

    Raises BadRow when it is there already, or its date is out of order.
    """
    course, rater, _band, scale, number, held_on, items, _ended, _ending = row
    seen, marks = _ALLIANCE if scale == "alliance" else _OUTCOME
    if items == _OPEN:
        marks = seen
    place = len(sessions)
    there: SessionFacts | None = None
    if place and number <= sessions[-1][0]:
        place = place - 1 if number == sessions[-1][0] else bisect_left(sessions, number, key=_number)
        there = sessions[place] if sessions[place][0] == number else None
    if there is None:
        _check(sessions, row, place, place)
        sessions.insert(place, tuple.__new__(SessionFacts, (number, held_on, held_on, marks, total)))
        return
    _same, first_on, last_on, known_marks, known = there
    if known_marks & seen:
        raise BadRow(_duplicate((course, rater, scale, number)))
    if held_on is not first_on or held_on is not last_on:
        _check(sessions, row, place, place + 1)
        first_on, last_on = min(first_on, held_on), max(last_on, held_on)
    known = total if scale == "outcome" else known
    sessions[place] = tuple.__new__(SessionFacts, (number, first_on, last_on, known_marks | marks, known))


def _duplicate(place: Place) -> Message:
    course, rater, scale, number = place
    return message(_DUPLICATE, rater=rater, scale=scale, session=number, course=course)


def _check(sessions: list[SessionFacts], row: SessionRow, before: int, after: int) -> None:
    """Holds the row's date against the sessions before place `before` and from place `after`."""
    if before and (earlier := sessions[before - 1])[2] > row.held_on:
        raise BadRow(_out_of_order(_FALLS, row, earlier.last_on, earlier.number))
    if after < len(sessions) and (later := sessions[after])[1] < row.held_on:
        raise BadRow(_out_of_order(_RISES, row, later.first_on, later.number))


def _number(facts: SessionFacts) -> int:
    return facts.number


def _out_of_order(text: str, row: SessionRow, other: date, number: int) -> Message:
    day, also = row.held_on.isoformat(), other.isoformat()
    return message(text, date=day, session=row.session, other=also, number=number)


class _Course:
    """A course as its rows have told of it so far. `opening` is the number of the first complete outcome answer."""

    __slots__ = ("age_band", "ended", "ending", "first_items", "opening", "others", "own")

    def __init__(self, row: SessionRow) -> None:
        self.age_band: AgeBand = row.age_band
        self.ended: date | None = row.ended
        self.ending: Ending | None = row.ending
        self.own: list[SessionFacts] = []
        self.others: dict[str, list[SessionFacts]] | None = None
        self.opening = 0
        self.first_items: tuple[float | None, ...] | None = None

    def hold(self, row: SessionRow) -> None:
        """Raises BadRow when a row tells of the course otherwise than an earlier one did."""
        facts = (
            ("age_band", row.age_band, self.age_band),
            ("ended", row.ended, self.ended),
            ("ending", row.ending, self.ending),
        )
        raise BadRow(
            *(
                message(_CONTRADICTS, column=column, value=value or "", earlier=earlier or "", course=row.course)
                for column, value, earlier in facts
                if value != earlier
            )
        )

    def of_other(self, rater: str) -> list[SessionFacts]:
        if self.others is None:
            self.others = {}
        return self.others.setdefault(rater, [])


class Gatherer:
    """Takes rows one by one; a row that does not fit raises BadRow and leaves everything as it was.

    Dates are held in order for each rater by themselves: others may answer on other days than the citizen.
    """

    def __init__(self, rules: ScaleRules = OWN) -> None:
        self._rules = rules
        self._plain = rules.plain
        self._courses: dict[str, _Course] = {}
        self._refused: set[Place] = set()

    def add(self, row: SessionRow) -> None:
        key, rater, band, scale, number, _held_on, items, ended, ending = row
        if self._refused and (key, rater, scale, number) in self._refused:
            raise BadRow(_duplicate((key, rater, scale, number)))
        total = self._total(items) if scale == "outcome" else None
        course = self._courses.get(key)
        if course is None:
            course = self._courses[key] = _Course(row)
        elif ended != course.ended or ending != course.ending or band != course.age_band:
            course.hold(row)
        if rater != SELF:
            _put(course.of_other(rater), row, total)
            return
        _put(course.own, row, total)
        if total is not None and (not course.opening or number < course.opening):
            course.opening, course.first_items = number, items

    def refuse(self, place: Place | None) -> tuple[Message, ...]:
        """Remembers a row that something was wrong with, so that the same answer again is told; tells if it is one."""
        if place is None:
            return ()
        is_again = place in self._refused or self._holds(place)
        self._refused.add(place)
        return (_duplicate(place),) if is_again else ()

    def _holds(self, place: Place) -> bool:
        key, rater, scale, number = place
        course = self._courses.get(key)
        if course is None:
            return False
        sessions = course.own if rater == SELF else (course.others or {}).get(rater, [])
        seen = ALLIANCE_SEEN if scale == "alliance" else OUTCOME_SEEN
        return any(facts.number == number and facts.marks & seen for facts in sessions)

    def _total(self, items: tuple[float | None, ...]) -> float | None:
        if self._plain:
            if None in items:
                return None
            one, two, three, four = items
            total = one + two + three + four  # type: ignore[operator]  # none of them is None
            return total if isinstance(total, int) else round(total, 9)
        if problems := self._misfits(items):
            raise BadRow(*problems)
        return self._rules.total(items)

    def _misfits(self, items: tuple[float | None, ...]) -> list[Message]:
        """Answers that another scale than the usual one has no room for."""
        most, count = self._rules.item_maximum, self._rules.items
        found = []
        for number, value in enumerate(items, 1):
            if value is None:
                continue
            if number > count:
                found.append(message(_NO_SUCH_LINE, number=number, count=count))
            elif value > most:
                found.append(message(_ABOVE, number=number, most=f"{most / TENTHS:g}"))
        return found

    def records(self) -> Iterator[CourseRecord]:
        """The courses in which the citizen has a row; courses that only others answered for are in no figure.

        Each is let go of as it is given away, so that all are not held twice: ask once.
        """
        courses = self._courses
        for key in list(courses):
            course = courses.pop(key)
            if course.own:
                yield CourseRecord(
                    key, course.age_band, course.ended, course.ending, course.own, self._first(course)
                )

    def _first(self, course: _Course) -> tuple[float, ...] | None:
        if course.first_items is None:
            return None
        items = self._rules.orient(course.first_items) if not self._plain else course.first_items
        answered = tuple(value for value in items if value is not None)
        return answered if len(answered) == len(items) else None
