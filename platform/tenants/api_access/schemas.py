"""What is chosen for a token of the API."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate

from hjelpa.core.contract import Text
from hjelpa.core.schemas import Input, date_field, text_field
from hjelpa.core.types import new_id

LONGEST_DAYS = 365


def token_input(scopes: Mapping[str, Text]) -> type[Input]:
    """The form; `scopes` are those that a token may be made for."""
    said = _l("Choose what it may be used for")
    asked: dict[str, fields.Field[Any]] = {
        "key": fields.UUID(load_default=new_id),
        "name": text_field(
            _l("What is it for?"),
            hint=_l("For example the name of the program."),
            missing=_l("Write what it is for"),
        ),
        "scopes": fields.List(
            fields.String(validate=validate.OneOf(list(scopes), error=said)),
            required=True,
            validate=validate.Length(min=1, error=said),
            error_messages={"required": said},
            metadata={"label": _l("What may it be used for?"), "choices": scopes},
        ),
        "expires_on": date_field(_l("Last day"), hint=_l("At most a year from now.")),
    }
    return type("TokenInput", (Input,), dict(asked))
