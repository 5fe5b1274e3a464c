"""Handovers between two municipalities, by sealed packages (`transfers`).

The receiver opens the course and answers in one transaction of its own; the sender's job then closes the course that
was handed over. For a moment two are responsible, never none.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import Select, insert, select

from hjelpa.core.config import Settings
from hjelpa.core.database import db
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.visitor import Seat
from modules.citizens.commands import begin_course
from modules.citizens.queries import AnyRow
from modules.handovers import notices
from modules.handovers.models import Arrival, ArrivalPart, Transfer
from modules.handovers.rules import PACKAGE_OUTLIVES, others
from modules.handovers.sealing import Answer, Package, open_answer, open_package, seal_answer, seal_package
from tenants.identity.members import keep_seated
from tenants.municipalities.models import Municipality
from tenants.notices.queries import notify


def list_neighbours() -> Sequence[AnyRow]:
    """The other municipalities that have opened, by name."""
    query = select(Municipality.id, Municipality.name, Municipality.service).where(
        Municipality.status == "active", Municipality.id != get_tenant_id()
    )
    return db.session.execute(query.order_by(Municipality.name)).all()


def send(handover_id: uuid.UUID, receiver: uuid.UUID, package: Package, *, at: datetime, due_at: datetime) -> None:
    """Puts the sealed package where the receiver finds it."""
    sealed = seal_package(_secrets(), handover_id, receiver, package)
    row = {"id": handover_id, "sender_id": get_tenant_id(), "receiver_id": receiver, "state": "sent"}
    times = {"sent_at": at, "due_at": due_at, "expires_at": due_at + PACKAGE_OUTLIVES}
    db.session.execute(insert(Transfer).values(package=sealed, **row, **times))


def _waiting(now: datetime) -> Select[Transfer, str]:
    return (
        select(Transfer, Municipality.name)
        .join(Municipality, Municipality.id == Transfer.sender_id)
        .where(Transfer.receiver_id == get_tenant_id(), Transfer.state == "sent", Transfer.expires_at > now)
    )


def list_waiting(now: datetime, *, limit: int) -> Sequence[AnyRow]:
    """Packages to this municipality that wait for an answer, by deadline: id, times and who sent them; still sealed."""
    query = _waiting(now).with_only_columns(
        Transfer.id, Transfer.sent_at, Transfer.due_at, Municipality.name.label("municipality")
    )
    return db.session.execute(query.order_by(Transfer.due_at, Transfer.id).limit(limit)).all()


def find_incoming(transfer_id: uuid.UUID) -> AnyRow | None:
    """A package to this municipality in whatever state, with the sender's name and the course it has become here."""
    query = (
        select(Transfer, Municipality.name.label("municipality"), Arrival.course_id)
        .join(Municipality, Municipality.id == Transfer.sender_id)
        .outerjoin(Arrival, (Arrival.transfer_id == Transfer.id) & (Arrival.tenant_id == Transfer.receiver_id))
        .where(Transfer.id == transfer_id, Transfer.receiver_id == get_tenant_id())
    )
    return db.session.execute(query).one_or_none()


def unpack(transfer: Transfer) -> Package:
    """What a waiting package holds. Only after the read has been written to the access log."""
    return open_package(_secrets(), transfer.id, get_tenant_id(), transfer.package or b"")


def lock_waiting(transfer_id: uuid.UUID, now: datetime) -> AnyRow | None:
    """A package that still waits, held until the request ends; None when it has been answered, taken back or is too old."""
    query = _waiting(now).where(Transfer.id == transfer_id).with_for_update(of=Transfer)
    return db.session.execute(query.execution_options(populate_existing=True)).one_or_none()


def accept(
    transfer_id: uuid.UUID, values: Mapping[str, Any], seat: Seat, *, helper_id: uuid.UUID, at: datetime
) -> uuid.UUID | None:
    """Opens the course here and marks the package accepted, in one transaction; returns the course's id.

    None, and nothing is changed, when somebody else was first or it was taken back; and when the helper has left.
    """
    found = lock_waiting(transfer_id, at)
    if found is None or not keep_seated(helper_id):
        return None
    transfer, municipality = found
    package = unpack(transfer)
    who = {name: values[name] for name in ("name", "phone", "age_band")}
    course_id = begin_course(**who, helper_id=helper_id, at=at)
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
    for person in others([helper_id], seat.id):
        told = {"name": seat.name, "municipality": municipality}
        notify(person, notices.MADE_RESPONSIBLE, told, {"course_id": course_id})
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


def lock_sent(handover_id: uuid.UUID) -> Transfer | None:
    """This municipality's own package while anything is left to do about it, held until the unit of work ends."""
    query = select(Transfer).where(
        Transfer.id == handover_id,
        Transfer.sender_id == get_tenant_id(),
        Transfer.state.in_(("sent", "accepted", "refused")),
    )
    return db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()


def take_back(handover_id: uuid.UUID, at: datetime) -> bool:
    """Withdraws this municipality's package; False when the receiver has answered it already."""
    transfer = lock_sent(handover_id)
    if transfer is None or transfer.state != "sent":
        return False
    settle(transfer, "withdrawn", at)
    return True


def read_answer(transfer: Transfer) -> Answer:
    return open_answer(_secrets(), transfer.id, get_tenant_id(), transfer.answer or b"")


def settle(transfer: Transfer, state: str, at: datetime) -> None:
    """The sender's last mark on a package, which empties what is left in it."""
    transfer.state, transfer.package, transfer.answer, transfer.settled_at = state, None, None, at
    db.session.flush()


def _secrets() -> tuple[str, ...]:
    settings: Settings = current_app.extensions["hjelpa_settings"]
    return settings.sealing_secrets
