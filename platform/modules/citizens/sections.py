"""What other features add to the page of a course, and what their pages are called in the access log."""

import uuid
from collections.abc import Iterator

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from hjelpa.core.contract import CourseEvent, CourseSection
from hjelpa.core.permissions import features, may
from hjelpa.core.visitor import get_seat

_PAGES = {
    "citizens.course": _l("the page of the course"),
    "citizens.conversation": _l("the page for a new conversation"),
    "citizens.add_conversation": _l("the page for a new conversation"),
    "conversations.begin": _l("the page for a new conversation"),
    "conversations.begun": _l("the page for a new conversation"),
    "conversations.write_up": _l("the page for a new conversation"),
    "citizens.ending": _l("the page for ending the course"),
    "citizens.end": _l("the page for ending the course"),
    "citizens.access_log": _l("the list of who has read"),
}


def _sections() -> Iterator[CourseSection]:
    on = features().enabled(get_seat().modules_off)
    found = [section for manifest in on for section in manifest.course_sections if may(section.permission)]
    return iter(sorted(found, key=lambda section: section.order))


def render(course_id: uuid.UUID) -> list[Markup]:
    """The sections of features that are on and that the reader may see. Each has escaped its own content."""
    parts = [section.render(course_id) for section in _sections() if section.render is not None]
    return [Markup(part) for part in parts if part]  # noqa: S704  # the contract: safe HTML, rendered by a template


def list_events(course_id: uuid.UUID) -> list[CourseEvent]:
    told = [section.events(course_id) for section in _sections() if section.events is not None]
    return [event for events in told for event in events]


def list_traces(course_id: uuid.UUID) -> list[uuid.UUID]:
    """The ids under which the citizen was read before there was a course. A trace stays, whatever is switched off."""
    sections = [section for manifest in features().manifests for section in manifest.course_sections]
    return [id for section in sections if section.traces is not None for id in section.traces(course_id)]


def page_words(endpoint: str) -> str:
    """A page as people call it: by its own words, else by the feature it belongs to."""
    if endpoint in _PAGES:
        return str(_PAGES[endpoint])
    owner = features().find_by_endpoint(endpoint)
    if owner is None:
        return str(gettext("a page of the record"))
    return str(gettext("a page under “%(feature)s”", feature=owner.title))
