"""What changes handovers inside a municipality. Nothing here commits: that is the request's or the job's own act."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import update

from hjelpa.core.database import db
from hjelpa.core.visitor import Seat
from modules.citizens.commands import insert_once, is_received, pass_on
from modules.citizens.models import Course
from modules.handovers import exchange, notices
from modules.handovers.models import Handover
from modules.handovers.queries import find_open, find_responsible
from modules.handovers.rules import others
from tenants.notices.queries import notify
from tenants.units.queries import find_duty

SAID = (
    *("kind", "receiver_id", "unit_id", "municipality_id", "service"),
    *("summary", "wishes", "agreed_parts", "due_at"),
)

Outcome = Literal["done", "answered", "ended"]


def propose(
    course_id: uuid.UUID, values: Mapping[str, Any], seat: Seat, *, key: uuid.UUID, at: datetime
) -> tuple[uuid.UUID, bool]:
    """Asks for a handover of a course that is held open; returns its id, and whether it is a new one.

    Not new when the same form had come already, or when another handover of the course is open: then that one's id.
    """
    said = {"course_id": course_id, "sender_id": seat.id, **{name: values[name] for name in SAID}}
    agreed_at = at if values["agreed_parts"] is not None else None
    open_id = find_open(course_id)
    if open_id is not None:
        return open_id, False
    made = insert_once(Handover, key, said, {"proposed_at": at, "agreed_at": agreed_at})
    return (key, False) if made is None else (made, True)


def is_proposed(handover_id: uuid.UUID, course_id: uuid.UUID, values: Mapping[str, Any]) -> bool:
    """Whether a handover is what these very values asked for."""
    said = {name: values[name] for name in SAID}
    return is_received(Handover, handover_id, {"course_id": course_id, **said})


def tell_asked(
    handover_id: uuid.UUID, values: Mapping[str, Any], seat: Seat, *, receiver: str, at: datetime
) -> None:
    """Tells whoever is asked inside the municipality, and the leader of the door that is asked."""
    asked = values["receiver_id"]
    for person in others([asked], seat.id):
        notify(person, notices.ASKED, {"name": seat.name}, {"handover_id": handover_id})
    duty = find_duty(values["unit_id"], at) if values["unit_id"] else None
    for person in others([duty.leader_id] if duty else [], seat.id) - {asked}:
        told = {"name": seat.name, "receiver": receiver}
        notify(person, notices.DOOR_ASKED, told, {"handover_id": handover_id})


def accept(handover: Handover, seat: Seat, at: datetime) -> Outcome:
    """Makes the person at hand responsible, in the same transaction as the answer. Give it a locked handover."""
    if handover.state != "open":
        return "answered"
    responsible = find_responsible(handover.course_id)
    if responsible != seat.id and not pass_on(handover.course_id, to_id=seat.id, at=at):
        decide(handover, "withdrawn", at=at)
        return "ended"
    if handover.unit_id is not None:
        _move_to_door(handover.course_id, handover.unit_id)
    decide(handover, "accepted", by=seat.id, at=at)
    for person in others([handover.sender_id, responsible], seat.id):
        notify(person, notices.ACCEPTED, {"name": seat.name}, {"handover_id": handover.id})
    return "done"


def refuse(handover: Handover, seat: Seat, reason: str, at: datetime) -> Outcome:
    """Says no, with a reason: whoever was responsible still is. Give it a locked handover."""
    if handover.state != "open":
        return "answered"
    decide(handover, "refused", by=seat.id, at=at, reason=reason)
    for person in others([handover.sender_id, find_responsible(handover.course_id)], seat.id):
        notify(person, notices.REFUSED, {"name": seat.name}, {"handover_id": handover.id})
    return "done"


def withdraw(handover: Handover, seat: Seat, at: datetime) -> Outcome:
    """Takes the question back, and empties the package that another municipality has not answered. Give it a locked
    handover."""
    if handover.state != "open":
        return "answered"
    if handover.kind == "municipality" and not exchange.take_back(handover.id, at):
        return "answered"
    decide(handover, "withdrawn", by=seat.id, at=at)
    for person in others([handover.receiver_id], seat.id):
        notify(person, notices.WITHDRAWN, {"name": seat.name}, {})
    return "done"


def decide(handover: Handover, state: str, *, at: datetime, by: uuid.UUID | None = None, reason: str = "") -> None:
    """Ends a locked handover; nothing runs backwards when another clock is ahead."""
    handover.state, handover.decided_by_id = state, by
    handover.decided_at = max(at, handover.proposed_at)
    handover.reason = reason


def _move_to_door(course_id: uuid.UUID, unit_id: uuid.UUID) -> None:
    db.session.execute(update(Course).where(Course.id == course_id).values(unit_id=unit_id))
