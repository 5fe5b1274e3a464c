"""Input as marshmallow schemas: one description of a form or an API body, with messages a person understands."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate

LOCAL = ZoneInfo("Europe/Oslo")

# Long enough for any real story, short enough that one form cannot fill a disk.
LONG_TEXT = 20_000
SHORT_TEXT = 200

# Control characters that no keyboard makes and PostgreSQL or XML refuses; tab and line breaks stay.
_CONTROLS = [*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F]
# Embeddings, overrides and isolates of writing direction: one in a name turns the page around it. The plain marks
# (U+200E, U+200F) stay, since names in Arabic or Hebrew may need them.
_TURNS = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_UNPRINTABLE = dict.fromkeys([*_CONTROLS, *_TURNS])


def printable(text: str) -> str:
    """Text as it may be kept and searched for: no control characters, nothing that turns its direction, line breaks alike, no space around it."""
    return text.translate(_UNPRINTABLE).replace("\r\n", "\n").strip()


class Input(Schema):
    """Base of every input: unknown fields ignored, text trimmed, control characters dropped, all errors at once."""

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def clean(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        cleaned = {name: printable(value) if isinstance(value, str) else value for name, value in data.items()}
        # A browser sends an empty field as empty text; to a schema it is a field that was not filled in.
        return {name: value for name, value in cleaned.items() if value != ""}


def text_field(
    label: str | LazyString,
    *,
    required: bool = True,
    limit: int = SHORT_TEXT,
    hint: str | LazyString | None = None,
    missing: str | LazyString | None = None,
) -> fields.String:
    """One line or paragraph of text; `missing` is what is said when it is required and empty."""
    said = missing or _l("Fill this in")
    checks: list[validate.Validator] = [Filled(said), Short(limit)] if required else [Short(limit)]
    extra: dict[str, Any] = {"required": True} if required else {"load_default": ""}
    return fields.String(
        validate=checks,
        error_messages={"required": said, "null": said, "invalid": _l("Write this as text")},
        metadata={"label": label, "hint": hint, "limit": limit},
        **extra,
    )


def choice_field(
    label: str | LazyString,
    choices: Mapping[str, str | LazyString],
    *,
    required: bool = True,
    hint: str | LazyString | None = None,
    missing: str | LazyString | None = None,
) -> fields.String:
    """One of several, shown as radios or a select."""
    said = missing or _l("Choose one")
    return fields.String(
        required=required,
        validate=validate.OneOf(list(choices), error=said),
        error_messages={"required": said, "null": said, "invalid": said},
        metadata={"label": label, "hint": hint, "choices": choices},
    )


def check_field(label: str | LazyString, *, hint: str | LazyString | None = None) -> fields.Boolean:
    """A tick; absent means no."""
    return fields.Boolean(
        load_default=False,
        truthy={"on", "true", "1", "yes", True},
        falsy={"off", "false", "0", "no", "", False},
        error_messages={"invalid": _l("Tick or leave empty")},
        metadata={"label": label, "hint": hint, "type": "checkbox"},
    )


class Filled(validate.Validator):
    """Refuses empty text with the field's own words."""

    def __init__(self, message: str | LazyString) -> None:
        self.message = message

    def __call__(self, value: str) -> str:
        if not value:
            raise ValidationError([self.message])
        return value


class Short(validate.Validator):
    """Refuses text that is too long, saying how long it may be and how long it is."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, value: str) -> str:
        if len(value) > self.limit:
            message = _l("At most %(limit)s characters; this is %(length)s", limit=self.limit, length=len(value))
            # In a list: validators' messages are gathered one by one, and a lazy text would come letter by letter.
            raise ValidationError([message])
        return value


class LocalDate(fields.Field[date]):
    """A date as a browser's date field sends it (2026-11-21) or as people write it (21.11.2026)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
            try:
                return datetime.strptime(str(value), pattern).date()
            except ValueError:
                continue
        raise ValidationError(_l("Write the date like this: 21.11.2026"))


class LocalTime(fields.Field[time]):
    """A time of day: 09:30, 9.30 or 930."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> time:
        digits = str(value).replace(".", ":").replace(":", "")
        # "9" and "14" are hours as people write them; "930" is half past nine.
        digits = f"{digits}00" if len(digits) <= 2 else digits
        digits = digits.zfill(4)
        try:
            return datetime.strptime(digits, "%H%M").time()
        except ValueError:
            raise ValidationError(_l("Write the time like this: 09:30")) from None


def date_field(
    label: str | LazyString, *, required: bool = True, hint: str | LazyString | None = None
) -> LocalDate:
    said = _l("Choose a date")
    return LocalDate(
        required=required,
        error_messages={"required": said, "null": said},
        metadata={"label": label, "hint": hint, "type": "date"},
    )


def time_field(
    label: str | LazyString, *, required: bool = True, hint: str | LazyString | None = None
) -> LocalTime:
    said = _l("Write a time")
    return LocalTime(
        required=required,
        error_messages={"required": said, "null": said},
        metadata={"label": label, "hint": hint, "type": "time"},
    )


def local_moment(day: date, at: time) -> datetime:
    """A local date and time as a moment."""
    return datetime.combine(day, at, tzinfo=LOCAL)
