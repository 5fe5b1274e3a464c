"""What is written about a service, about help that is missing, and about guidance given."""

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, validate, validates

from hjelpa.core.schemas import Input, choice_field, date_field, text_field
from modules.citizens.schemas import FormKey
from modules.citizens.unnamed import names_a_number
from modules.services.rules import web_address

KINDS: dict[str, str | LazyString] = {
    "municipality": _l("The municipality"),
    "community": _l("Volunteers, sports and neighbours"),
    "outside": _l("Outside the municipality"),
}

AUDIENCES: dict[str, str | LazyString] = {
    "everyone": _l("Everyone"),
    "children": _l("Children"),
    "young": _l("Young people"),
    "families": _l("Parents and families"),
    "adults": _l("Adults"),
}

LANGUAGES: dict[str, str | LazyString] = {
    "nb": "Bokmål",
    "nn": "Nynorsk",
    "da": "Dansk",
    "se": "Davvisámegiella",
    "en": "English",
}

TO_WHOM: dict[str, str | LazyString] = {
    "parent": _l("Parents or others at home"),
    "kindergarten": _l("Kindergarten"),
    "school": _l("School"),
    "other": _l("Others"),
}

CHANNELS: dict[str, str | LazyString] = {"phone": _l("By phone"), "meeting": _l("In a meeting")}

SHOWN: dict[str, str | LazyString] = {
    "all": _l("All that is offered"),
    "mine": _l("Those I keep right"),
    "old": _l("Not checked for a year"),
    "ownerless": _l("Needs a new owner"),
    "archived": _l("Put away"),
}


class ServiceInput(Input):
    """A service in plain words; `with_owners` adds who may keep it right."""

    key = FormKey()
    version = fields.Integer(load_default=0, error_messages={"invalid": _l("Open the page again")})
    name = text_field(_l("Name"), missing=_l("Write what it is called"))
    kind = choice_field(_l("Who offers it?"), KINDS)
    audience = choice_field(_l("For whom?"), AUDIENCES)
    involves = text_field(
        _l("What does it involve?"),
        limit=4000,
        hint=_l("What happens, where, how often and with whom. As you would say it to a neighbour."),
        missing=_l("Write what it involves"),
    )
    for_whom = text_field(
        _l("Who is it for?"), limit=1000, hint=_l("In plain words."), missing=_l("Write who it is for")
    )
    how_to_start = text_field(
        _l("How does one start?"),
        limit=1000,
        hint=_l("What the person does first, and what happens then."),
        missing=_l("Write how one starts"),
    )
    cost = text_field(_l("What does it cost?"), required=False, hint=_l("Leave it empty if it is free."))
    phone = text_field(_l("Phone"), required=False, limit=40)
    web = text_field(_l("Web page"), required=False, limit=300)
    address = text_field(_l("Address"), required=False, limit=300)
    keywords = text_field(
        _l("Other words for it"),
        required=False,
        limit=500,
        hint=_l("Everyday words that people look for, such as sleep, quarrel, alone, money."),
    )
    language = choice_field(_l("Language of the text"), LANGUAGES)

    @validates("web")
    def refuse_what_cannot_be_opened(self, value: str, **_: Any) -> None:
        if value and web_address(value) is None:
            raise ValidationError([_l("Write the address of a web page, such as www.example.no")])


def with_owners(owners: Mapping[str, str]) -> type[ServiceInput]:
    """The form of a service, in which one of these colleagues keeps the text right."""

    class Owned(ServiceInput):
        class Meta(Input.Meta):
            register = False

        owner = choice_field(
            _l("Who keeps this right?"),
            owners,
            hint=_l("Is asked once a year whether it is still correct."),
            missing=_l("Choose who keeps this right"),
        )

    return Owned


class FilterInput(Input):
    q = text_field(_l("What do you look for?"), required=False)


class WishInput(Input):
    """Help that somebody looked for and that does not exist."""

    words = text_field(
        _l("What would have helped?"),
        limit=1000,
        hint=_l("In a few words, and without names. Nobody is told who wrote it."),
        missing=_l("Write what would have helped"),
    )


class GuidanceInput(Input):
    """Guidance given to somebody, about nobody in particular."""

    key = FormKey()
    given_on = date_field(_l("When?"))
    to_whom = choice_field(_l("To whom?"), TO_WHOM)
    channel = choice_field(_l("How?"), CHANNELS)
    about = text_field(
        _l("About what?"),
        limit=300,
        hint=_l("A few words. No names, and nothing by which somebody may be known."),
        missing=_l("Write in a few words what it was about"),
    )

    @validates("about")
    def refuse_numbers(self, value: str, **_: Any) -> None:
        """A number long enough to belong to a person can be told from words; a name cannot."""
        if names_a_number(value):
            raise ValidationError([_l("Leave out phone numbers and other numbers that belong to a person")])


def with_services(offered: Mapping[str, str]) -> type[GuidanceInput]:
    """The form of guidance, in which the services that were mentioned are ticked."""

    class Mentioning(GuidanceInput):
        class Meta(Input.Meta):
            register = False

        services = fields.List(
            fields.String(validate=validate.OneOf(list(offered), error=_l("Choose among those shown"))),
            load_default=list,
            metadata={"label": _l("Which services were mentioned?"), "choices": offered},
        )

    return Mentioning
