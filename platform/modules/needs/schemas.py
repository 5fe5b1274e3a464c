"""What people write about help that does not exist."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from hjelpa.core.schemas import Input, text_field
from hjelpa.core.versions import Version
from modules.citizens.traceless import BlindKey

LIMIT = 2_000

SOURCES: dict[str, LazyString] = {
    "contact": _l("At the first contact"),
    "conversation": _l("In a conversation"),
    "plan": _l("In work on a plan"),
    "catalogue": _l("In a search for help that exists"),
    "written": _l("Written here"),
}


class NeedInput(Input):
    """`key` is the id that a new need gets, `version` that of the words which are changed."""

    key = BlindKey()
    version = Version()
    words = text_field(
        _l("What would have helped, and does not exist?"),
        hint=_l("Write without names, places and anything else by which somebody could be recognised."),
        limit=LIMIT,
        missing=_l("Write what would have helped"),
    )


class FilterInput(Input):
    q = text_field(_l("Words"), required=False)
