"""What ends a follow-up: when the conversation was, what was said, and the next step with its time."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from hjelpa.core.schemas import LONG_TEXT, Input, date_field, text_field, time_field
from modules.citizens.talk import day_field, hour_field, step_field

SIGNS: dict[str, LazyString] = {
    "outcome": _l("The answers say that things are getting worse"),
    "alliance": _l("The conversation was not as the citizen wished"),
    "said": _l("Said: not satisfied, or wants to talk"),
    "off_track": _l("Two low answers in a row"),
    "deteriorated": _l("The answers say that things are clearly worse than at first"),
    "alliance_low": _l("Something about the conversation was not as the citizen wished"),
    "alliance_fell": _l("The citizen found the conversation less good than the one before"),
    "no_answer": _l("No whole answer for a while"),
    "no_movement": _l("The answers have been much the same for a long time"),
}


class ClosingInput(Input):
    """The conversation that ends a follow-up; the time it was held is checked against the follow-up's own."""

    held_date = date_field(_l("Which day did you talk?"))
    held_time = time_field(_l("What time did you talk?"))
    words = text_field(
        _l("What did the citizen say?"),
        hint=_l("In their own words: what was not good, and what they want instead."),
        limit=LONG_TEXT,
        missing=_l("Write what was said"),
    )
    next_step = step_field()
    next_date = day_field()
    next_time = hour_field()
