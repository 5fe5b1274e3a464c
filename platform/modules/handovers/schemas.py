"""What is written when a course is handed over, and when one is accepted or refused."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate

from hjelpa.core.schemas import Input, check_field, choice_field, date_field, text_field
from modules.citizens.known import known_field
from modules.citizens.schemas import AGES, FormKey

LETTER_LENGTH = 4000

KINDS: dict[str, str | LazyString] = {
    "colleague": _l("A colleague"),
    "door": _l("Another of our doors"),
    "service": _l("Another service in the municipality"),
    "municipality": _l("The Hjelpa of another municipality"),
}

WHOM: dict[str, LazyString] = {
    "colleague": _l("Who shall take over?"),
    "door": _l("Which door?"),
    "service": _l("Who receives there?"),
    "municipality": _l("Which municipality?"),
}


class HandoverInput(Input):
    """The letter to the receiver, the deadline, and what the citizen has said yes to."""

    key = FormKey()
    service = text_field(
        _l("Which service?"), required=False, hint=_l("Such as the school health service, or child welfare.")
    )
    summary = text_field(
        _l("What do they need to know?"),
        hint=_l(
            "Write it together with the citizen, in their words. The receiver reads only this until they accept."
        ),
        limit=LETTER_LENGTH,
        missing=_l("Write what the receiver needs to know"),
    )
    wishes = text_field(
        _l("What does the citizen wish?"),
        hint=_l("How they would like to be met, and what they do not want to tell again."),
        limit=LETTER_LENGTH,
        required=False,
    )
    day = date_field(_l("Answer by"), hint=_l("You are responsible until they have accepted."))
    agreed = check_field(_l("I have asked the citizen, and they have said yes"))


def asking(kind: str, people: Mapping[str, str], offered: Mapping[str, str]) -> type[HandoverInput]:
    """The form for one kind of receiver: whom one may choose, and which parts the citizen is asked about."""

    class Asking(HandoverInput):
        class Meta(Input.Meta):
            register = False

        whom = choice_field(WHOM[kind], people, missing=_l("Choose who shall take over"))
        parts = fields.List(
            fields.String(validate=validate.OneOf(list(offered))),
            load_default=list,
            metadata={
                "label": _l("What has the citizen said yes to telling?"),
                "choices": offered,
                "hint": _l("Nothing else of the record is shown before they have accepted."),
            },
        )

    return Asking


class RefusalInput(Input):
    reason = text_field(
        _l("Why can you not take over?"),
        hint=_l("The sender reads it and finds another way together with the citizen. Leave names out."),
        limit=1000,
        missing=_l("Write why you cannot take over"),
    )


def receiving(helpers: Mapping[str, str]) -> type[Input]:
    """The form in which somebody from another municipality is received."""

    class Receiving(Input):
        class Meta(Input.Meta):
            register = False

        known = known_field()
        helper = choice_field(
            _l("Who is responsible from now on?"), helpers, missing=_l("Choose who is responsible")
        )
        name = text_field(_l("Name"), missing=_l("Write what the person is called"))
        phone = text_field(_l("Phone"), required=False, limit=40)
        age_band = choice_field(_l("How old is the person?"), AGES, missing=_l("Choose an age"))

    return Receiving
