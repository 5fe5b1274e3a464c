"""What people write about help that does not exist."""

import uuid
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from marshmallow import fields

from hjelpa.core.schemas import Input, text_field
from hjelpa.core.types import new_blind_id

LIMIT = 2_000

SOURCES: dict[str, LazyString] = {
    "contact": _l("At the first contact"),
    "conversation": _l("In a conversation"),
    "plan": _l("In work on a plan"),
    "catalogue": _l("In a search for help that exists"),
    "written": _l("Written here"),
}


class BlindKey(fields.Field[uuid.UUID]):
    """The id that what is sent will get, so that the same form sent twice is one need. Only random ids are taken."""

    def __init__(self) -> None:
        super().__init__(load_default=new_blind_id)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> uuid.UUID:
        try:
            key = uuid.UUID(str(value))
        except ValueError:
            return new_blind_id()
        return key if key.version == 4 else new_blind_id()


class NeedInput(Input):
    key = BlindKey()
    words = text_field(
        _l("What would have helped, and does not exist?"),
        hint=_l("Write without names, places and anything else by which somebody could be recognised."),
        limit=LIMIT,
        missing=_l("Write what would have helped"),
    )


class FilterInput(Input):
    q = text_field(_l("Words"), required=False)
