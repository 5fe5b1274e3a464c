"""When somebody made contact: now, or earlier where the contact is written down afterwards."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from hjelpa.core.schemas import local_moment
from hjelpa.web.forms import Form
from modules.contacts.rules import ArrivalProblem, find_arrival_problem

_PROBLEMS: dict[ArrivalProblem, tuple[str, object]] = {
    "day_ahead": ("received_date", _l("This day has not come yet. Choose today or an earlier day.")),
    "time_ahead": ("received_time", _l("This time has not come yet. Write an earlier time.")),
    "too_long_ago": ("received_date", _l("This day is more than 90 days ago. Check the date.")),
}


def read_arrival(form: Form, now: datetime) -> datetime | None:
    """The moment that was written, or None where none was or it cannot be right; then with a message at its field."""
    day, hour = (form.value(name).strip() for name in ("received_date", "received_time"))
    if day and not hour:
        form.refuse("received_time", _l("Write a time"))
    if hour and not day:
        form.refuse("received_date", _l("Choose a date"))
    date, time = form.values.get("received_date"), form.values.get("received_time")
    if date is None or time is None:
        return None
    problem = find_arrival_problem(date, time, now)
    if problem is not None:
        form.refuse(*_PROBLEMS[problem])
        return None
    return local_moment(date, time)
