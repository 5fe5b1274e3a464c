"""One job in a worker: its isolation, its lock, its effect together with its mark, and what happens when it fails."""

import uuid
from datetime import timedelta

import pytest
import structlog
from flask import Flask
from sqlalchemy import select, update

from hjelpa.core.database import auth_session, db
from hjelpa.core.isolation import current_scope, tenant_scope
from hjelpa.core.outbox import OutboxRow
from hjelpa.core.types import utcnow
from hjelpa.jobs import perform
from tenants.municipalities.models import FeatureSwitch, Municipality
from tests.hjelpa.probes import FAIL, MARK, RELEASE, SECRET, ask_for, count_marks, find_rows
from tests.people import make_town


def run(job: str, row_id: uuid.UUID, tenant: uuid.UUID | None) -> str:
    return perform(job, str(row_id), str(tenant) if tenant else None)


def test_effect_and_mark_come_together_and_once(worker_app: Flask) -> None:
    town = make_town(worker_app)
    row_id = ask_for(worker_app, town, MARK, mark="once")
    assert run(MARK.name, row_id, town.tenant_id) == "done"
    assert run(MARK.name, row_id, town.tenant_id) == "gone"
    assert count_marks(worker_app, town, "once") == 1
    assert find_rows(worker_app, town, MARK)[0].done_at is not None


def test_a_job_of_another_municipality_is_not_found(worker_app: Flask) -> None:
    town, other = make_town(worker_app), make_town(worker_app)
    row_id = ask_for(worker_app, town, MARK, mark="foreign")
    assert run(MARK.name, row_id, other.tenant_id) == "gone"
    assert run(MARK.name, row_id, None) == "gone"
    assert find_rows(worker_app, town, MARK)[0].done_at is None


def test_a_row_being_worked_on_is_left_alone(worker_app: Flask) -> None:
    town = make_town(worker_app)
    row_id = ask_for(worker_app, town, MARK, mark="locked")
    with worker_app.app_context(), tenant_scope(town.tenant_id):
        db.session.scalars(select(OutboxRow).where(OutboxRow.id == row_id).with_for_update()).one()
        assert run(MARK.name, row_id, town.tenant_id) == "gone"
    assert count_marks(worker_app, town, "locked") == 0
    assert run(MARK.name, row_id, town.tenant_id) == "done"


def test_failure_leaves_no_effect_waits_longer_and_ends_as_a_dead_letter(
    worker_app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    town = make_town(worker_app)
    row_id = ask_for(worker_app, town, FAIL, mark="fail")
    set_attempts(worker_app, town.tenant_id, row_id, 1)
    assert run(FAIL.name, row_id, town.tenant_id) == "failed"
    row = find_rows(worker_app, town, FAIL)[0]
    assert (row.error, row.sent_at, row.dead_at) == ("ValueError", None, None)
    assert row.run_at > utcnow() + timedelta(seconds=5)
    set_attempts(worker_app, town.tenant_id, row_id, 2)
    assert run(FAIL.name, row_id, town.tenant_id) == "dead"
    assert find_rows(worker_app, town, FAIL)[0].dead_at is not None
    assert run(FAIL.name, row_id, town.tenant_id) == "gone"
    assert count_marks(worker_app, town, "fail") == 0
    told = capsys.readouterr()
    assert "ValueError" in told.err
    assert SECRET not in told.err + told.out


def set_attempts(app: Flask, tenant_id: uuid.UUID, row_id: uuid.UUID, attempts: int) -> None:
    with app.app_context(), tenant_scope(tenant_id):
        row = db.session.scalars(select(OutboxRow).where(OutboxRow.id == row_id)).one()
        row.attempts, row.sent_at = attempts, utcnow()
        db.session.commit()


def test_a_job_that_no_feature_declares_is_tried_again_later(worker_app: Flask) -> None:
    town = make_town(worker_app)
    row_id = ask_for(worker_app, town, MARK, mark="unknown")
    assert run("probe.removed", row_id, town.tenant_id) == "failed"
    assert find_rows(worker_app, town, MARK)[0].error == "UnknownJob"


@pytest.mark.parametrize("reason", ["feature is off", "municipality is suspended"])
def test_what_is_not_wanted_any_more_is_dropped(worker_app: Flask, reason: str) -> None:
    town = make_town(worker_app)
    row_id = ask_for(worker_app, town, MARK, mark="unwanted")
    if reason == "feature is off":
        switch_off(worker_app, town.tenant_id, "probe")
    else:
        suspend(worker_app, town.tenant_id)
    assert run(MARK.name, row_id, town.tenant_id) == "dropped"
    assert count_marks(worker_app, town, "unwanted") == 0
    assert find_rows(worker_app, town, MARK)[0].done_at is not None


def switch_off(app: Flask, tenant_id: uuid.UUID, feature: str) -> None:
    with app.app_context(), tenant_scope(tenant_id):
        db.session.add(FeatureSwitch(feature=feature))
        db.session.commit()


def suspend(app: Flask, tenant_id: uuid.UUID) -> None:
    with app.app_context():
        auth_session.execute(update(Municipality).where(Municipality.id == tenant_id).values(status="suspended"))
        auth_session.commit()


def test_the_networks_own_job_runs_outside_every_municipality(worker_app: Flask) -> None:
    row_id = ask_for(worker_app, None, RELEASE, sequence=9001)
    assert run(RELEASE.name, row_id, None) == "done"
    assert run(RELEASE.name, row_id, None) == "gone"


def test_nothing_of_a_job_stays_behind_in_its_process(worker_app: Flask) -> None:
    town = make_town(worker_app)
    for job in (MARK, FAIL):
        run(job.name, ask_for(worker_app, town, job, mark="trace"), town.tenant_id)
        assert current_scope() is None
        assert structlog.contextvars.get_contextvars() == {}


def test_outcomes_are_counted(worker_app: Flask) -> None:
    town = make_town(worker_app)
    run(MARK.name, ask_for(worker_app, town, MARK, mark="count"), town.tenant_id)
    page = worker_app.test_client().get("/metrics").text
    assert 'hjelpa_jobs_total{job="probe.mark",outcome="done"} 1.0' in page
