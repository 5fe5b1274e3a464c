"""What a form about doors and duty may say together, with a message at the field where it may not."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from hjelpa.core.schemas import local_moment
from hjelpa.web.forms import Form
from tenants.units.commands import keep_all_seated
from tenants.units.rules import TurnProblem, find_turn_problem, missing_people

_MISSING = {
    "leader_id": _l("An open door needs a leader. Choose one, or leave the door closed."),
    "duty_id": _l("An open door needs somebody on duty. Choose one, or leave the door closed."),
    "deputy_id": _l("An open door needs a deputy. Choose one, or leave the door closed."),
}
_SAME = _l("The deputy is somebody else than the one on duty")
_LEFT = _l("This person has left. Choose somebody else.")
_PROBLEMS: dict[TurnProblem, tuple[str, object]] = {
    "ends_first": ("until_date", _l("The turn must end after it begins")),
    "over": ("until_date", _l("This turn is over already. Choose a later end.")),
    "too_far": ("until_date", _l("This day is more than two years away. Check the year.")),
}


def refuse_missing(form: Form) -> None:
    """An open door without its people."""
    for task in missing_people(form.values):
        form.refuse(task, _MISSING[task])


def refuse_same(form: Form) -> None:
    """One person for both tasks, and people who have just left."""
    if form.values.get("duty_id") and form.values.get("duty_id") == form.values.get("deputy_id"):
        form.refuse("deputy_id", _SAME)
    for task in keep_all_seated(form.values):
        form.refuse(task, _LEFT)


def read_turn(form: Form, now: datetime) -> tuple[datetime, datetime] | None:
    """When a turn begins and ends; None where it is not said or cannot be, then with a message at its field."""
    starts_at, ends_at = _read_moment(form, "from"), _read_moment(form, "until")
    if starts_at is None or ends_at is None:
        return None
    problem = find_turn_problem(starts_at, ends_at, now)
    if problem is not None:
        form.refuse(*_PROBLEMS[problem])
        return None
    return starts_at, ends_at


def _read_moment(form: Form, end: str) -> datetime | None:
    day, at = form.values.get(f"{end}_date"), form.values.get(f"{end}_time")
    return None if day is None or at is None else local_moment(day, at)
