"""The dispatcher: what it sends, what it sends again, what it gives up, and that only one leads."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from flask import Flask
from redis import ConnectionError, Redis
from rq import SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import select, update
from sqlalchemy.exc import ProgrammingError

from hjelpa.core.config import Settings
from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.outbox import OutboxRow
from hjelpa.core.types import utcnow
from hjelpa.dispatch import Dispatcher
from hjelpa.embedded import EmbeddedServers
from hjelpa.queueing import open_queues
from hjelpa.relay import KEPT_DONE
from tests.hjelpa.probes import MARK, RELEASE, RELEASE_TICK, TICK, ask_for, count_marks, find_rows, only_probes
from tests.hjelpa.test_jobs import suspend
from tests.people import make_post, make_town, signed_in

NO_PATIENCE = timedelta(0)


@pytest.fixture
def make_dispatcher(probe_settings: Settings) -> Iterator[Callable[..., Dispatcher]]:
    made: list[Dispatcher] = []

    def make(**how: object) -> Dispatcher:
        settings = replace(probe_settings, redis_url=str(how.pop("redis_url", probe_settings.redis_url)))
        made.append(Dispatcher(settings, only_probes(), **how))
        return made[-1]

    yield make
    for dispatcher in made:
        dispatcher.close()


@pytest.fixture
def dispatcher(
    make_dispatcher: Callable[..., Dispatcher],
    worker_app: Flask,
    servers: EmbeddedServers,
    probe_settings: Settings,
) -> Dispatcher:
    """A dispatcher on an empty queue and without work that earlier tests left behind."""
    database = probe_settings.database_url.partition("@/")[2].partition("?")[0]
    with servers.superuser(database) as server:
        for table in ("outbox", "network_outbox"):
            server.execute(f"update {table} set done_at = now()")
    return make_dispatcher(patience=NO_PATIENCE)


def work(redis: Redis) -> None:
    """What a worker does with all that is queued, in this process."""
    SimpleWorker(open_queues(redis), connection=redis, serializer=JSONSerializer).work(burst=True)


def test_what_is_asked_for_is_sent_run_and_done(worker_app: Flask, dispatcher: Dispatcher) -> None:
    town = make_town(worker_app)
    ask_for(worker_app, town, MARK, mark="sent")
    ask_for(worker_app, None, RELEASE, sequence=9101)
    assert dispatcher.relay() == 2
    assert dispatcher.relay() == 0
    work(dispatcher.redis)
    assert count_marks(worker_app, town, "sent") == 1
    assert find_rows(worker_app, town, MARK)[0].done_at is not None
    assert all(row.done_at for row in find_rows(worker_app, None, RELEASE) if row.payload["sequence"] == 9101)


def test_the_message_holds_ids_only_and_no_pickle(worker_app: Flask, dispatcher: Dispatcher) -> None:
    town = make_town(worker_app)
    row_id = ask_for(worker_app, town, MARK, mark="confidential")
    dispatcher.relay()
    asked, _ = open_queues(dispatcher.redis)
    job = asked.jobs[0]
    assert job.args == [MARK.name, str(row_id), str(town.tenant_id)]
    raw = dispatcher.redis.hgetall(job.key)
    assert b"confidential" not in b"".join(raw.values())
    assert job.id == f"{row_id}-1"


def test_more_than_one_batch_is_sent_in_one_go(worker_app: Flask, dispatcher: Dispatcher) -> None:
    town = make_town(worker_app)
    for _ in range(101):
        ask_for(worker_app, town, MARK)
    assert dispatcher.relay() == 101
    assert [len(queue) for queue in open_queues(dispatcher.redis)] == [101, 0]


def test_what_a_person_waits_for_goes_before_what_a_schedule_made_due(
    worker_app: Flask, dispatcher: Dispatcher
) -> None:
    town = make_town(worker_app)
    tick = ask_for(worker_app, town, TICK, mark="by schedule")
    dispatcher.relay()
    asked = ask_for(worker_app, town, MARK, mark="asked for")
    dispatcher.relay()
    order = [job.args[1] for queue in open_queues(dispatcher.redis) for job in queue.jobs]
    assert order == [str(asked), str(tick)]
    work(dispatcher.redis)
    done = {row.id: row.done_at for job in (MARK, TICK) for row in find_rows(worker_app, town, job)}
    assert done[asked] < done[tick]


def test_what_is_due_later_waits(worker_app: Flask, dispatcher: Dispatcher) -> None:
    town = make_town(worker_app)
    ask_for(worker_app, town, MARK, mark="later")
    postpone(worker_app, town.tenant_id, timedelta(hours=1))
    assert dispatcher.relay() == 0


def postpone(app: Flask, tenant_id: object, by: timedelta) -> None:
    with app.app_context(), tenant_scope(tenant_id):
        db.session.execute(update(OutboxRow).values(run_at=utcnow() + by))
        db.session.commit()


def test_without_redis_nothing_is_marked(
    worker_app: Flask, dispatcher: Dispatcher, make_dispatcher: Callable[..., Dispatcher]
) -> None:
    town = make_town(worker_app)
    ask_for(worker_app, town, MARK, mark="down")
    cut_off = make_dispatcher(redis_url="redis://127.0.0.1:1/0")
    with pytest.raises(ConnectionError):
        cut_off.relay()
    row = find_rows(worker_app, town, MARK)[0]
    assert (row.sent_at, row.attempts) == (None, 0)
    assert dispatcher.relay() == 1


def test_what_the_queue_lost_is_sent_again_and_given_up_in_the_end(
    worker_app: Flask, dispatcher: Dispatcher
) -> None:
    town = make_town(worker_app)
    ask_for(worker_app, town, MARK, mark="lost")
    for attempt in range(1, MARK.max_attempts + 1):
        assert dispatcher.relay() >= 1
        assert find_rows(worker_app, town, MARK)[0].attempts == attempt
        dispatcher.redis.flushdb()
        assert dispatcher.sweep() >= 1
    row = find_rows(worker_app, town, MARK)[0]
    assert row.dead_at is not None
    dispatcher.relay()
    assert find_rows(worker_app, town, MARK)[0].attempts == MARK.max_attempts


def test_an_operator_sends_again_what_was_given_up(worker_app: Flask, dispatcher: Dispatcher) -> None:
    town = make_town(worker_app)
    ask_for(worker_app, town, MARK, mark="mended")
    with worker_app.app_context(), tenant_scope(town.tenant_id):
        db.session.execute(update(OutboxRow).values(attempts=5, sent_at=utcnow(), dead_at=utcnow()))
        db.session.commit()
    (row,) = find_rows(worker_app, town, MARK)
    operator = signed_in(worker_app, make_post(worker_app, "operator", "operator"))
    assert b"probe.mark" in operator.get("/operator/").data
    where = f"/operator/jobs/{row.id}/again"
    assert town.client("administrator").post(where).status_code == 403
    assert operator.post(where).status_code == 303
    assert operator.post(where).status_code == 404
    dispatcher.relay()
    work(dispatcher.redis)
    assert count_marks(worker_app, town, "mended") == 1


def test_work_done_long_ago_is_cleared_away(worker_app: Flask, dispatcher: Dispatcher) -> None:
    town = make_town(worker_app)
    long_ago = utcnow() - KEPT_DONE - timedelta(minutes=1)
    for mark, done_at in (("old", long_ago), ("new", utcnow()), ("waiting", None)):
        ask_for(worker_app, town, MARK, mark=mark)
        with worker_app.app_context(), tenant_scope(town.tenant_id):
            rows = update(OutboxRow).where(OutboxRow.payload["mark"].astext == mark)
            db.session.execute(rows.values(done_at=done_at))
            db.session.commit()
    with worker_app.app_context(), tenant_scope(town.tenant_id):
        db.session.add(OutboxRow(job="demo.filled", key="demo.filled", done_at=long_ago))
        db.session.commit()
    assert dispatcher.tidy(utcnow()) >= 1
    assert {row.payload["mark"] for row in find_rows(worker_app, town, MARK)} == {"new", "waiting"}
    with worker_app.app_context(), tenant_scope(town.tenant_id):
        # What is no feature's work is a mark that somebody else reads.
        assert db.session.scalar(select(OutboxRow.job).where(OutboxRow.key == "demo.filled"))
    assert dispatcher.tidy(utcnow()) == 0


def test_what_still_waits_on_a_long_queue_is_no_failure(worker_app: Flask, dispatcher: Dispatcher) -> None:
    town = make_town(worker_app)
    ask_for(worker_app, town, MARK, mark="waiting")
    dispatcher.relay()
    for _ in range(10):
        dispatcher.sweep()
    row = find_rows(worker_app, town, MARK)[0]
    assert (row.attempts, row.dead_at) == (1, None)
    assert row.sent_at is not None


def test_what_is_being_worked_on_is_not_sent_again(worker_app: Flask, dispatcher: Dispatcher) -> None:
    town = make_town(worker_app)
    row_id = ask_for(worker_app, town, MARK, mark="running")
    dispatcher.relay()
    dispatcher.redis.flushdb()
    with worker_app.app_context(), tenant_scope(town.tenant_id):
        db.session.scalars(select(OutboxRow).where(OutboxRow.id == row_id).with_for_update()).one()
        dispatcher.sweep()
    assert find_rows(worker_app, town, MARK)[0].sent_at is not None


def test_a_tick_is_one_row_per_active_municipality(
    worker_app: Flask, dispatcher: Dispatcher, make_dispatcher: Callable[..., Dispatcher]
) -> None:
    town, suspended = make_town(worker_app), make_town(worker_app)
    suspend(worker_app, suspended.tenant_id)
    now = utcnow()
    other = make_dispatcher()
    for each in (dispatcher, other, dispatcher):
        each.keep_schedules(now)
    assert len(find_rows(worker_app, town, TICK)) == 1
    assert find_rows(worker_app, suspended, TICK) == []
    assert len(find_rows(worker_app, None, RELEASE_TICK)) == 1
    other.keep_schedules(now + timedelta(hours=1))
    dispatcher.keep_schedules(now + timedelta(hours=1))
    assert len(find_rows(worker_app, town, TICK)) == 2


def test_one_leads_and_the_other_takes_over_when_its_connection_dies(
    servers: EmbeddedServers, make_dispatcher: Callable[..., Dispatcher]
) -> None:
    first, second = make_dispatcher(), make_dispatcher()
    assert first.leadership.hold()
    assert not second.leadership.hold()
    assert first.leadership.hold()
    end_leader(servers)
    assert second.leadership.hold()
    first._try_turn()  # notices, resigns, and stands by from the next turn on
    assert not first.leadership.hold()
    second.leadership.resign()
    assert first.leadership.hold()


def end_leader(servers: EmbeddedServers) -> None:
    with servers.superuser() as server:
        server.execute(
            "select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory' and granted"
        )


def test_the_dispatcher_may_not_read_a_payload(dispatcher: Dispatcher) -> None:
    with dispatcher.engine.connect() as connection, pytest.raises(ProgrammingError) as refused:
        connection.exec_driver_sql("select payload from outbox")
    assert isinstance(refused.value.orig, psycopg.errors.InsufficientPrivilege)
