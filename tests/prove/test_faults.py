"""Whatever dies in between, the work ends done, with the effect of once: real processes, killed for real."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from flask import Flask
from redis import Redis

from hjelpa.core.config import Settings
from hjelpa.queueing import connect
from tests.conftest import application
from tests.hjelpa.probes import MARK, TICK, WAIT, ask_for, count_marks, find_rows, probe_features, until
from tests.people import Town, make_town

pytestmark = pytest.mark.prove

ROOT = Path(__file__).resolve().parents[2]

Start = Callable[[str], psutil.Process]


@pytest.fixture
def settings(copy_database: Callable[[], Settings]) -> Settings:
    made = copy_database()
    return replace(made, redis_url=made.redis_url.removesuffix("/0") + "/8")


@pytest.fixture
def redis(settings: Settings) -> Iterator[Redis]:
    connection = connect(settings.redis_url)
    connection.flushdb()
    yield connection
    connection.close()


@pytest.fixture
def app(settings: Settings, redis: Redis) -> Iterator[Flask]:
    yield from application(settings, probe_features())


@pytest.fixture
def town(app: Flask) -> Town:
    return make_town(app)


@pytest.fixture
def start(settings: Settings, tmp_path: Path) -> Iterator[Start]:
    """Starts a worker or dispatcher of the tests; all are ended with the test, and their output is shown if it fails."""
    environ = os.environ | {
        "HJELPA_MODE": "test",
        "HJELPA_DATABASE_URL": settings.database_url,
        "HJELPA_REDIS_URL": settings.redis_url,
        "HJELPA_SECRET_KEY": settings.secret_key,
    }
    processes: list[subprocess.Popen[bytes]] = []
    log = tmp_path / "processes.log"

    def start_one(kind: str) -> psutil.Process:
        with log.open("ab") as file:
            command = [sys.executable, "-m", "tests.hjelpa.probe_process", kind]
            process = subprocess.Popen(
                command, cwd=ROOT, env=environ, stdout=file, stderr=file, start_new_session=True
            )
        processes.append(process)
        return psutil.Process(process.pid)

    yield start_one
    for process in processes:
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        for member in reversed(family):
            member.kill()
        process.wait()
    print(log.read_text(errors="replace"))


def is_done(app: Flask, town: Town, job: object) -> bool:
    rows = find_rows(app, town, job)
    return bool(rows) and all(row.done_at for row in rows)


def test_worker_and_work_horse_killed_in_the_middle_of_a_job(
    app: Flask, town: Town, start: Start, tmp_path: Path
) -> None:
    tmp_path.chmod(0o755)
    ask_for(app, town, WAIT, mark="killed", folder=str(tmp_path))
    start("dispatcher")
    worker = start("worker")
    until((tmp_path / "started").exists)
    (horse,) = worker.children()
    # The parent first, so that it cannot tidy up after its child.
    worker.send_signal(signal.SIGKILL)
    horse.send_signal(signal.SIGKILL)
    assert count_marks(app, town, "killed") == 0
    (tmp_path / "gate").touch()
    start("worker")
    until(lambda: is_done(app, town, WAIT))
    assert count_marks(app, town, "killed") == 1
    assert find_rows(app, town, WAIT)[0].attempts >= 2


def test_only_the_work_horse_killed(app: Flask, town: Town, start: Start, tmp_path: Path) -> None:
    ask_for(app, town, WAIT, mark="horse", folder=str(tmp_path))
    start("dispatcher")
    worker = start("worker")
    until((tmp_path / "started").exists)
    worker.children()[0].send_signal(signal.SIGKILL)
    (tmp_path / "gate").touch()
    until(lambda: is_done(app, town, WAIT))
    assert count_marks(app, town, "horse") == 1


def test_redis_flushed_between_dispatch_and_worker(app: Flask, town: Town, start: Start, redis: Redis) -> None:
    for _ in range(5):
        ask_for(app, town, MARK, mark="flushed")
    start("dispatcher")
    until(lambda: all(row.sent_at for row in find_rows(app, town, MARK)))
    redis.flushdb()
    start("worker")
    until(lambda: is_done(app, town, MARK))
    assert count_marks(app, town, "flushed") == 5


def test_redis_flushed_between_commit_and_dispatch(app: Flask, town: Town, start: Start, redis: Redis) -> None:
    start("worker")
    until(lambda: redis.scard("rq:workers") == 1)
    ask_for(app, town, MARK, mark="early")
    redis.flushdb()
    start("dispatcher")
    until(lambda: is_done(app, town, MARK))
    assert count_marks(app, town, "early") == 1


def test_two_schedulers_make_one_tick(app: Flask, town: Town, start: Start) -> None:
    other = make_town(app)
    first, second = start("dispatcher"), start("dispatcher")
    start("worker")
    until(lambda: all(is_done(app, each, TICK) for each in (town, other)))
    # Whichever leads: when it dies, the other takes over and still makes no second row of the same tick.
    first.send_signal(signal.SIGKILL)
    ask_for(app, town, MARK, mark="after")
    until(lambda: is_done(app, town, MARK))
    assert second.is_running()
    for each in (town, other):
        assert len(find_rows(app, each, TICK)) == count_marks(app, each) == 1


def test_a_stopped_worker_finishes_its_job(app: Flask, town: Town, start: Start, tmp_path: Path) -> None:
    ask_for(app, town, WAIT, mark="drained", folder=str(tmp_path))
    start("dispatcher")
    worker = start("worker")
    until((tmp_path / "started").exists)
    worker.send_signal(signal.SIGTERM)
    (tmp_path / "gate").touch()
    until(lambda: worker.status() == psutil.STATUS_ZOMBIE)
    assert is_done(app, town, WAIT)
    assert count_marks(app, town, "drained") == 1
