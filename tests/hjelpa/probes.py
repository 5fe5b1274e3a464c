"""A feature of the tests only: jobs whose effect can be counted."""

import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from hjelpa.core.contract import Job, Manifest, Schedule
from hjelpa.core.database import commit_all, db, network_session
from hjelpa.core.features import Features
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.outbox import NetworkOutboxRow, OutboxRow, enqueue
from hjelpa.registry import find_features
from network.benchmarks.models import Release
from tenants.municipalities.models import FeatureSwitch
from tests.people import Town

SECRET = "Kari Nordmann told us in confidence"


def mark(payload: Mapping[str, Any]) -> None:
    """Leaves one countable row."""
    db.session.add(FeatureSwitch(feature=f"{payload.get('mark', 'tick')}:{uuid.uuid4().hex}"))
    db.session.flush()


def mark_and_wait(payload: Mapping[str, Any]) -> None:
    """Leaves its row, says so in a file, and waits until another file lets it go on."""
    mark(payload)
    folder = Path(payload["folder"])
    (folder / "started").touch()
    while not (folder / "gate").exists():
        time.sleep(0.05)


def mark_and_fail(payload: Mapping[str, Any]) -> None:
    mark(payload)
    raise ValueError(SECRET)


def release(payload: Mapping[str, Any]) -> None:
    network_session.add(Release(sequence=payload["sequence"], policy={}))


MARK = Job("probe.mark", mark)
WAIT = Job("probe.wait", mark_and_wait)
FAIL = Job("probe.fail", mark_and_fail, max_attempts=2)
TICK = Job("probe.tick", mark, schedule=Schedule(every_minutes=60))
RELEASE = Job("probe.release", release, scope="network")
RELEASE_TICK = Job("probe.release_tick", release, schedule=Schedule(daily_at=(0, 0)), scope="network")

MANIFEST = Manifest(
    name="probe",
    kind="module",
    title="Probe",
    summary="Only in tests",
    folder=Path(__file__).parent,
    jobs=(MARK, WAIT, FAIL, TICK, RELEASE, RELEASE_TICK),
)


def probe_features() -> Features:
    return Features([*find_features().manifests, MANIFEST])


def only_probes() -> Features:
    return Features([MANIFEST])


def ask_for(app: Flask, town: Town | None, job: Job, **payload: Any) -> uuid.UUID:
    """Commits one outbox row for the town, or for the network."""
    with app.app_context():
        if town is None:
            row_id = enqueue(job, payload)
            commit_all()
            return row_id
        with tenant_scope(town.tenant_id):
            row_id = enqueue(job, payload)
            commit_all()
            return row_id


def find_rows(app: Flask, town: Town | None, job: Job) -> list[Any]:
    """The outbox rows of one kind of job, oldest first."""
    with app.app_context():
        if town is None:
            return list(network_session.scalars(select(NetworkOutboxRow).where(NetworkOutboxRow.job == job.name)))
        with tenant_scope(town.tenant_id, read_only=True):
            found = db.session.scalars(
                select(OutboxRow).where(OutboxRow.job == job.name).order_by(OutboxRow.id)
            ).all()
            db.session.expunge_all()
            return list(found)


def count_marks(app: Flask, town: Town, name: str = "tick") -> int:
    """How often the effect of a job is there."""
    with app.app_context(), tenant_scope(town.tenant_id, read_only=True):
        marks = select(func.count()).select_from(FeatureSwitch).where(FeatureSwitch.feature.like(f"{name}:%"))
        return int(db.session.scalar(marks) or 0)


def until(condition: Any, seconds: float = 30.0) -> None:
    """Waits until the condition holds; fails the test after so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(0.05)
