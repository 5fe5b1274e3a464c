"""Work for later: a row written in the same transaction as the change that asks for it.

PostgreSQL is the truth and Redis a hint. A dispatcher hands rows to RQ, a worker runs each under a row lock and
marks it done in the transaction of its effect, and a sweeper sends again what was sent but not done. So a job runs
at least once and has its effect once, whatever dies in between.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, select, text
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from hjelpa.core.contract import Job
from hjelpa.core.database import ALL, WRITE, Base, Shared, db, network_session
from hjelpa.core.isolation import TenantOwned, get_tenant_id
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


_DONE = text("done_at is not null")
_PENDING = text("sent_at is null and done_at is null and dead_at is null")


class OutboxRow(OutboxColumns, TenantOwned, Base):
    """A municipality's work for later."""

    __tablename__ = "outbox"
    __grants__ = {"app": WRITE, "dispatch": ALL}
    __table_args__ = (
        UniqueConstraint("tenant_id", "key"),
        Index("ix_outbox_pending", "run_at", postgresql_where=_PENDING),
        Index("ix_outbox_sent", "sent_at", postgresql_where=text("done_at is null and dead_at is null")),
        Index("ix_outbox_done", "done_at", postgresql_where=_DONE),
    )


class NetworkOutboxRow(OutboxColumns, Shared, Base):
    """The network's own work for later; belongs to no municipality."""

    __tablename__ = "network_outbox"
    __grants__ = {"network": WRITE, "dispatch": ALL}
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_network_outbox_pending", "run_at", postgresql_where=_PENDING),
        Index("ix_network_outbox_done", "done_at", postgresql_where=_DONE),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)


def enqueue(
    job: Job,
    payload: Mapping[str, Any] | None = None,
    *,
    run_at: datetime | None = None,
    key: str | None = None,
) -> uuid.UUID:
    """Asks for a job in the unit of work at hand; it is sent only if that commits. Payloads hold ids, not texts.

    Of all that ask with the same `key`, even at the same moment, one gets a row; the others get that row's id.
    """
    values = {"id": new_id(), "job": job.name, "payload": dict(payload or {}), "run_at": run_at or utcnow()}
    if key is not None:
        return _enqueue_once(job, {**values, "key": key})
    if job.scope == "tenant":
        db.session.add(OutboxRow(**values))
    else:
        network_session.add(NetworkOutboxRow(**values))
    return uuid.UUID(str(values["id"]))


def _enqueue_once(job: Job, values: dict[str, Any]) -> uuid.UUID:
    table: type[OutboxRow] | type[NetworkOutboxRow]
    session: Session
    if job.scope == "tenant":
        table, unique, session = OutboxRow, ["tenant_id", "key"], db.session()
        values["tenant_id"] = get_tenant_id()
    else:
        table, unique, session = NetworkOutboxRow, ["key"], network_session()
    # A row that somebody else is just writing is waited for, and then found.
    session.execute(insert(table).values(values).on_conflict_do_nothing(index_elements=unique))
    return uuid.UUID(str(session.scalars(select(table.id).where(table.key == values["key"])).one()))
