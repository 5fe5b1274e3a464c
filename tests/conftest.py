"""The real things for every test: PostgreSQL 18, Valkey and the whole application, started once per test process."""

import os
import shutil
import socket
import tempfile
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, QueuePool
from werkzeug.test import TestResponse

from hjelpa.core import migrate
from hjelpa.core.config import Settings
from hjelpa.core.database import db
from hjelpa.core.features import Features
from hjelpa.core.limits import limiter
from hjelpa.embedded import EmbeddedServers, start_servers
from hjelpa.factory import create_app
from tests.people import Town, make_town

TEMPLATE = "hjelpa_template"

# What takes longest begins first, so that no process is left alone with it in the end; then the files with most tests.
LONGEST = (
    "tests/browser",
    "tests/house/test_routes.py",
    "tests/house/test_new_module.py",
    "tests/modules/responsibility",
    "tests/hjelpa/test_demo",
    "tests/modules/plans",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Orders the files by cost, and says what belongs in one process: a file, and all that needs the demo's browser."""
    counts = Counter(_file_of(item) for item in items)
    items.sort(key=lambda item: (_rank(_file_of(item)), -counts[_file_of(item)], _file_of(item)))
    for item in items if config.pluginmanager.hasplugin("xdist") else ():
        file = _file_of(item)
        item.add_marker(pytest.mark.xdist_group("browser" if file.startswith("tests/browser/") else file))


def _file_of(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def _rank(file: str) -> int:
    return next((rank for rank, start in enumerate(LONGEST) if file.startswith(start)), len(LONGEST))


class Browser(FlaskClient):
    """Reads every answer to its end and closes it, as servers and browsers do; a test client alone would leave it open."""

    def open(self, *args: Any, buffered: bool = True, **kwargs: Any) -> TestResponse:
        return super().open(*args, buffered=buffered, **kwargs)


@pytest.fixture(scope="session")
def servers() -> Iterator[EmbeddedServers]:
    folder = Path(tempfile.mkdtemp(prefix="hjelpa-test-"))
    folder.chmod(0o755)
    running = start_servers(folder, durable=False)
    with running.superuser() as server:
        # Every test has rows of its own and few of them: tidying up behind hundreds of towns would only take the time.
        server.execute("alter system set autovacuum = off")
        server.execute("select pg_reload_conf()")
    yield running
    running.stop()
    shutil.rmtree(folder, ignore_errors=True)


def settings_for(servers: EmbeddedServers, database: str) -> Settings:
    return Settings(
        database_url=servers.database_url(database),
        redis_url=servers.redis_url,
        secret_key="a secret that only the tests know, long enough",
        mode="test",
        data_dir=servers.data_dir,
    )


@pytest.fixture(scope="session")
def template(servers: EmbeddedServers) -> str:
    """A migrated, empty database that others are copied from."""
    servers.make_database(TEMPLATE)
    migrate.upgrade(settings_for(servers, TEMPLATE))
    return TEMPLATE


@pytest.fixture(scope="session")
def copy_database(servers: EmbeddedServers, template: str) -> Callable[[], Settings]:
    """Makes a fresh migrated database and returns its settings."""

    def copy() -> Settings:
        name = f"t_{uuid.uuid4().hex[:12]}"
        with servers.superuser() as server:
            server.execute(f"create database {name} template {template} owner hjelpa_owner")
            server.execute(f"revoke all on database {name} from public")
        servers.make_database(name)
        return settings_for(servers, name)

    return copy


@pytest.fixture(scope="session")
def settings(copy_database: Callable[[], Settings]) -> Settings:
    return copy_database()


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[Flask]:
    """The application on one database for the whole process; tests keep apart by making towns of their own."""
    yield from application(settings)


@pytest.fixture
def fresh_settings(copy_database: Callable[[], Settings]) -> Settings:
    """A database of the test's own, for what spans municipalities."""
    return copy_database()


@pytest.fixture
def fresh_app(fresh_settings: Settings) -> Iterator[Flask]:
    yield from application(fresh_settings)


def application(settings: Settings, features: Features | None = None) -> Iterator[Flask]:
    """An application whose connections are closed in the end.

    Forms are tested with their tokens in the browser and in the tests of sign-in; elsewhere they would be noise.
    """
    app = create_app(settings, features)
    app.config.update(WTF_CSRF_ENABLED=False)
    app.test_client_class = Browser
    limiter.enabled = False
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
    app.extensions["hjelpa_redis"].close()


@pytest.fixture(scope="session")
def app_database_lock(settings: Settings) -> Iterator[Flask]:
    """The application with row level security as the only lock."""
    yield from application(replace(settings, orm_isolation=False))


@pytest.fixture(scope="session")
def app_orm_lock(servers: EmbeddedServers, settings: Settings) -> Iterator[Flask]:
    """The application with the ORM's predicate as the only lock: its login passes by every policy."""
    with servers.superuser() as server:
        server.execute("create role hjelpa_app_unlocked login bypassrls in role hjelpa_app")
        database = settings.database_url.partition("@/")[2].partition("?")[0]
        server.execute(f"grant connect on database {database} to hjelpa_app_unlocked")
    yield from application(replace(settings, app_user="hjelpa_app_unlocked"))


@pytest.fixture(autouse=True)
def limits(request: pytest.FixtureRequest) -> None:
    """Only browsers and the tests of limits meet them; there is one limiter a process, which every new application turns on."""
    limiter.enabled = "site" in request.fixturenames


@pytest.fixture
def limited(settings: Settings) -> Iterator[None]:
    """Limits that count in this process's Redis; another test's application may have brought one that is away."""
    for _ in application(settings):
        limiter.enabled = True
        limiter.reset()
        yield
        limiter.reset()
        limiter.enabled = False


@pytest.fixture(autouse=True)
def nothing_kept(request: pytest.FixtureRequest) -> Iterator[None]:
    """No test leaves a connection in use: the next ones in the same process would wait for it in vain."""
    app = request.getfixturevalue("app") if "app" in request.fixturenames else None
    yield
    if app is not None:
        with app.app_context():
            kept = [(role, number) for role, engine in db.engines.items() if (number := _in_use(engine))]
        assert kept == []


def _in_use(engine: Engine) -> int:
    assert isinstance(engine.pool, QueuePool)
    return engine.pool.checkedout()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def town(app: Flask) -> Town:
    """A municipality of the test's own with a helper, a leader and an administrator."""
    return make_town(app)


@pytest.fixture
def other_town(app: Flask) -> Town:
    return make_town(app)


@pytest.fixture(scope="session", autouse=True)
def stay_at_home() -> Iterator[None]:
    """Nothing outside the machine may be reached: connecting elsewhere is an error, and proxies are forgotten."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.lower() in ("http_proxy", "https_proxy", "all_proxy"):
                patch.delenv(name)
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _only_here(getattr(socket.socket, name)))
        yield


def _only_here(connect: Callable[[socket.socket, Any], Any]) -> Callable[[socket.socket, Any], Any]:
    def refuse_or_connect(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(str(address[0])):
            self.close()  # whoever opened it does not expect this error, and would leave it open
            raise AssertionError(
                f"a test wanted to connect to {address[0]} port {address[1]}, outside this machine"
            )
        return connect(self, address)

    return refuse_or_connect


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
