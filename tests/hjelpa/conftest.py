"""An application with countable jobs, on a database and a Redis of its own."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask

from hjelpa import jobs
from hjelpa.core.config import Settings
from hjelpa.queueing import connect
from tests.conftest import application
from tests.hjelpa.probes import probe_features


@pytest.fixture(scope="module")
def probe_settings(copy_database: Callable[[], Settings]) -> Settings:
    settings = copy_database()
    return replace(settings, redis_url=settings.redis_url.removesuffix("/0") + "/7")


@pytest.fixture(scope="module")
def probe_app(probe_settings: Settings) -> Iterator[Flask]:
    yield from application(probe_settings, probe_features())


@pytest.fixture
def worker_app(probe_app: Flask, probe_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application as a worker of this process would have it, with an empty queue."""
    redis = connect(probe_settings.redis_url)
    redis.flushdb()
    redis.close()
    monkeypatch.setattr(jobs, "worker_app", lambda: probe_app)
    return probe_app
