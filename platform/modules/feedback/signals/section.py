"""Signals on the page of a course: what to talk about, what waits for supervision, and lines in the timeline."""

import uuid
from collections.abc import Iterator, Sequence

from flask import current_app, g, url_for
from flask_babel import gettext
from markupsafe import Markup

from hjelpa.core.contract import CourseEvent, TodayRow
from hjelpa.core.events import Dissatisfaction, is_heard
from hjelpa.core.permissions import may
from hjelpa.core.visitor import get_seat
from modules.citizens.figures import MOST_ROWS
from modules.citizens.listing import AddressOf
from modules.feedback.signals.queries import SignalRow, Told, list_own, read_course
from modules.feedback.signals.wording import DONE, TITLES, say


def render(course_id: uuid.UUID) -> Markup | None:
    """The section for one course, whose page has already checked that it may be read. None when there is nothing to say."""
    told = _read(course_id)
    may_bring = told.mine and not told.ended and may("feedback.supervise")
    if not (told.open or told.waiting or may_bring):
        return None
    # Not render_template: it would make the page's frame once more, with its own questions to the database.
    part = current_app.jinja_env.get_template("feedback/signals/section.html").render(
        course_id=course_id, told=told, say=say, may_bring=may_bring
    )
    return Markup(part)  # noqa: S704  # our own template, which escapes


def list_events(course_id: uuid.UUID) -> Sequence[CourseEvent]:
    """When each signal was noticed and what was done, and when the course was brought to supervision."""
    told = _read(course_id)
    events = [event for signal in told.signals for event in _events(signal)]
    for case in told.cases:
        notes = ((gettext("What was asked"), case.question),)
        events.append(CourseEvent(case.brought_at, gettext("Taken to supervision"), notes))
        if case.talked_at is not None:
            events.append(CourseEvent(case.talked_at, gettext("Talked through in supervision")))
    return events


def _events(signal: SignalRow) -> Iterator[CourseEvent]:
    address = url_for("feedback_signals.show", signal_id=signal.id)
    title = TITLES[signal.kind]
    yield CourseEvent(signal.noticed_at, gettext("Talk about this: %(what)s", what=title), url=address)
    if signal.ended_at is not None and signal.done is not None:
        notes = ((gettext("In a few words"), signal.words),) if signal.words else ()
        said = gettext("%(what)s: %(done)s", what=title, done=DONE[signal.done])
        yield CourseEvent(signal.ended_at, said, notes, url=address)


def _read(course_id: uuid.UUID) -> Told:
    """The page asks for the section and for the timeline; the database is asked once."""
    if g.get("feedback_told", (None,))[0] != course_id:
        g.feedback_told = (course_id, read_course(course_id, get_seat().id))
    told: Told = g.feedback_told[1]
    return told


def list_today() -> Sequence[TodayRow]:
    """What to talk about, where nobody else makes a signal into something to do: never twice the same on one day."""
    if is_heard(Dissatisfaction):
        return []
    address = AddressOf("citizens.course", "course_id")
    kind, action = gettext("Talk about this"), gettext("Open")
    return [
        TodayRow(
            row.noticed_at,
            row.name,
            ". ".join(str(TITLES[each]) for each in row.kinds),
            address(row.id),
            action,
            kind,
        )
        for row in list_own(get_seat().id, 1, brought=False, limit=MOST_ROWS)
    ]
