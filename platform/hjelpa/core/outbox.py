"""Work for later: a row written in the same transaction as the change that asks for it.

PostgreSQL is the truth and Redis a hint. A dispatcher hands rows to RQ, a worker runs each under a row lock and
marks it done in the transaction of its effect, and a sweeper sends again what was sent but not done. So a job runs
at least once and has its effect once, whatever dies in between.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.contract import Job
from hjelpa.core.database import WRITE, Base, Shared, db, network_session
from hjelpa.core.isolation import TenantOwned
from hjelpa.core.types import Moment, Name, new_id, utcnow


class OutboxColumns:
    """`key` makes a scheduled tick unique; `attempts` counts sendings; `error` is the kind of the last error only."""

    job: Mapped[str] = mapped_column(Name)
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    key: Mapped[str | None] = mapped_column(Name)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
    run_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    dead_at: Mapped[datetime | None] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    error: Mapped[str | None] = mapped_column(Name)


# What the dispatcher may see and do on either table: ids and states, never a payload.
DISPATCH_COLUMNS = {
    "select": ("id", "job", "key", "created_at", "run_at", "sent_at", "done_at", "dead_at", "attempts", "error"),
    "insert": ("id", "job", "key", "run_at"),
    "update": ("sent_at", "dead_at", "attempts"),
}

_PENDING = text("sent_at is null and done_at is null and dead_at is null")


class OutboxRow(OutboxColumns, TenantOwned, Base):
    """A municipality's work for later."""

    __tablename__ = "outbox"
    __grants__ = {"app": WRITE, "dispatch": frozenset({"SELECT", "INSERT", "UPDATE"})}
    __table_args__ = (
        UniqueConstraint("tenant_id", "key"),
        Index("ix_outbox_pending", "run_at", postgresql_where=_PENDING),
        Index("ix_outbox_sent", "sent_at", postgresql_where=text("done_at is null and dead_at is null")),
    )


class NetworkOutboxRow(OutboxColumns, Shared, Base):
    """The network's own work for later; belongs to no municipality."""

    __tablename__ = "network_outbox"
    __grants__ = {"network": WRITE, "dispatch": frozenset({"SELECT", "INSERT", "UPDATE"})}
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_network_outbox_pending", "run_at", postgresql_where=_PENDING),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)


def enqueue(job: Job, payload: Mapping[str, Any] | None = None, *, run_at: datetime | None = None) -> uuid.UUID:
    """Asks for a job in the unit of work at hand; it is sent only if that commits. Payloads hold ids, not texts."""
    values = {"id": new_id(), "job": job.name, "payload": dict(payload or {}), "run_at": run_at or utcnow()}
    if job.scope == "tenant":
        db.session.add(OutboxRow(**values))
    else:
        network_session.add(NetworkOutboxRow(**values))
    return uuid.UUID(str(values["id"]))
