"""The doctor finds each thing that can be wrong, and finds nothing on a sound installation."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import NullPool, create_engine

from hjelpa import doctor
from hjelpa.core import migrate
from hjelpa.core.config import Settings
from hjelpa.core.selftest import find_isolation_faults, find_role_faults
from hjelpa.doctor import Check, examine
from hjelpa.embedded import EmbeddedServers


def environ_of(settings: Settings) -> dict[str, str]:
    return {
        "HJELPA_MODE": "test",
        "HJELPA_DATABASE_URL": settings.database_url,
        "HJELPA_REDIS_URL": settings.redis_url,
        "HJELPA_SECRET_KEY": settings.secret_key,
    }


def found(checks: list[Check], name: str) -> Check:
    return next(check for check in checks if check.name == name)


@pytest.fixture
def superuser(servers: EmbeddedServers, fresh_settings: Settings) -> Iterator[psycopg.Connection[Any]]:
    database = fresh_settings.database_url.partition("@/")[2].partition("?")[0]
    with servers.superuser(database) as connection:
        yield connection


def ask(settings: Settings, question: Callable[[Any], list[str]], role: str = "app") -> list[str]:
    with create_engine(settings.url_for_role(role), poolclass=NullPool).connect() as connection:
        return question(connection)


def test_a_sound_installation(fresh_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "assets_ready", lambda root: True)
    checks = examine(environ_of(fresh_settings))
    assert [check for check in checks if not check.ok] == []
    assert {"settings", "assets", "features", "redis", "migrations", "roles", "isolation"} <= {
        c.name for c in checks
    }


def test_missing_settings_are_all_named() -> None:
    check = found(examine({}), "settings")
    assert not check.ok
    assert all(name in check.sentence for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY"))


def test_missing_assets(fresh_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "assets_ready", lambda root: False)
    assert "hjelpa assets build" in found(examine({}), "assets").sentence


def test_a_redis_that_does_not_answer(fresh_settings: Settings) -> None:
    environ = environ_of(fresh_settings) | {"HJELPA_REDIS_URL": "redis://127.0.0.1:1/0"}
    assert not found(examine(environ), "redis").ok


def test_a_database_that_is_not_there(fresh_settings: Settings) -> None:
    url = fresh_settings.database_url.replace("@/t_", "@/gone_")
    checks = examine(environ_of(fresh_settings) | {"HJELPA_DATABASE_URL": url})
    (check,) = [check for check in checks if check.name.startswith("database")]
    assert check.name == "database as app, auth, network, dispatch, migrator"
    assert not check.ok
    assert "does not exist" in check.sentence
    assert fresh_settings.secret_key not in check.sentence


def test_a_server_that_is_down_is_said_once(fresh_settings: Settings) -> None:
    environ = environ_of(fresh_settings) | {"HJELPA_DATABASE_URL": "postgresql://127.0.0.1:1/hjelpa"}
    (check,) = [check for check in examine(environ) if "database" in check.name]
    assert "refused" in check.sentence and "check that the server runs" in check.sentence
    assert "HJELPA_MIGRATOR_PASSWORD" in check.sentence


def test_one_role_that_may_not_enter_is_told_apart(
    superuser: psycopg.Connection[Any], fresh_settings: Settings
) -> None:
    database = fresh_settings.database_url.partition("@/")[2].partition("?")[0]
    superuser.execute(f"revoke connect on database {database} from hjelpa_network")
    checks = examine(environ_of(fresh_settings))
    assert found(checks, "database as app, auth, dispatch, migrator").ok
    refused = found(checks, "database as network")
    assert not refused.ok and "permission denied" in refused.sentence


def test_production_without_tls_is_found(fresh_settings: Settings) -> None:
    environ = environ_of(fresh_settings) | {
        "HJELPA_MODE": "production",
        "HJELPA_DATABASE_URL": "postgresql://db/h",
    }
    assert "HJELPA_PUBLIC_URL" in found(examine(environ), "settings").sentence
    insecure = environ | {
        "HJELPA_PUBLIC_URL": "http://hjelpa.example",
        "HJELPA_SMTP_URL": "smtp://mail.example",
        "HJELPA_MAIL_FROM": "ikke-svar@hjelpa.example",
        "HJELPA_SIGNING_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        "HJELPA_TRANSFER_KEYS": "a-key-that-only-the-tests-know-long-enough",
    }
    assert "over TLS" in found(examine(insecure), "settings").sentence


def test_a_database_behind_the_migrations(fresh_settings: Settings) -> None:
    migrate.downgrade(fresh_settings, "-1")
    check = found(examine(environ_of(fresh_settings)), "migrations")
    assert "hjelpa db upgrade" in check.sentence


HARM = {
    "alter table outbox disable row level security": "table outbox: row level security is off",
    "alter table outbox no force row level security": "table outbox: row level security does not bind the owner",
    "drop policy own_tenant on outbox": "table outbox: it has no policy for its own municipality",
    "create policy open on outbox to hjelpa_app using (true)": "table outbox: it has further policies for the role",
    "create policy open on outbox using (true)": "table outbox: it has further policies for the role hjelpa_app",
    "alter policy own_tenant on outbox using (true)": "table outbox: it has no policy for its own municipality",
    "alter table outbox owner to hjelpa_app": "table outbox: its owner hjelpa_app may sign in",
    "create table notes (tenant_id uuid, id uuid)": "table notes: row level security is off",
    "create unique index u on outbox (job)": "unique index u does not begin with tenant_id",
    "alter table memberships add unique (id); alter table notices add foreign key (membership_id) references memberships (id)": (
        "foreign key notices_membership_id_fkey on notices does not carry tenant_id"
    ),
    "create view leak as select * from outbox": "view leak does not use the rights of its reader",
    "create materialized view leak as select * from outbox": "leak is a materialised view",
    "create function leak() returns bigint security definer language sql as 'select 1::bigint'": (
        "function leak() runs with its owner's rights"
    ),
    "grant truncate on outbox to hjelpa_app": "hjelpa_app may truncate on outbox",
    "grant select on outbox to public": "everyone may select on outbox",
    "grant execute on function lo_create(oid) to public": "hjelpa_app may keep large objects with lo_create(oid)",
}


@pytest.mark.parametrize("harm", list(HARM))
def test_every_way_around_isolation_is_found(
    superuser: psycopg.Connection[Any], fresh_settings: Settings, harm: str
) -> None:
    assert ask(fresh_settings, find_isolation_faults) == []
    superuser.execute(harm)
    assert any(HARM[harm] in fault for fault in ask(fresh_settings, find_isolation_faults))


@pytest.mark.parametrize(
    ("harm", "heal", "fault"),
    [
        ("alter role hjelpa_network bypassrls", "alter role hjelpa_network nobypassrls", "passes by row level"),
        ("alter role hjelpa_auth createrole", "alter role hjelpa_auth nocreaterole", "may make roles"),
        ("grant hjelpa_owner to hjelpa_dispatch", "revoke hjelpa_owner from hjelpa_dispatch", "become the owner"),
    ],
)
def test_roles_with_too_many_rights_are_found(
    superuser: psycopg.Connection[Any], fresh_settings: Settings, harm: str, heal: str, fault: str
) -> None:
    assert ask(fresh_settings, find_role_faults) == []
    superuser.execute(harm)
    try:
        assert any(fault in sentence for sentence in ask(fresh_settings, find_role_faults))
    finally:
        superuser.execute(heal)
