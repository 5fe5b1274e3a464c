"""What is asked of somebody who makes contact, and at the first conversation. As little as possible."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from marshmallow import fields

from hjelpa.core.schemas import LONG_TEXT, Input, check_field, choice_field, date_field, text_field, time_field
from modules.citizens.known import known_field
from modules.citizens.schemas import AGES, FirstTalkInput, FormKey
from modules.citizens.talk import day_field, hour_field, step_field

CHANNELS: dict[str, str | LazyString] = {
    "call": _l("Called"),
    "write": _l("Wrote"),
    "drop_in": _l("Dropped in"),
    "call_me": _l("Asked to be called"),
}

MADE_BY: dict[str, str | LazyString] = {
    "self": _l("The person themselves"),
    "for_someone": _l("Somebody on their behalf"),
    "with_service": _l("Another service together with them"),
}


# What a door may be for, besides an area; nothing else divides it.
AGE_GROUPS: dict[str, str | LazyString] = {
    "all": _l("Children and adults"),
    "children": _l("Children and young people"),
    "adults": _l("Adults"),
}


class ContactInput(Input):
    """A contact, as it is registered in under a minute; `arrival.py` says which times of contact can be right."""

    key = FormKey()
    made_by = choice_field(_l("Who made contact?"), MADE_BY)
    consent = check_field(_l("The person knows about this and wants it"))
    channel = choice_field(_l("How?"), CHANNELS)
    received_date = date_field(_l("The day they made contact"), required=False)
    received_time = time_field(_l("The time they made contact"), required=False)
    name = text_field(_l("Name"), required=False, hint=_l("Leave it empty if the person would rather not say."))
    phone = text_field(_l("Phone"), required=False, limit=40)
    words = text_field(
        _l("What do they want help with?"),
        hint=_l("In the person's own words."),
        limit=LONG_TEXT,
        missing=_l("Write a few of the person's own words"),
    )
    next_step = step_field()
    next_date = day_field()
    next_time = hour_field()


def registering(doors: Mapping[str, str]) -> type[ContactInput]:
    """The form of a contact, which asks for the door where there are several (`doors`: slug and name)."""
    if len(doors) < 2:
        return ContactInput

    class AtOneOfSeveral(ContactInput):
        class Meta(Input.Meta):
            register = False

        door = choice_field(_l("Which door?"), doors, missing=_l("Choose the door they came to"))

    return AtOneOfSeveral


class AgreementInput(Input):
    """An agreement with somebody who waits. `seen` is what held when the form was shown."""

    seen = fields.String(load_default="")
    next_step = step_field()
    next_date = day_field()
    next_time = hour_field()


class WhoInput(Input):
    """Who the first conversation is with (`citizens/known.py` asks where they may be known)."""

    key = FormKey()
    known = known_field()
    name = text_field(_l("Name"), missing=_l("Write the name the person wants to be called by"))
    phone = text_field(_l("Phone"), required=False, limit=40)
    age_band = choice_field(_l("How old is the person you help?"), AGES)


class FirstConversationInput(FirstTalkInput, WhoInput):
    """The first conversation: who it is with, and then what it is about."""


class FilterInput(Input):
    """Words to look for in the list."""

    q = text_field(_l("Name"), required=False)
