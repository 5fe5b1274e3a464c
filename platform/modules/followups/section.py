"""Follow-ups on the page of a course: the open one with its clock, a button that opens one, and lines in the timeline."""

import uuid
from collections.abc import Iterator, Sequence

from flask import current_app, g, url_for
from flask_babel import gettext
from markupsafe import Markup

from hjelpa.core.contract import CourseEvent
from hjelpa.core.permissions import may
from hjelpa.core.types import utcnow
from modules.followups.listing import say_clock
from modules.followups.queries import Story, Told, read_stories
from modules.followups.schemas import SIGNS


def render(course_id: uuid.UUID) -> Markup | None:
    """The section for one course, whose page has already checked that it may be read. None when there is nothing to do."""
    told = _read(course_id)
    if told.ended or not (told.open or may("followups.close")):
        return None
    # Not render_template: it would make the page's frame once more, with its own questions to the database.
    part = current_app.jinja_env.get_template("followups/section.html").render(
        course_id=course_id,
        story=told.open,
        left=say_clock(told.open.due_at, utcnow()) if told.open else "",
        signs=SIGNS,
    )
    return Markup(part)  # noqa: S704  # our own template, which escapes


def list_events(course_id: uuid.UUID) -> Sequence[CourseEvent]:
    """Every sign, and how each follow-up ended. The conversation itself stands among the conversations."""
    return [event for story in _read(course_id).stories for event in _events(story)]


def _events(story: Story) -> Iterator[CourseEvent]:
    address = url_for("followups.show", followup_id=story.id)
    for sign in story.signs:
        yield CourseEvent(sign.noticed_at, gettext("Follow-up: %(sign)s", sign=SIGNS[sign.kind]), url=address)
    if story.ended_at is not None and story.agreed:
        yield CourseEvent(story.ended_at, gettext("The follow-up ended with an agreement"), url=address)


def _read(course_id: uuid.UUID) -> Told:
    """The page asks for the section and for the timeline; the database is asked once."""
    if g.get("followups_told", (None,))[0] != course_id:
        g.followups_told = (course_id, read_stories(course_id))
    told: Told = g.followups_told[1]
    return told
