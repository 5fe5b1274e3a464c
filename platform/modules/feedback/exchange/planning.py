"""What one course in a file adds to what there is: new rows, or why it cannot be. Pure.

A course is known by the municipality's own id for it, as in our export, or by the name that a file gave it. Under its
own id its sessions are counted as everywhere: the first conversation is session 1. Under a file's name they keep the
file's numbers, so that the same file finds them again whatever has been added since.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, time

from hjelpa.core.schemas import local_moment
from hjelpa.core.types import new_id
from modules.feedback.exchange.known import (
    Batch,
    Known,
    Setting,
    conversation_id,
    held_at,
    noon,
    rater_code,
)
from modules.feedback.exchange.material import Line, is_answered, is_self, lines_of, total_of
from modules.feedback.metrics.messages import Message, message
from modules.feedback.metrics.messages import mark as _
from modules.feedback.metrics.reading import Problem
from modules.feedback.metrics.rows import SessionRow

# After every session of the day: they are seconds apart, in the order of their numbers.
EVENING = time(18)

_BAND = _("age_band contradicts what is registered about %(course)s")
_ENDED = _("ended or ending contradicts what is registered about %(course)s")
_CLOSED = _("%(course)s has been handed over to another municipality, and its record is closed here")
_PASSED_ON = _("%(course)s was passed on to somebody else after %(date)s, the date in ended")
_DATE = _("the date contradicts that of session %(session)s in %(course)s")
_GAP = _("%(course)s has %(count)s sessions, so that session %(session)s cannot be the next")
_EARLIER = _("the date %(date)s is before that of the last session of %(course)s")
_AFTER = _("%(course)s had ended before the date %(date)s")
_OTHER = _(
    "%(rater)s has already answered the %(scale)s scale of session %(session)s in %(course)s, and otherwise"
)


def plan_course(name: str, lines: Sequence[Line], known: Known | None, setting: Setting, batch: Batch) -> None:
    """Adds to the batch what one course in the file adds to what is `known`, and what is wrong with it."""
    if known is None:
        known = _begin(name, lines, setting, batch)
    else:
        _hold_facts(name, lines[0], known, batch)
    _Sessions(name, known, setting, batch).add(lines)


def _begin(name: str, lines: Sequence[Line], setting: Setting, batch: Batch) -> Known:
    """A course with a citizen who is not named, its turn of answering, and the file's name for it."""
    row = lines[0][1]
    citizen, course = new_id(), new_id()
    opened = noon(min(each.held_on for _, each in lines))
    closed = local_moment(row.ended, EVENING) if row.ended else None
    ending = row.ending or "unilateral" if row.ended else None
    shown = setting.name % {"reference": name}
    batch.citizens.append({"id": citizen, "name": shown, "age_band": row.age_band})
    at_door = {"citizen_id": citizen, "unit_id": setting.unit_id}
    batch.courses.append({"id": course, **at_door, "opened_at": opened, "closed_at": closed, "ending": ending})
    held = {"membership_id": setting.helper_id, "since_at": opened, "until_at": closed}
    batch.turns.append({"id": new_id(), "course_id": course, **held})
    batch.references.append({"id": new_id(), "course_id": course, "reference": name})
    return Known(course, True, row.age_band, row.ended, ending, opened)


def _hold_facts(name: str, line: Line, known: Known, batch: Batch) -> None:
    """Age band and end, which are the same in all rows of a course; a file may tell that one has ended since."""
    number, row = line
    found: list[Message] = []
    if row.age_band != known.age_band:
        found.append(message(_BAND, course=name))
    if row.ended and known.closed_on is None:
        found += _end(name, row, known, batch)
    elif row.ended and (row.ended not in _ends(known) or not _ends_alike(row.ending, known.ending)):
        found.append(message(_ENDED, course=name))
    batch.problems += [Problem(number, reason) for reason in found]


def _ends(known: Known) -> tuple[date, date]:
    """The day a course ended, and how our export tells it where a conversation was registered after that."""
    assert known.closed_on is not None
    return known.closed_on, max((known.closed_on, *(day for _, day in known.conversations)))


def _ends_alike(ending: str | None, known: str | None) -> bool:
    """Handed over is an end that the citizen agreed to; without a word on it nobody has said that both agreed."""
    return (ending or "unilateral") == ("mutual" if known == "handed_over" else known)


def _end(name: str, row: SessionRow, known: Known, batch: Batch) -> list[Message]:
    assert row.ended is not None
    closed = local_moment(row.ended, EVENING)
    if known.since is not None and known.since > closed:
        return [message(_PASSED_ON, course=name, date=row.ended.isoformat())]
    last = max((day for _, day in known.conversations), default=row.ended)
    if last > row.ended:
        return [message(_ENDED, course=name)]
    batch.endings.append((known.id, closed, row.ending or "unilateral"))
    return []


class _Sessions:
    """The sessions of one course and the answers in them, held against those that are registered."""

    def __init__(self, name: str, known: Known, setting: Setting, batch: Batch) -> None:
        self._name, self._known, self._setting, self._batch = name, known, setting, batch
        self._days: Mapping[uuid.UUID, date] = dict(known.conversations)
        self._raters: dict[str, uuid.UUID] = {}

    def add(self, lines: Sequence[Line]) -> None:
        by_session: dict[int, list[Line]] = {}
        for line in lines:
            by_session.setdefault(line[1].session, []).append(line)
        for session in sorted(by_session):
            there = by_session[session]
            place = self._find(session, there)
            if place is not None:
                for line in there:
                    self._answer(line, place)

    def _find(self, session: int, lines: Sequence[Line]) -> uuid.UUID | None:
        """The conversation of a session, which may be new; None where there is something wrong with it."""
        own = [line for line in lines if is_self(line[1])] or lines
        number, first = min(own, key=lambda line: line[1].held_on)
        known = self._known
        if known.reference:
            place: uuid.UUID | None = conversation_id(known.id, session)
            is_known = place in self._days
        else:
            is_known = session <= len(known.conversations)
            place = known.conversations[session - 1][0] if is_known else conversation_id(known.id, session)
        assert place is not None
        if is_known:
            return place if self._is_its_day(place, lines) else None
        problem = self._refuse_new(session, first)
        if problem is not None:
            self._batch.problems.append(Problem(number, problem))
            return None
        self._hold(place, session, first.held_on)
        return place

    def _is_its_day(self, place: uuid.UUID, lines: Sequence[Line]) -> bool:
        """Whether every answer in a known session has its day, or the day that it was itself given on."""
        found = []
        for number, row in lines:
            if not is_answered(row) or row.held_on == self._days[place]:
                continue
            kept = self._known.answers.get((place, row.scale, self._find_rater(row.rater)))
            # A session in a file may stretch over days; in our own export it has the conversation's day.
            if not self._known.reference or (kept is not None and kept.items and kept.on != row.held_on):
                found.append(Problem(number, message(_DATE, session=row.session, course=self._name)))
        self._batch.problems += found
        return not found

    def _refuse_new(self, session: int, row: SessionRow) -> Message | None:
        known, name, day = self._known, self._name, row.held_on
        if known.ending == "handed_over":
            return message(_CLOSED, course=name)
        if known.closed_on is not None and day > known.closed_on:
            return message(_AFTER, course=name, date=day.isoformat())
        if known.reference:
            return None
        if session != len(known.conversations) + 1:
            return message(_GAP, course=name, count=len(known.conversations), session=session)
        if known.last_at is not None and held_at(day, session) <= known.last_at:
            return message(_EARLIER, course=name, date=day.isoformat())
        return None

    def _hold(self, place: uuid.UUID, session: int, day: date) -> None:
        known = self._known
        said = {"matters": "", "happened": "", "next_step": ""}
        at = {"membership_id": self._setting.helper_id, "held_at": held_at(day, session)}
        self._batch.conversations.append({"id": place, "course_id": known.id, **at, **said})
        if not known.reference:
            known.conversations.append((place, day))
            known.last_at = held_at(day, session)
            self._days = {**self._days, place: day}

    def _answer(self, line: Line, place: uuid.UUID) -> None:
        number, row = line
        if not is_answered(row):
            return
        form = self._setting.forms[row.scale, row.age_band]
        assert form is not None
        rater = self._find_rater(row.rater, add=True)
        items = lines_of(row, form)
        kept = self._known.answers.get((place, row.scale, rater))
        if kept is not None and kept.items:
            if _same(kept.items, row.items):
                self._batch.known_answers += 1
            else:
                about = {"rater": row.rater, "scale": row.scale, "session": row.session, "course": self._name}
                self._batch.problems.append(Problem(number, message(_OTHER, **about)))
            return
        given = {
            "id": kept.id if kept else new_id(),
            "form": form.key,
            "form_version": form.version,
            "channel": "import",
            "state": "answered",
            "items": items,
            "total": total_of(items, form),
            "answered_at": held_at(row.held_on, row.session),
        }
        if kept is not None:
            self._batch.fillings.append(given)
            return
        where = {"course_id": self._known.id, "conversation_id": place, "scale": row.scale, "rater_id": rater}
        self._batch.answers.append(given | where)

    def _find_rater(self, name: str, *, add: bool = False) -> uuid.UUID | None:
        """Another rater by what the file calls them; None for the citizen, and for one who is not there yet."""
        if name == "self":
            return None
        if name not in self._raters:
            found = self._known_rater(name)
            if found is None and not add:
                return None
            self._raters[name] = found or self._add_rater(name)
        return self._raters[name]

    def _known_rater(self, name: str) -> uuid.UUID | None:
        """By the number that our export gives raters, whose names stay here, or else by their name."""
        raters = self._known.raters
        if not self._known.reference:
            numbered = {rater_code(place): id for place, (id, _) in enumerate(raters)}
            if name in numbered:
                return numbered[name]
        return next((id for id, label in raters if label == name), None)

    def _add_rater(self, name: str) -> uuid.UUID:
        id = new_id()
        self._batch.raters.append({"id": id, "course_id": self._known.id, "label": name})
        return id


def _same(kept: tuple[int | None, ...], items: Sequence[float | None]) -> bool:
    """Whether two answers have the same lines; columns that a form has no line for are empty."""
    width = max(len(kept), len(items))
    padded = (*kept, *(None,) * (width - len(kept)))
    return padded == (*items, *(None,) * (width - len(items)))
