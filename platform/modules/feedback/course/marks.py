"""What happened on the way: somebody else took over, and what other features announce (`CourseSection.marks`)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from flask_babel import gettext

from hjelpa.core.contract import CourseMark
from hjelpa.core.permissions import features, may
from hjelpa.core.schemas import LOCAL
from hjelpa.core.visitor import get_seat
from hjelpa.web.charts import CurveEvent
from modules.citizens.queries import Head
from modules.feedback.course.against import place_marks
from modules.feedback.rules import Session


def list_marks(head: Head, sessions: Sequence[Session]) -> list[CurveEvent]:
    """The events of a course at the conversations from which they may show, each told once there."""
    held = [_day(session.held_at) for session in sessions]
    ended_on = _day(head.closed_at) if head.closed_at else None
    told = [(_day(mark.at), str(mark.text)) for mark in _told(head)]
    placed = dict.fromkeys(place_marks(held, told, ended_on))
    return [CurveEvent(place, words) for place, words in placed]


def _told(head: Head) -> Iterator[CourseMark]:
    # The first one who answered for the course took over from nobody.
    for turn in sorted(head.turns, key=lambda turn: turn.since_at)[1:]:
        yield CourseMark(turn.since_at, gettext("Handover"))
    for manifest in features().enabled(get_seat().modules_off):
        for section in manifest.course_sections:
            if section.marks is not None and may(section.permission):
                yield from section.marks(head.id)


def _day(moment: datetime) -> date:
    return moment.astimezone(LOCAL).date()
