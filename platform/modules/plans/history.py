"""Changes of a plan as sentences: who, where from, what, and what stood there before."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from modules.plans.models_access import Change
from modules.plans.wording import FIELDS, PARTS, say_value


@dataclass(frozen=True, slots=True)
class Line:
    """One change. `old` and `new` are empty where there was nothing."""

    at: datetime
    sentence: str
    about: str
    old: str
    new: str
    saved: bool


def tell(change: Change) -> Line:
    return Line(
        change.created_at,
        _sentence(change),
        change.label,
        say_value(change.field, change.old),
        say_value(change.field, change.new),
        change.saved,
    )


def _sentence(change: Change) -> str:
    who = change.by_name
    if change.service:
        who = gettext("%(name)s (%(service)s)", name=change.by_name, service=change.service)
    part, field = str(PARTS.get(change.part, change.part)), str(FIELDS.get(change.field, change.field))
    if not change.saved:
        return str(gettext("%(who)s wrote at the same time as another, and this was not saved: %(part)s, %(field)s", who=who, part=part, field=field))  # fmt: skip
    if change.field == "made":
        if change.part == "plan":
            return str(gettext("%(who)s began the plan", who=who))
        return str(gettext("%(who)s added: %(part)s", who=who, part=part))
    if change.part in ("adult", "share") and change.field in ("given", "withdrawn"):
        given = change.field == "given"
        said = (
            gettext("%(who)s gave access to %(name)s")
            if given
            else gettext("%(who)s withdrew access for %(name)s")
        )
        return str(said) % {"who": who, "name": change.label}
    if change.part in ("progress", "evaluation"):
        return str(gettext("%(who)s said: %(part)s, %(field)s", who=who, part=part, field=field))
    return str(gettext("%(who)s changed: %(part)s, %(field)s", who=who, part=part, field=field))
