"""Reading the sealed packages between municipalities: what waits here, and to whom one may send."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select

from hjelpa.core.database import db
from hjelpa.core.isolation import get_tenant_id
from modules.citizens.queries import AnyRow
from modules.handovers.models import Arrival, Transfer
from tenants.municipalities.models import Municipality


def list_neighbours() -> Sequence[AnyRow]:
    """The other municipalities that have opened, by name."""
    query = select(Municipality.id, Municipality.name, Municipality.service).where(
        Municipality.status == "active", Municipality.id != get_tenant_id()
    )
    return db.session.execute(query.order_by(Municipality.name)).all()


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


def lock_waiting(transfer_id: uuid.UUID, now: datetime) -> AnyRow | None:
    """A package that still waits, held until the request ends; None when it has been answered, taken back or is too old."""
    query = _waiting(now).where(Transfer.id == transfer_id).with_for_update(of=Transfer)
    return db.session.execute(query.execution_options(populate_existing=True)).one_or_none()


def lock_all_waiting(now: datetime) -> Sequence[AnyRow]:
    """Every package that waits here, with the sender's name; what others hold is left."""
    query = _waiting(now).order_by(Transfer.id).with_for_update(of=Transfer, skip_locked=True)
    return db.session.execute(query.execution_options(populate_existing=True)).all()
