"""The form of a handover: whom one may ask, what must be there together, and the values that follow from it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from hjelpa.core.contract import Text
from hjelpa.core.types import new_id
from hjelpa.web.forms import Form
from modules.citizens.queries import Head
from modules.handovers import packages
from modules.handovers.carried import list_offered
from modules.handovers.rules import (
    DeadlineProblem,
    deadline_of,
    default_day,
    find_deadline_problem,
    needs_consent,
)
from modules.handovers.schemas import HandoverInput, asking
from tenants.guests.queries import find_country
from tenants.identity.members import list_members
from tenants.units.queries import find_duty, list_units

_PROBLEMS: dict[DeadlineProblem, Text] = {
    "day_passed": _l("This day has passed. Choose today or a later day."),
    "too_late_today": _l("It is too late for an answer today. Choose a later day."),
    "too_far": _l("This day is more than 30 days away. Nobody should wait so long for an answer."),
    "day_off": _l("Nobody is at work that day. Choose a working day."),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The receivers that one may choose for a course, by id."""

    kind: str
    whom: Mapping[str, str]
    responsible: frozenset[uuid.UUID]

    @property
    def schema(self) -> type[HandoverInput]:
        parts = {part: str(title) for part, title in list_offered(self.kind).items()}
        return asking(self.kind, self.whom, parts)


def list_asked(kind: str, head: Head) -> Asked:
    """Whoever may be asked about a course: not those who answer for it already."""
    responsible = frozenset(turn.membership_id for turn in head.responsible)
    if kind == "municipality":
        whom = {str(row.id): f"{row.name} ({row.service})" for row in packages.list_neighbours()}
    elif kind == "door":
        whom = {str(unit.id): unit.name for unit in list_units()}
    else:
        whom = {
            str(member.id): member.name
            for member in list_members()
            if member.roles & {"helper", "leader"} and member.id not in responsible
        }
    return Asked(kind, whom, responsible)


def empty(asked: Asked, now: datetime) -> Form:
    return Form(asked.schema, initial={"key": new_id(), "day": default_day(now, find_country()).isoformat()})


def read(asked: Asked, sent: MultiDict[str, str], now: datetime) -> tuple[Form, dict[str, Any]]:
    """What was sent, with messages where it cannot be, and the handover's values, which count when the form is right."""
    form = Form.read(asked.schema, sent)
    if "day" in form.values:
        problem = find_deadline_problem(form.values["day"], now, find_country())
        if problem is not None:
            form.refuse("day", _PROBLEMS[problem])
    if asked.kind == "service" and not form.value("service").strip():
        form.refuse("service", gettext("Write which service"))
    _refuse_without_consent(asked.kind, form)
    receiver = _receiver(asked, form, now) if form.ok else {}
    return form, {**_letter(form), **receiver} if form.ok else {}


def _refuse_without_consent(kind: str, form: Form) -> None:
    agreed, parts = form.values.get("agreed", False), form.values.get("parts", ())
    if needs_consent(kind) and not agreed:
        form.refuse(
            "agreed", gettext("Ask the citizen first. Without their yes nothing goes outside the service.")
        )
    elif parts and not agreed:
        form.refuse(
            "agreed", gettext("Tick that the citizen has said yes, or leave out what they have not agreed to")
        )
    if kind == "municipality" and agreed and not parts:
        form.refuse("parts", gettext("Choose at least one thing that the citizen has said yes to telling"))


def _letter(form: Form) -> dict[str, Any]:
    values = form.values
    return {
        "service": "",
        "receiver_id": None,
        "unit_id": None,
        "municipality_id": None,
        "summary": values["summary"],
        "wishes": values["wishes"],
        "agreed_parts": sorted(set(values["parts"])) if values["agreed"] else None,
        "due_at": deadline_of(values["day"]),
    }


def _receiver(asked: Asked, form: Form, now: datetime) -> dict[str, Any]:
    """Who is asked, as the handover keeps it; at a door whoever is on duty there, or else the deputy."""
    kind, chosen = asked.kind, uuid.UUID(form.values["whom"])
    if kind == "municipality":
        return {"kind": kind, "municipality_id": chosen}
    if kind == "service":
        return {"kind": kind, "receiver_id": chosen, "service": form.values["service"]}
    if kind == "colleague":
        return {"kind": kind, "receiver_id": chosen}
    duty = find_duty(chosen, now)
    people = [duty.helper_id, duty.deputy_id] if duty else []
    free = [person for person in people if person not in asked.responsible]
    if not free:
        form.refuse("whom", gettext("Nobody else is on duty there now. Choose a colleague instead."))
        return {}
    return {"kind": kind, "unit_id": chosen, "receiver_id": free[0]}
