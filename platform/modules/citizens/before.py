"""What may be done before a conversation, such as asking how things are: whatever features announce."""

import uuid
from collections.abc import Sequence

from flask import flash, url_for
from sqlalchemy import ColumnElement, literal, select

from hjelpa.core.contract import BeforeConversation
from hjelpa.core.database import db
from hjelpa.core.permissions import features, may
from hjelpa.core.visitor import get_seat
from modules.citizens.models import Course
from modules.citizens.queries import AnyRow


def list_beginnings() -> list[BeforeConversation]:
    """The ways to begin, of features that are on and that the helper may use."""
    on = features().enabled(get_seat().modules_off)
    return [way for manifest in on for way in manifest.before_conversation if may(way.permission)]


def conditions(ways: Sequence[BeforeConversation]) -> list[ColumnElement[bool]]:
    """What speaks against each in a course, for `queries.read_record`: the page of a course asks no more statements."""
    return [way.unless(Course.id.expression) for way in ways]


def pick(ways: Sequence[BeforeConversation], row: AnyRow) -> list[BeforeConversation]:
    """Those that nothing speaks against, by a row that ends with their conditions."""
    against = row[len(row) - len(ways) :]
    return [way for way, unwanted in zip(ways, against, strict=True) if not unwanted]


def is_wanted(way: BeforeConversation, course_id: uuid.UUID) -> bool:
    """Whether nothing speaks against it in a course; what does is told to whoever asked for it."""
    if not db.session.scalar(select(way.unless(literal(course_id)))):
        return True
    flash(str(way.why), "warning")
    return False


def find_beginning(key: str) -> BeforeConversation | None:
    return next((way for way in list_beginnings() if way.key == key), None)


def go_on(way: BeforeConversation, course_id: uuid.UUID, conversation_id: uuid.UUID) -> str:
    """Does what a conversation was begun with and returns where to go."""
    return way.begin(course_id, conversation_id, notes_url(course_id, conversation_id))


def notes_url(course_id: uuid.UUID, conversation_id: uuid.UUID) -> str:
    """Where a begun conversation is written up."""
    return url_for("conversations.begun", course_id=course_id, conversation_id=conversation_id)
