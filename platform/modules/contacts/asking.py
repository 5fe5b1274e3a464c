"""What the public door asks, and no more than four things: who, a name, how to reach you, and your words."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from marshmallow import fields

from hjelpa.core.schemas import LONG_TEXT, Input, choice_field, printable, text_field
from hjelpa.web.forms import Form
from modules.contacts.reach import Reach, is_blank, read_reach

# The yes of whoever it is about is a part of the choice, so that it is no question of its own.
WHO: dict[str, str | LazyString] = {
    "self": _l("Myself, or my family"),
    "for_someone": _l("Somebody else, who knows about this and wants it"),
    "with_service": _l("Somebody I meet at work. We write this together"),
}

_NO_WAY = _l("Write a telephone number or an e-mail address, so that we can answer")
_NO_NUMBER = _l("Write a telephone number, so that we can call")


def _who() -> fields.String:
    return choice_field(_l("Who is it about?"), WHO, missing=_l("Choose who it is about"))


def _name() -> fields.String:
    return text_field(_l("What shall we call you?"), required=False)


class WriteInput(Input):
    """A message, which is answered."""

    made_by = _who()
    name = _name()
    reach = text_field(
        _l("How can we reach you?"), hint=_l("A telephone number or an e-mail address."), missing=_NO_WAY
    )
    words = text_field(
        _l("What would you like to tell us?"),
        hint=_l("A few words are enough."),
        limit=LONG_TEXT,
        missing=_l("Write a few words, so that we know what to answer"),
    )


class CallMeInput(Input):
    """A wish to be called up."""

    made_by = _who()
    name = _name()
    reach = text_field(_l("Which number shall we call?"), missing=_NO_NUMBER)
    words = text_field(
        _l("When does it suit you?"),
        hint=_l("Write also what it is about, if you like."),
        limit=LONG_TEXT,
        required=False,
    )


def read_asked(schema: type[WriteInput | CallMeInput], form: Form) -> Reach:
    """What a schema cannot know: that a number is a number, and that words are there to be seen."""
    typed = printable(form.value("reach"))
    reach, by_phone = read_reach(typed), schema is CallMeInput
    if typed and not (reach.phone or (reach.email and not by_phone)):
        form.refuse("reach", _NO_NUMBER if by_phone else _NO_WAY)
    if not by_phone and is_blank(form.value("words")):
        form.refuse("words", _l("Write a few words, so that we know what to answer"))
    if form.ok and is_blank(form.values["name"]):
        form.values["name"] = ""
    return reach
