"""Asking for a release: however many press at once, one is made, and everybody is led to it."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from hjelpa.core.database import commit_all, db, network_session
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.outbox import NetworkOutboxRow, OutboxRow, enqueue
from hjelpa.core.types import utcnow
from network.benchmarks import jobs, queries
from tests.network.benchmarks.trial import towns
from tests.people import make_post, signed_in

PEOPLE = 4


def count_asked(app: Flask) -> int:
    with app.app_context():
        return network_session.scalar(select(func.count()).select_from(NetworkOutboxRow)) or 0


def ask_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Sequence[str]:
    """Several editors press at once: each has seen that nothing is under way before anyone asks."""
    together, look = Barrier(PEOPLE, timeout=20), queries.find_work

    def look_together(*wanted: object) -> queries.Work | None:
        work = look(*wanted)
        together.wait()
        return work

    clients = [signed_in(app, make_post(app, "network", "network_editor")) for _ in range(PEOPLE)]
    with monkeypatch.context() as patch, ThreadPoolExecutor(PEOPLE) as pool:
        patch.setattr(queries, "find_work", look_together)
        answers = list(pool.map(lambda client: client.post("/network/releases"), clients))
    assert {answer.status_code for answer in answers} == {303}
    return [answer.location for answer in answers]


def finish(app: Flask, state: str) -> None:
    with app.app_context():
        row = network_session.scalars(select(NetworkOutboxRow).where(NetworkOutboxRow.done_at.is_(None))).one()
        setattr(row, state, utcnow())
        commit_all()


@pytest.mark.parametrize("state", ["done_at", "dead_at"])
def test_those_who_press_at_once_get_one_release(
    network_app: Flask, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    first = ask_at_once(network_app, monkeypatch)
    assert len(set(first)) == 1 and count_asked(network_app) == 1
    # Work that failed or found nothing adds no release, and still the next can be asked for.
    finish(network_app, state)
    second = ask_at_once(network_app, monkeypatch)
    assert len(set(second)) == 1 and count_asked(network_app) == 2
    assert set(second) != set(first)


def test_a_key_is_one_row_in_each_municipality(network_app: Flask) -> None:
    for town in towns(network_app, 2):
        asked = []
        for _ in range(2):
            with network_app.app_context(), tenant_scope(town.tenant_id):
                asked.append(enqueue(jobs.CONTRIBUTE, key="once"))
                commit_all()
        with network_app.app_context(), tenant_scope(town.tenant_id, read_only=True):
            assert asked == [*db.session.scalars(select(OutboxRow.id))] * 2


def test_without_a_key_every_request_is_its_own(network_app: Flask) -> None:
    for _ in range(2):
        with network_app.app_context():
            enqueue(jobs.RELEASE)
            commit_all()
    assert count_asked(network_app) == 2
