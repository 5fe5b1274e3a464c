"""Handing over a scale in one go with saving a conversation."""

import uuid
from collections.abc import Callable

from flask import url_for
from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import AfterConversation
from hjelpa.core.types import utcnow
from modules.feedback.queries import open_request
from modules.feedback.scales import ALLIANCE, OUTCOME, Scale


def _begin(scale: Scale) -> Callable[[uuid.UUID, uuid.UUID], str]:
    def hand_over(course_id: uuid.UUID, conversation_id: uuid.UUID) -> str:
        token = open_request(course_id, conversation_id, scale.key, utcnow())
        return url_for("my_feedback.scale", token=token)

    return hand_over


AFTER = (
    AfterConversation(
        OUTCOME.key, _l("Save and hand over the outcome scale"), "feedback.hand_over", _begin(OUTCOME)
    ),
    AfterConversation(
        ALLIANCE.key, _l("Save and hand over the alliance scale"), "feedback.hand_over", _begin(ALLIANCE)
    ),
)
