"""What an administrator writes about a pack, its licence and its forms."""

from typing import Any, cast

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, validate

from hjelpa.core.schemas import Input, check_field, choice_field, date_field, text_field
from modules.citizens.schemas import FormKey
from modules.feedback.scales.forms import AGES, MOST_LINES

Labels = dict[str, str | LazyString]

KINDS: Labels = {
    "outcome": _l("Before the conversation: how it has been"),
    "alliance": _l("After the conversation: how it was"),
}
AGE_NAMES: Labels = {"child": _l("Children"), "adolescent": _l("Young people"), "adult": _l("Adults")}
FORM_LANGUAGES: Labels = {"nb": "Bokmål", "nn": "Nynorsk", "da": "Dansk", "en": "English"}
DIRECTIONS: Labels = {
    "higher": _l("A higher total is better"),
    "lower": _l("A lower total is better"),
}
STATES: Labels = {
    "verified": _l("Verified: somebody has seen it in the source"),
    "estimated": _l("Estimated from answers"),
    "unverified": _l("Not verified: it is shown, and used in no figure"),
}


class LicenceInput(Input):
    """The right to use the words."""

    key = FormKey()
    holder = text_field(
        _l("Who holds the licence?"),
        hint=_l("As it stands in the licence."),
        missing=_l("Write who holds the licence"),
    )
    reference = text_field(
        _l("Reference"),
        hint=_l("The number or the agreement by which the licence can be found again."),
        missing=_l("Write how the licence can be found again"),
    )
    expires_on = date_field(
        _l("Last day"), hint=_l("After this day nothing is handed over in these forms. What was answered is kept.")
    )


class PackInput(LicenceInput):
    name = text_field(_l("What is it called?"), limit=100, missing=_l("Write what it is called"))


class Points(fields.Field[float]):
    """A number of points as people write it: 25 or 25,5."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        text = str(value).replace(",", ".")
        whole, _, decimals = text.partition(".")
        if not whole.isascii() or not whole.isdigit() or len(whole) > 3 or len(decimals) > 2:
            raise ValidationError(_l("Write a number, such as 25 or 25,5"))
        if decimals and not (decimals.isascii() and decimals.isdigit()):
            raise ValidationError(_l("Write a number, such as 25 or 25,5"))
        return float(text)


def _whole(label: LazyString, lowest: int, highest: int, hint: LazyString | None = None) -> fields.Integer:
    said = _l("Write a whole number from %(lowest)s to %(highest)s", lowest=lowest, highest=highest)
    return fields.Integer(
        required=True,
        validate=validate.Range(lowest, highest, error=said),
        error_messages={"required": said, "null": said, "invalid": said, "too_large": said},
        metadata={"label": label, "hint": hint},
    )


def _constant_fields(prefix: str) -> dict[str, fields.Field[Any]]:
    """A number with where it is from, its state, and when that was checked."""
    return {
        prefix: Points(metadata={"label": _l("Points"), "hint": _l("Leave it empty if there is none.")}),
        f"{prefix}_source": text_field(_l("Where is it from?"), required=False, limit=500),
        f"{prefix}_state": choice_field(_l("Is it verified?"), STATES, required=False),
        f"{prefix}_checked_on": date_field(_l("Checked on"), required=False),
    }


def _line_fields(number: int) -> dict[str, fields.Field[Any]]:
    return {
        f"line{number}_title": text_field(_l("Title"), required=False),
        f"line{number}_text": text_field(_l("Sentence under it"), required=False, limit=500),
        f"line{number}_left": text_field(_l("At the left end"), required=False),
        f"line{number}_right": text_field(_l("At the right end"), required=False),
    }


CONSTANTS = (*(f"cut_off_{band}" for band in AGES), "reliable_change")

_WORDS: dict[str, Any] = {
    "key": FormKey(),
    "version": fields.Integer(load_default=0, error_messages={"invalid": _l("Open the page again")}),
    "language": choice_field(_l("Language of the text"), FORM_LANGUAGES),
    "ages": fields.List(
        fields.String(validate=validate.OneOf(AGES, error=_l("Choose among those shown"))),
        required=True,
        validate=validate.Length(min=1, error=_l("Choose at least one")),
        error_messages={"required": _l("Choose at least one")},
        metadata={"label": _l("For whom?"), "choices": AGE_NAMES},
    ),
    "question": text_field(
        _l("Question"), limit=300, hint=_l("The heading of the page."), missing=_l("Write the question")
    ),
    "lead": text_field(_l("Guidance under the question"), required=False, limit=1000),
    "may_miss": _whole(
        _l("How many lines may be missing?"),
        0,
        MOST_LINES - 1,
        _l(
            "If no more are unanswered, the others count for them by their mean. With 0, every line must be answered."
        ),
    ),
    "source": text_field(
        _l("Where are the words and the rules from?"),
        limit=500,
        hint=_l("The rules are the range, the direction, the reversed lines and how many may be missing."),
        missing=_l("Write where they are from"),
    ),
    "state": choice_field(_l("Are they verified?"), STATES),
    "checked_on": date_field(_l("Checked on"), required=False),
}
for _name in CONSTANTS:
    _WORDS |= _constant_fields(_name)

_RULES: dict[str, Any] = {
    "kind": choice_field(_l("When is it asked?"), KINDS),
    "item_maximum": _whole(
        _l("Points for the right end of a line"),
        1,
        10,
        _l("The left end is 0. The total is the sum of the lines."),
    ),
    "direction": choice_field(_l("Which way is better?"), DIRECTIONS),
    **{
        f"line{number}_reversed": check_field(
            _l("Reversed: the right end pulls the total down"), hint=_l("Most scales have no such lines.")
        )
        for number in range(1, MOST_LINES + 1)
    },
}


def _lines(count: int) -> dict[str, Any]:
    return {name: field for number in range(1, count + 1) for name, field in _line_fields(number).items()}


# A new form has its rules and up to ten lines; a new version of one has the lines it had, and the rules it had.
FormInput = cast("type[Input]", Input.from_dict({**_WORDS, **_RULES, **_lines(MOST_LINES)}, name="ScaleFormInput"))
VERSIONS = {
    count: cast("type[Input]", Input.from_dict({**_WORDS, **_lines(count)}, name=f"ScaleVersionInput{count}"))
    for count in range(1, MOST_LINES + 1)
}
