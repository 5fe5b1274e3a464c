"""Handovers on a course's page: how it stands and who has the next move, the button, and lines in the timeline."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from flask import current_app, url_for
from flask_babel import gettext
from markupsafe import Markup

from hjelpa.core.contract import CourseEvent, Text
from hjelpa.core.permissions import may
from hjelpa.core.types import utcnow
from hjelpa.core.visitor import get_seat
from modules.citizens.queries import AnyRow
from modules.handovers.history import OfCourse, of_course
from modules.handovers.wording import decided_words, next_move, receiver_of, state_colour, state_words


def render(course_id: uuid.UUID) -> Markup | None:
    """The section for one course, whose page has already checked that it may be read."""
    found = of_course(course_id, get_seat().id)
    latest = found.handovers[-1] if found.handovers else None
    may_send = _may_send(found, latest)
    if latest is None and not may_send:
        return None
    now = utcnow()
    # Not render_template: it would make the page's frame once more, with its own questions to the database.
    part = current_app.jinja_env.get_template("handovers/section.html").render(
        course_id=course_id,
        latest=latest.Handover if latest else None,
        state=state_words(latest.Handover.state, latest.Handover.due_at, now) if latest else "",
        colour=state_colour(latest.Handover.state, latest.Handover.due_at, now) if latest else "",
        next_move=next_move(latest, now) if latest else "",
        may_send=may_send,
    )
    return Markup(part)  # noqa: S704  # our own template, which escapes


def _may_send(found: OfCourse, latest: AnyRow | None) -> bool:
    is_open = latest is not None and latest.Handover.state == "open"
    mine = found.responsible or may("citizens.oversee")
    return mine and may("handovers.send") and not found.closed and not is_open


def list_events(course_id: uuid.UUID) -> Sequence[CourseEvent]:
    """Handovers proposed and answered, and the arrival that the course began with. Called for readers only."""
    found = of_course(course_id, get_seat().id)
    events = [_arrival(*arrival) for arrival in found.arrivals]
    for row in found.handovers:
        one, address = row.Handover, url_for("handovers.show", handover_id=row.Handover.id)
        asked = gettext("%(name)s asked %(whom)s to take over", name=row.sender, whom=receiver_of(row))
        events.append(CourseEvent(one.proposed_at, asked, url=address))
        if one.decided_at is not None:
            notes: tuple[tuple[Text, str], ...] = ((gettext("Reason"), one.reason),) if one.reason else ()
            events.append(CourseEvent(one.decided_at, decided_words(row), notes, address))
    return events


def _arrival(at: str, municipality: str, parts: Sequence[tuple[str, str]] | None) -> CourseEvent:
    came = gettext("Came from %(municipality)s, where it was agreed to hand over", municipality=municipality)
    return CourseEvent(datetime.fromisoformat(at), came, tuple((title, words) for title, words in parts or ()))
