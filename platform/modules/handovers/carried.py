"""What may be told of a citizen before somebody has taken over, and what goes with them to another municipality."""

import uuid
from collections.abc import Collection, Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import Carried, Text
from hjelpa.core.permissions import features
from hjelpa.core.visitor import get_seat
from hjelpa.web.i18n import moment
from modules.citizens.queries import find_citizen
from modules.handovers.queries import find_agreement
from modules.handovers.rules import AGE, AGREEMENTS, SUMMARY, WHO, carried_parts
from modules.handovers.sealing import Package

WHO_TITLE = _l("Name, and how to reach them")
# Of the citizen's own record; what other features offer comes after.
_OWN: dict[str, Text] = {
    WHO: WHO_TITLE,
    AGE: _l("Age group"),
    SUMMARY: _l("What is written above, in the citizen's words"),
    AGREEMENTS: _l("What we have agreed on"),
}


def list_offered(kind: str) -> dict[str, Text]:
    """The parts that the citizen is asked about, by id. Colleagues get to the record itself when they have accepted."""
    if kind != "municipality":
        return {WHO: WHO_TITLE}
    return _OWN | {part.id: part.title for part in _others()}


def _others() -> Sequence[Carried]:
    on = features().enabled(get_seat().modules_off)
    return [part for manifest in on for part in manifest.carried]


def pack(
    course_id: uuid.UUID, citizen_id: uuid.UUID, agreed: Collection[str], *, summary: str, wishes: str
) -> Package:
    """Only what the citizen has said yes to is even loaded. Give it a course that has been opened by the gate."""
    citizen = find_citizen(citizen_id) if {WHO, AGE} & set(agreed) else None
    texts = [
        (SUMMARY, gettext("In the citizen's words"), summary),
        (SUMMARY, gettext("What the citizen wishes"), wishes),
        (AGREEMENTS, gettext("Agreed"), _agreement(course_id) if AGREEMENTS in agreed else ""),
        *((part.id, str(part.title), part.fetch(course_id)) for part in _others() if part.id in agreed),
    ]
    return Package(
        name=citizen.name if citizen and WHO in agreed else "",
        phone=(citizen.phone or "") if citizen and WHO in agreed else "",
        age_band=citizen.age_band if citizen and AGE in agreed else "",
        parts=tuple(carried_parts(texts, agreed)),
    )


def _agreement(course_id: uuid.UUID) -> str:
    found = find_agreement(course_id)
    if found is None or not found.next_step:
        return ""
    when = moment(found.next_step_at)
    return f"{found.next_step} ({when})" if when else str(found.next_step)
