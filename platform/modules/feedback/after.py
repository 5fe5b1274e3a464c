"""Handing over a scale in one go with saving a conversation, or with beginning one."""

import uuid
from collections.abc import Callable

from flask import flash, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import AfterConversation, BeforeConversation
from hjelpa.core.types import utcnow
from modules.feedback.answering.beginning import get_standing, has_declined
from modules.feedback.answering.choice import choose_form
from modules.feedback.answering.commands import open_request
from modules.feedback.answering.queries import Place, find_conversation, is_declined
from modules.feedback.rules import may_hand_over
from modules.feedback.wording import ALLIANCE, OUTCOME, ScaleTitle
from tenants.identity import screen


def _begin(scale: ScaleTitle) -> Callable[[uuid.UUID, uuid.UUID], str]:
    def hand_over(course_id: uuid.UUID, conversation_id: uuid.UUID) -> str:
        back = url_for("citizens.course", course_id=course_id, _anchor="feedback")
        held = find_conversation(conversation_id)
        if held is None or is_declined(course_id):
            flash(gettext("The citizen would rather not be asked. Nothing was handed over."), "warning")
            return back
        return _hand_over(Place(course_id, conversation_id, scale.key), held.age_band, back)

    return hand_over


def _hand_over(place: Place, age_band: str, back: str) -> str:
    token = open_request(place, choose_form(place.scale, age_band), utcnow())
    return screen.hand_over(url_for("my_feedback.scale", token=token), back=back)


def _begin_with_outcome(course_id: uuid.UUID, conversation_id: uuid.UUID, back: str) -> str:
    """Begun again (a second tap, another tab), the conversation goes on where it is: answered, there is nothing to give."""
    standing = get_standing(conversation_id, OUTCOME.key)
    if not may_hand_over(utcnow(), standing.held_at, standing.state):
        return back
    return _hand_over(Place(course_id, conversation_id, OUTCOME.key), standing.age_band, back)


BEFORE = (
    BeforeConversation(
        OUTCOME.key,
        _l("Begin with the outcome scale"),
        "feedback.hand_over",
        unless=has_declined,
        why=_l("The citizen would rather not be asked. Nothing was handed over."),
        begin=_begin_with_outcome,
    ),
)
AFTER = (
    AfterConversation(
        OUTCOME.key, _l("Save and hand over the outcome scale"), "feedback.hand_over", _begin(OUTCOME)
    ),
    AfterConversation(
        ALLIANCE.key, _l("Save and hand over the alliance scale"), "feedback.hand_over", _begin(ALLIANCE)
    ),
)
