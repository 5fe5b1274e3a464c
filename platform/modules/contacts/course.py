"""What a contact adds to the course that it became: its line in the timeline, and who read it while it waited."""

import uuid
from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext

from hjelpa.core.contract import CourseEvent
from modules.contacts.queries import list_behind, list_of_course
from modules.contacts.schemas import CHANNELS


def list_events(course_id: uuid.UUID) -> Sequence[CourseEvent]:
    """When contact was made, how, and in which words. Called for readers of the course only."""
    return [
        CourseEvent(
            row.received_at,
            gettext("Contact: %(how)s", how=str(CHANNELS[row.channel]).lower()),
            ((gettext("In their words"), row.words),),
            url_for("contacts.show", contact_id=row.id),
        )
        for row in list_of_course(course_id)
    ]


def list_traces(course_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """The contacts that led to a course of the same citizen, under whose ids they were read while they waited."""
    return list_behind(course_id)
