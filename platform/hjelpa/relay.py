"""What the dispatcher does to the two outboxes: send, send again, and write down what a schedule makes due.

It works as the role `dispatch`, which sees the ids and states of all municipalities' work and never a payload.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, Table, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from hjelpa.core.features import Features
from hjelpa.core.outbox import NetworkOutboxRow, OutboxRow
from hjelpa.core.timing import MAX_ATTEMPTS, is_exhausted, latest_tick, tick_key
from hjelpa.core.types import new_id
from hjelpa.queueing import ASKED, SCHEDULED, Message
from tenants.municipalities.models import Municipality

BATCH = 100
# Long enough to look into last week's trouble; with hundreds of municipalities a day leaves a hundred thousand rows.
KEPT_DONE = timedelta(days=14)
PRUNED = 5000


@dataclass(frozen=True, slots=True)
class Outbox:
    """One of the two tables, and which of its columns name a row."""

    table: Table

    @property
    def key(self) -> sa.Tuple:
        columns = self.table.c
        return tuple_(columns.tenant_id, columns.id) if "tenant_id" in columns else tuple_(columns.id)

    def columns(self) -> list[sa.ColumnElement[Any]]:
        columns = self.table.c
        tenant = columns.tenant_id if "tenant_id" in columns else sa.null().label("tenant_id")
        return [columns.job, columns.id, tenant, columns.attempts]

    def keys_of(self, messages: Iterable[Message]) -> list[tuple[uuid.UUID, ...]]:
        if "tenant_id" in self.table.c:
            return [(message.tenant_id, message.id) for message in messages if message.tenant_id]
        return [(message.id,) for message in messages]


OUTBOXES = (
    Outbox(OutboxRow.metadata.tables["outbox"]),
    Outbox(NetworkOutboxRow.metadata.tables["network_outbox"]),
)


def claim(connection: Connection, outbox: Outbox, features: Features) -> list[Message]:
    """Marks up to a batch of due rows as sent, one attempt more, and returns what is to be sent for them."""
    columns = outbox.table.c
    due = (
        select(*outbox.columns())
        .where(columns.sent_at.is_(None), columns.done_at.is_(None), columns.dead_at.is_(None))
        .where(columns.run_at <= func.now())
        .order_by(columns.run_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    messages = [
        Message(job, row_id, tenant, attempts + 1, _queue_of(features, job))
        for job, row_id, tenant, attempts in connection.execute(due)
    ]
    _update(connection, outbox, messages, sent_at=func.now(), attempts=columns.attempts + 1)
    return messages


def unclaim(connection: Connection, outbox: Outbox, messages: Sequence[Message]) -> None:
    """Takes the marks back when the messages could not be sent, so that the attempt does not count."""
    _update(connection, outbox, messages, sent_at=None, attempts=outbox.table.c.attempts - 1)


def find_overdue(connection: Connection, outbox: Outbox, patience: timedelta) -> list[Message]:
    """Rows sent longer ago than that, not done, and worked on by nobody (a worker holds a lock on its row)."""
    columns = outbox.table.c
    overdue = (
        select(*outbox.columns())
        .where(columns.sent_at < func.now() - patience, columns.done_at.is_(None), columns.dead_at.is_(None))
        .order_by(columns.sent_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    return [
        Message(job, row_id, tenant, attempts) for job, row_id, tenant, attempts in connection.execute(overdue)
    ]


def settle_overdue(
    connection: Connection, outbox: Outbox, overdue: Sequence[Message], waiting: set[str], features: Features
) -> int:
    """Decides on rows from `find_overdue`, in the same transaction; returns how many are sent again or given up.

    Those whose message still waits on the queue are only looked at again later: a long queue is no failure.
    """
    lost = [message for message in overdue if message.name not in waiting]
    _update(connection, outbox, [m for m in overdue if m.name in waiting], sent_at=func.now())
    dead = [message for message in lost if is_exhausted(message.attempt, _max_attempts(features, message.job))]
    _update(connection, outbox, dead, dead_at=func.now())
    _update(connection, outbox, [message for message in lost if message not in dead], sent_at=None)
    return len(lost)


def _queue_of(features: Features, job: str) -> str:
    found = features.jobs.get(job)
    return SCHEDULED if found and found.schedule else ASKED


def _max_attempts(features: Features, job: str) -> int:
    found = features.jobs.get(job)
    return found.max_attempts if found else MAX_ATTEMPTS


def _update(connection: Connection, outbox: Outbox, messages: Sequence[Message], **values: Any) -> None:
    if messages:
        rows = outbox.key.in_(outbox.keys_of(messages))
        # A row that was finished in the meantime keeps the record of its last sending.
        connection.execute(sa.update(outbox.table).where(rows, outbox.table.c.done_at.is_(None)).values(**values))


def prune(engine: Engine, outbox: Outbox, features: Features, now: datetime) -> int:
    """Deletes features' work that was done longer ago than it is kept; returns how many rows went.

    A batch at a time, each in a transaction of its own, so that nobody waits for it.
    """
    columns, pruned, gone = outbox.table.c, 0, PRUNED
    old = (
        select(*outbox.key.clauses)
        .where(columns.done_at < now - KEPT_DONE, columns.job.in_(features.jobs))
        .limit(PRUNED)
    )
    while gone == PRUNED:
        with engine.begin() as connection:
            gone = connection.execute(sa.delete(outbox.table).where(outbox.key.in_(old))).rowcount
        pruned += gone
    return pruned


def plan_ticks(features: Features, now: datetime) -> dict[str, datetime]:
    """The latest due tick of every scheduled job, by the job's name."""
    return {name: latest_tick(job.schedule, now) for name, job in features.jobs.items() if job.schedule}


def write_tick(engine: Engine, features: Features, job: str, tick: datetime) -> None:
    """One row per active municipality (or one for the network); rows of the same tick already there stay alone."""
    row = {"job": job, "key": tick_key(job, tick), "run_at": tick}
    with engine.begin() as connection:
        if features.jobs[job].scope == "network":
            _add(connection, OUTBOXES[1].table, [row | {"id": new_id()}], ["key"])
            return
        active = select(Municipality.id).where(Municipality.status == "active").order_by(Municipality.id)
        rows = [row | {"id": new_id(), "tenant_id": tenant} for tenant in connection.scalars(active)]
        _add(connection, OUTBOXES[0].table, rows, ["tenant_id", "key"])


def _add(connection: Connection, table: Table, rows: list[dict[str, Any]], unique: list[str]) -> None:
    if rows:
        connection.execute(insert(table).on_conflict_do_nothing(index_elements=unique), rows)
