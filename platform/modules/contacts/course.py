"""The contact's line in the timeline of the course that it became."""

import uuid
from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext

from hjelpa.core.contract import CourseEvent
from modules.contacts.queries import list_of_course
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
