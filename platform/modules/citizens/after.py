"""What may follow a conversation at once, such as handing over a scale: whatever features announce."""

import uuid

from hjelpa.core.contract import AfterConversation
from hjelpa.core.permissions import features, may
from hjelpa.core.visitor import get_seat


def list_actions(*, begun: bool = False) -> list[AfterConversation]:
    """Buttons beside the one that saves, of features that are on and that the helper may use.

    A conversation that has `begun` with something does not end with the same.
    """
    on = features().enabled(get_seat().modules_off)
    done = {way.key for manifest in on for way in manifest.before_conversation} if begun else set()
    actions = [action for manifest in on for action in manifest.after_conversation if may(action.permission)]
    return [action for action in actions if action.key not in done]


def begin(key: str, course_id: uuid.UUID, conversation_id: uuid.UUID) -> str | None:
    """Begins what was asked for by its button and returns where to go; None when it was just saving."""
    chosen = next((action for action in list_actions() if action.key == key), None)
    return chosen.begin(course_id, conversation_id) if chosen else None
