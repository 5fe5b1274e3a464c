"""What the leader enters for a quarter."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields

from hjelpa.core.schemas import Input, choice_field
from modules.staffing.rules import parse_positions


class Positions(fields.Field[int]):
    """Positions as people write them, in hundredths."""

    def __init__(self) -> None:
        said = _l("Write how many positions there were")
        super().__init__(
            required=True,
            error_messages={"required": said, "null": said},
            metadata={
                "label": _l("Full-time positions"),
                "hint": _l(
                    "All who work in the service, counted together: two half positions are one. For example 12,5."
                ),
            },
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        try:
            return parse_positions(str(value))
        except ValueError:
            raise ValidationError(_l("Write a number from 0,1 to 999, with two decimals at most")) from None


def asking(quarters: Mapping[str, str]) -> type[Input]:
    """The form for one of these quarters (id and words)."""

    class PositionInput(Input):
        class Meta(Input.Meta):
            register = False

        quarter = choice_field(_l("Quarter"), quarters, missing=_l("Choose a quarter"))
        positions = Positions()

    return PositionInput
