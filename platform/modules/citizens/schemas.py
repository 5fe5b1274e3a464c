"""What people write about a conversation, an ending, or a reason to read."""

import uuid
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from marshmallow import fields

from hjelpa.core.schemas import Input, choice_field, text_field
from hjelpa.core.types import new_id
from modules.citizens.talk import (
    day_field,
    happened_field,
    hour_field,
    matters_field,
    missing_field,
    step_field,
)

AGES: dict[str, str | LazyString] = {
    "child": _l("Child, up to 12 years"),
    "adolescent": _l("Young person, 13 to 18 years"),
    "adult": _l("Adult, 19 years or older"),
}

ENDINGS: dict[str, str | LazyString] = {
    "mutual": _l("We agreed to end here"),
    "unilateral": _l("The contact stopped before we could talk about it"),
}


# Besides those that a form offers: what happens when another municipality has accepted a handover.
HOW_ENDED: dict[str, str | LazyString] = {**ENDINGS, "handed_over": _l("Another municipality has taken over")}


class FormKey(fields.Field[uuid.UUID]):
    """The id that what is sent will get, made when the form was shown: the same form sent twice is one thing."""

    def __init__(self) -> None:
        super().__init__(load_default=new_id)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> uuid.UUID:
        try:
            return uuid.UUID(str(value))
        except ValueError:
            return new_id()


class ConversationInput(Input):
    """A conversation, in the citizen's own words; `talk.py` says what must be there together."""

    key = FormKey()
    matters = matters_field()
    happened = happened_field()
    next_step = step_field(required=False)
    next_date = day_field(required=False)
    next_time = hour_field(required=False)


class FirstTalkInput(Input):
    """What the first conversation is about: two open questions, what does not exist, and always a next step."""

    key = FormKey()
    matters = matters_field()
    happened = happened_field()
    missing = missing_field()
    next_step = step_field()
    next_date = day_field()
    next_time = hour_field()


class LateFirstTalkInput(ConversationInput):
    """The first conversation of a course that has ended before it was written up: there is no next step to ask for."""

    missing = missing_field()


class BeginningInput(Input):
    """A conversation that begins with one touch of a button: `way` is the key of a `BeforeConversation`."""

    key = FormKey()
    way = fields.String(load_default="")


class EndingInput(Input):
    ending = choice_field(_l("How did it end?"), ENDINGS, missing=_l("Choose how it ended"))


class ReasonInput(Input):
    """Why somebody outside the circle needs to read."""

    reason = text_field(
        _l("Why do you need to read this?"),
        hint=_l("The citizen may be shown who has read, and why."),
        limit=1000,
        missing=_l("Write why you need to read this"),
    )
