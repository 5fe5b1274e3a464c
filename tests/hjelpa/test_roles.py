"""What the roles beside the municipality's own may touch, written out here, whatever the models say of themselves."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from hjelpa.core.config import Settings
from hjelpa.embedded import EmbeddedServers

CELL = ("indicator", "version", "period", "stratum")
RELEASE = ("id", "sequence", "released_at", "policy")
RELEASE_CELL = ("id", "release_id", *CELL, "status", "contributors", "persons", "value", "q1", "median", "q3")
WORK = ("job", "key", "created_at", "run_at", "sent_at", "done_at", "dead_at", "attempts", "error")
UPDATED_WORK = ("job", "payload", "key", "run_at", "sent_at", "done_at", "dead_at", "attempts", "error")
CONTRIBUTION = ("tenant_id", *CELL, "numerator", "denominator", "eligible", "computed_at")

# Role, table, right: the columns. Nothing else, in any schema of ours.
TOUCHED = {
    "network": {
        ("contributions", "SELECT"): CONTRIBUTION,
        ("municipalities", "SELECT"): ("id", "status"),
        ("releases", "SELECT"): RELEASE,
        ("releases", "INSERT"): RELEASE,
        ("release_cells", "SELECT"): RELEASE_CELL,
        ("release_cells", "INSERT"): RELEASE_CELL,
        ("network_outbox", "SELECT"): ("id", "payload", *WORK),
        ("network_outbox", "INSERT"): ("id", "payload", *WORK),
        ("network_outbox", "UPDATE"): UPDATED_WORK,
    },
    "dispatch": {
        ("municipalities", "SELECT"): ("id", "status"),
        ("outbox", "SELECT"): ("tenant_id", "id", *WORK),
        ("outbox", "INSERT"): ("tenant_id", "id", "job", "key", "run_at"),
        ("outbox", "UPDATE"): ("run_at", "sent_at", "dead_at", "attempts"),
        ("network_outbox", "SELECT"): ("id", *WORK),
        ("network_outbox", "INSERT"): ("id", "job", "key", "run_at"),
        ("network_outbox", "UPDATE"): ("run_at", "sent_at", "dead_at", "attempts"),
    },
}
# Whole rows: what was done long ago is cleared away.
DELETED = {"dispatch": ("outbox", "network_outbox")}
RIGHTS = ("SELECT", "INSERT", "UPDATE", "REFERENCES")


@pytest.fixture
def superuser(servers: EmbeddedServers, settings: Settings) -> Iterator[psycopg.Connection[Any]]:
    with servers.superuser(settings.database_url.partition("@/")[2].partition("?")[0]) as connection:
        yield connection


@pytest.mark.parametrize("role", list(TOUCHED))
def test_a_role_touches_what_is_written_here_and_nothing_else(
    superuser: psycopg.Connection[Any], role: str
) -> None:
    """Asked as PostgreSQL decides it, so that rights of everyone and of other roles count too."""
    found: dict[tuple[str, str], set[str]] = {}
    for table, column, right in superuser.execute(
        """select c.relname, a.attname, r from pg_class c join pg_attribute a on a.attrelid = c.oid
           cross join unnest(%s::text[]) r
           where c.relkind in ('r', 'p', 'v', 'm', 'f') and a.attnum > 0 and not a.attisdropped
             and c.relnamespace in ('public'::regnamespace, 'app'::regnamespace)
             and has_column_privilege(%s, c.oid, a.attnum, r)""",
        (list(RIGHTS), f"hjelpa_{role}"),
    ):
        found.setdefault((table, right), set()).add(column)
    assert found == {key: set(columns) for key, columns in TOUCHED[role].items()}
    whole = superuser.execute(
        """select c.relname, r from pg_class c cross join unnest(array['DELETE', 'TRUNCATE', 'TRIGGER', 'MAINTAIN']) r
           where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
             and has_table_privilege(%s, c.oid, r)""",
        (f"hjelpa_{role}",),
    ).fetchall()
    assert set(whole) == {(table, "DELETE") for table in DELETED.get(role, ())}


@pytest.mark.parametrize("table", ["outbox", "network_outbox"])
def test_the_dispatcher_reads_no_payload(settings: Settings, table: str) -> None:
    url = settings.url_for_role("dispatch").replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"select id, job from {table}")
        for statement in ("select payload from {}", "select * from {}", "select t from {} t"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.format(table))


@pytest.mark.parametrize("role", ["app", "auth", "network", "dispatch"])
def test_no_role_keeps_anything_outside_the_tables(settings: Settings, role: str) -> None:
    url = settings.url_for_role(role).replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as connection:
        for call in ("lo_create(0)", "lo_creat(-1)", "lo_from_bytea(0, 'x')", "lo_import('/etc/hostname')"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"select {call}")
        for where in ("public", "app"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"create table {where}.mine (x text)")
