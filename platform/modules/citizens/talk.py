"""A conversation as forms ask for it: two open questions, and the agreed next step with its day and time."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l
from marshmallow import fields

from hjelpa.core.schemas import (
    LOCAL,
    LONG_TEXT,
    LocalDate,
    LocalTime,
    date_field,
    local_moment,
    text_field,
    time_field,
)
from hjelpa.core.types import utcnow
from hjelpa.web.forms import Form
from hjelpa.web.i18n import moment
from modules.citizens.rules import TimeProblem, find_time_problem, missing_parts

STEP_LENGTH = 1000

_MISSING = {
    "next_step": _l("Write what you agreed on"),
    "next_date": _l("Choose a date"),
    "next_time": _l("Write a time"),
}
_PROBLEMS: dict[TimeProblem, tuple[str, object]] = {
    "day_passed": ("next_date", _l("This day has passed. Choose today or a later day.")),
    "time_passed": ("next_time", _l("This time has passed. Choose a later time.")),
    "too_far": ("next_date", _l("This day is more than two years away. Check the year.")),
}


def matters_field() -> fields.String:
    return _question(_l("What matters to you?"))


def happened_field() -> fields.String:
    return _question(_l("What has happened to you?"))


def _question(words: LazyString) -> fields.String:
    return text_field(words, hint=_l("In the citizen's own words."), limit=LONG_TEXT, required=False)


def step_field(*, required: bool = True) -> fields.String:
    return text_field(
        _l("What did you agree on?"),
        hint=_l("The next step, and who takes it."),
        limit=STEP_LENGTH,
        required=required,
        missing=_MISSING["next_step"],
    )


def missing_field() -> fields.String:
    return text_field(
        _l("What would have helped, but does not exist?"),
        required=False,
        limit=STEP_LENGTH,
        hint=_l("Kept without saying who it was. Leave out names."),
    )


def day_field(*, required: bool = True) -> LocalDate:
    return date_field(_l("Which day?"), required=required)


def hour_field(*, required: bool = True) -> LocalTime:
    return time_field(_l("What time?"), required=required)


def today() -> str:
    """Today as a date field takes it."""
    return utcnow().astimezone(LOCAL).date().isoformat()


def refuse_silence(form: Form) -> None:
    """A conversation has something under at least one of the two questions."""
    if not (form.value("matters").strip() or form.value("happened").strip()):
        form.refuse("matters", _l("Write something under one of the two questions"))


def refuse_half_an_agreement(form: Form) -> None:
    """Where the next step may be left out, it is all there or not at all."""
    parts = [form.value(name).strip() for name in ("next_step", "next_date", "next_time")]
    for name in missing_parts(*parts):
        form.refuse(name, _MISSING[name])


def check(form: Form, now: datetime) -> datetime | None:
    """What no field of a conversation's form knows alone; returns the agreed moment, None where none was agreed."""
    refuse_silence(form)
    if not form.required("next_step"):
        refuse_half_an_agreement(form)
    return read_next_step(form, earliest=now) if form.value("next_step").strip() else None


def read_next_step(form: Form, *, earliest: datetime) -> datetime | None:
    """The agreed moment in a form's values, or None where none was agreed or it cannot be right.

    What cannot be right gets its message at the field it belongs to.
    """
    day, hour = form.values.get("next_date"), form.values.get("next_time")
    if day is None or hour is None:
        return None
    problem = find_time_problem(day, hour, earliest)
    if problem is not None:
        form.refuse(*_PROBLEMS[problem])
        return None
    return local_moment(day, hour)


def receipt(next_at: datetime | None, responsible: Sequence[str]) -> str:
    """What happens next and who answers for it (nobody in a course that has ended), after a conversation.

    It names no citizen: receipts travel in a cookie.
    """
    if not responsible:
        return gettext("The conversation is saved.")
    said = _l("The conversation is saved. The next step is agreed for %(when)s; %(name)s is responsible.")
    if next_at is None:
        said = _l("The conversation is saved. No next step was agreed; %(name)s is responsible.")
    return str(said) % {"when": moment(next_at), "name": gettext(" and ").join(responsible)}
