"""Handovers between two municipalities, by sealed packages (`transfers`).

The receiver opens the course and answers in one transaction of its own; the sender's job then closes the course that
was handed over. For a moment two are responsible, never none.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import insert

from hjelpa.core.config import Settings
from hjelpa.core.database import db
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.visitor import Seat
from modules.citizens.commands import begin_course, join_open_course
from modules.handovers import notices
from modules.handovers.locks import lock_sent
from modules.handovers.models import Arrival, ArrivalPart, Transfer
from modules.handovers.packages import lock_waiting
from modules.handovers.rules import PACKAGE_OUTLIVES, others
from modules.handovers.sealing import Answer, Package, open_answer, open_package, seal_answer, seal_package
from tenants.identity.members import keep_seated
from tenants.notices.queries import notify


def send(handover_id: uuid.UUID, receiver: uuid.UUID, package: Package, *, at: datetime, due_at: datetime) -> None:
    """Puts the sealed package where the receiver finds it."""
    sealed = seal_package(_secrets(), handover_id, receiver, package)
    row = {"id": handover_id, "sender_id": get_tenant_id(), "receiver_id": receiver, "state": "sent"}
    times = {"sent_at": at, "due_at": due_at, "expires_at": due_at + PACKAGE_OUTLIVES}
    db.session.execute(insert(Transfer).values(package=sealed, **row, **times))


def unpack(transfer: Transfer) -> Package:
    """What a waiting package holds. Only after the read has been written to the access log."""
    return open_package(_secrets(), transfer.id, get_tenant_id(), transfer.package or b"")


def accept(
    transfer_id: uuid.UUID,
    who: Mapping[str, Any],
    seat: Seat,
    *,
    helper_id: uuid.UUID,
    at: datetime,
    citizen_id: uuid.UUID | None = None,
) -> uuid.UUID | None:
    """Opens the course here and marks the package accepted, in one transaction; returns the course's id.

    The course is a new citizen's, or that of somebody known here (`citizen_id`): the one that is still open, whose
    responsible person stays, else a new one.

    None, and nothing is changed, when somebody else was first or it was taken back; and when the helper has left.
    """
    found = lock_waiting(transfer_id, at)
    if found is None or not keep_seated(helper_id):
        return None
    transfer, municipality = found
    package = unpack(transfer)
    joined = join_open_course(citizen_id, seat.id, **who) if citizen_id else None
    course_id = joined.id if joined else begin_course(**who, helper_id=helper_id, at=at, citizen_id=citizen_id)
    arrival = Arrival(
        transfer_id=transfer.id,
        course_id=course_id,
        municipality_id=transfer.sender_id,
        membership_id=seat.id,
        arrived_at=at,
    )
    db.session.add(arrival)
    db.session.flush()
    db.session.add_all(
        ArrivalPart(arrival_id=arrival.id, place=place, title=title, words=words)
        for place, (title, words) in enumerate(package.parts)
    )
    _answer(transfer, "accepted", Answer(seat.name), at)
    told = {"name": seat.name, "municipality": municipality}
    kind = notices.JOINED if joined else notices.MADE_RESPONSIBLE
    for person in others([turn.membership_id for turn in joined.responsible] if joined else [helper_id], seat.id):
        notify(person, kind, told, {"course_id": course_id})
    return course_id


def refuse(transfer_id: uuid.UUID, seat: Seat, reason: str, at: datetime) -> bool:
    """Says no, with a reason, and empties the package; False when it does not wait any more."""
    found = lock_waiting(transfer_id, at)
    if found is None:
        return False
    _answer(found[0], "refused", Answer(seat.name, reason), at)
    return True


def _answer(transfer: Transfer, state: str, answer: Answer, at: datetime) -> None:
    transfer.answer = seal_answer(_secrets(), transfer.id, transfer.sender_id, answer)
    transfer.state, transfer.package, transfer.decided_at = state, None, at
    db.session.flush()


def take_back(handover_id: uuid.UUID, at: datetime) -> bool:
    """Withdraws this municipality's package; False when the receiver has answered it already."""
    transfer = lock_sent([handover_id], get_tenant_id()).get(handover_id)
    if transfer is None or transfer.state != "sent":
        return False
    settle(transfer, "withdrawn", at)
    return True


def read_answer(transfer: Transfer) -> Answer:
    return open_answer(_secrets(), transfer.id, get_tenant_id(), transfer.answer or b"")


def settle(transfer: Transfer, state: str, at: datetime) -> None:
    """The sender's last mark on a package, which empties what is left in it."""
    transfer.state, transfer.package, transfer.answer, transfer.settled_at = state, None, None, at


def _secrets() -> tuple[str, ...]:
    settings: Settings = current_app.extensions["hjelpa_settings"]
    return settings.sealing_secrets
