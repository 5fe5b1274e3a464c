"""Runs one job in a worker: in the right isolation, under a lock on its outbox row, done in one transaction.

RQ delivers at least once. The lock keeps two deliveries from running at the same time, and the mark that the job is
done commits together with its effect, so a second delivery finds nothing left to do.
"""

import os
import uuid
from collections.abc import Mapping
from contextlib import nullcontext
from functools import cache
from typing import Any, Literal

import structlog
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import scoped_session

from hjelpa.core.config import read_settings
from hjelpa.core.contract import Job
from hjelpa.core.database import auth_session, db, network_session, rollback_all
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.outbox import NetworkOutboxRow, OutboxRow
from hjelpa.core.permissions import features
from hjelpa.core.telemetry import bind_job, metrics_of, report
from hjelpa.core.timing import MAX_ATTEMPTS, is_exhausted, retry_delay
from hjelpa.core.types import utcnow
from hjelpa.factory import create_app
from tenants.municipalities.models import FeatureSwitch, Municipality

Outcome = Literal["done", "dropped", "gone", "failed", "dead"]

log = structlog.get_logger("hjelpa.jobs")


class UnknownJob(LookupError):
    """An outbox row names a job that no feature declares: its feature was removed, or this process is older."""


@cache
def worker_app() -> Flask:
    """The application of this process, made once; it opens no connection until the first job."""
    return create_app(read_settings(os.environ))


def perform(kind: str, job_id: str, tenant_id: str | None) -> Outcome:
    """Runs the job of one outbox row. Never raises for a failing job: RQ would keep the error's text in Redis."""
    tenant = uuid.UUID(tenant_id) if tenant_id else None
    scope = tenant_scope(tenant) if tenant else nullcontext()
    app = worker_app()
    with bind_job(kind, job_id, tenant_id), scope, app.app_context():
        outcome = _Delivery(kind, uuid.UUID(job_id), tenant).run()
        metrics_of(app).count_job(kind, outcome)
        log.info("job", outcome=outcome)
    return outcome


class _Delivery:
    """One delivery of one outbox row, inside its isolation."""

    def __init__(self, kind: str, row_id: uuid.UUID, tenant_id: uuid.UUID | None) -> None:
        self.kind = kind
        self.row_id = row_id
        self.tenant_id = tenant_id
        self.session: scoped_session[Any] = db.session if tenant_id else network_session

    def run(self) -> Outcome:
        try:
            outcome = self._attempt()
            self._commit()
        except Exception as error:
            rollback_all()
            report(error)
            return self._record_failure(error)
        return outcome

    def _attempt(self) -> Outcome:
        row = self._lock_row()
        if row is None:
            return "gone"
        job = features().jobs.get(self.kind)
        if job is None:
            raise UnknownJob(self.kind)
        wanted = self.tenant_id is None or self._is_wanted()
        if wanted:
            job.handler(_payload(row))
        row.done_at = utcnow()
        row.error = None
        return "done" if wanted else "dropped"

    def _lock_row(self) -> OutboxRow | NetworkOutboxRow | None:
        """The row under a lock; None when it is done, given up, unknown here, or being worked on by another."""
        table: type[Any] = OutboxRow if self.tenant_id else NetworkOutboxRow
        open_row = select(table).where(table.id == self.row_id, table.done_at.is_(None), table.dead_at.is_(None))
        found: OutboxRow | NetworkOutboxRow | None = self.session.scalar(
            open_row.with_for_update(skip_locked=True)
        )
        return found

    def _is_wanted(self) -> bool:
        """Not wanted any more: the municipality is suspended, or has switched the feature off since."""
        status = self.session.scalar(select(Municipality.status).where(Municipality.id == self.tenant_id))
        owner = features().owner_of_job(self.kind)
        switched_off = self.session.scalars(select(FeatureSwitch.feature)).all()
        return status in ("joining", "active") and owner is not None and features().is_on(owner.name, switched_off)

    def _commit(self) -> None:
        """The session that holds the mark commits last: what comes before it is done again if this one fails."""
        for session in (db.session, auth_session, network_session):
            if session is not self.session and session.registry.has() and session().in_transaction():
                session.commit()
        self.session.commit()

    def _record_failure(self, error: Exception) -> Outcome:
        """Gives the row back with a delay, or gives it up. If even that fails, the sweeper finds the row."""
        try:
            row = self._lock_row()
            if row is None:
                return "gone"
            job: Job | None = features().jobs.get(self.kind)
            row.error = type(error).__name__[:200]
            row.sent_at = None
            row.run_at = utcnow() + retry_delay(row.attempts)
            dead = is_exhausted(row.attempts, job.max_attempts if job else MAX_ATTEMPTS)
            row.dead_at = utcnow() if dead else None
            self.session.commit()
        except Exception as second:
            rollback_all()
            report(second)
            return "failed"
        return "dead" if dead else "failed"


def _payload(row: OutboxRow | NetworkOutboxRow) -> Mapping[str, Any]:
    return dict(row.payload or {})
