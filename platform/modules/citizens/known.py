"""Somebody who comes back: the citizens that a helper may already know, offered so that a person stays one person."""

import uuid
from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import fields

from hjelpa.core.schemas import Input, choice_field, printable
from hjelpa.web.forms import Form
from hjelpa.web.i18n import dates
from modules.citizens.search_queries import list_known

MOST_OFFERED = 10
# The answer that the person has not been helped here before.
NEW_PERSON = "new"


def known_field() -> fields.String:
    """What stands in a form where nobody is asked about."""
    return fields.String(load_default=NEW_PERSON)


def offer(reader: uuid.UUID, names: tuple[str, ...], phones: tuple[str, ...]) -> dict[str, str]:
    """Citizens of the reader's circle with one of these names or numbers: id and words for each."""
    written, typed_names, typed_phones = dates(), tuple(map(printable, names)), tuple(map(printable, phones))
    return {
        str(row.id): gettext("%(name)s, last met %(day)s", name=row.name, day=written.day(row.met_at))
        for row in list_known(typed_names, typed_phones, reader, limit=MOST_OFFERED)
    }


def asking(form: type[Input], offered: Mapping[str, str], *, chosen: str = "") -> type[Input]:
    """A form with a `known_field`, which asks who it is where there is somebody to choose.

    `chosen` is what was sent: a person who may no longer be chosen is asked about again, and never taken for a new one.
    """
    if not offered and chosen in ("", NEW_PERSON):
        return form
    known = choice_field(
        _l("Is this somebody you know?"),
        {**offered, NEW_PERSON: _l("No, a new person")},
        hint=_l("What you write below about name, phone and age then replaces what was written before."),
        missing=_l("Choose the person, or “No, a new person”"),
    )
    meta = type("Meta", (Input.Meta,), {"register": False})
    return type("Asking", (form,), {"known": known, "Meta": meta})


def chosen_in(form: Form) -> uuid.UUID | None:
    """The citizen chosen in a form that is all right; None for a new person."""
    known = form.values["known"]
    return None if known == NEW_PERSON else uuid.UUID(known)
