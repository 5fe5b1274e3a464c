"""What ends a follow-up: when the conversation was, what was said, and the next step with its time."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from hjelpa.core.schemas import LONG_TEXT, Input, date_field, text_field, time_field
from modules.citizens.talk import day_field, hour_field, step_field

SIGNS: dict[str, LazyString] = {
    "outcome": _l("The answers say that things are getting worse"),
    "alliance": _l("The conversation was not as the citizen wished"),
    "off_track": _l("The help leads nowhere so far"),
    "said": _l("Said: not satisfied, or wants to talk"),
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
