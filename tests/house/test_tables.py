"""Every table of the database, as the catalogue has it: classified, locked, and open to no role but its own."""

import uuid
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.orm import aliased

from hjelpa.core.config import ROLES, Settings
from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.selftest import find_isolation_faults
from hjelpa.embedded import EmbeddedServers
from tests.house.rows import fill_every_table, make_row, shared_models, tenant_models
from tests.people import Town, make_town

TENANT_TABLES = sorted(tenant_models())
ALL_TABLES = sorted({*tenant_models(), *shared_models()})
# Refused by the policy, or before it where the app has no right to write at all.
REFUSED = "row-level security|permission denied"
UNSYNCED = {"synchronize_session": False}
LOCKS = {"both": "app", "database": "app_database_lock", "orm": "app_orm_lock"}
SERVICE_ROLES = [role for role in ROLES if role not in ("migrator", "backup")]


def _database(settings: Settings) -> str:
    return settings.database_url.partition("@/")[2].partition("?")[0]


@pytest.fixture(scope="module")
def superuser(servers: EmbeddedServers, settings: Settings):
    with servers.superuser(_database(settings)) as connection:
        yield connection


@pytest.fixture(scope="module")
def towns(app: Flask, superuser: psycopg.Connection[Any]) -> tuple[Town, Town, dict[str, uuid.UUID]]:
    """A and B; B has a row in every table (ids by table), A has none but its people and a door that is closed."""
    a, b = make_town(app, opened=False), make_town(app)
    return a, b, fill_every_table(superuser, b, f"canary{uuid.uuid4().hex}")


def test_catalogue_finds_nothing_to_complain_about(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        assert find_isolation_faults(connection) == []


def test_every_table_is_classified(superuser: psycopg.Connection[Any]) -> None:
    found = {row[0] for row in superuser.execute("select tablename from pg_tables where schemaname = 'public'")}
    assert found - {"alembic_version"} == set(ALL_TABLES)


@pytest.mark.parametrize("table", ALL_TABLES)
def test_a_tenant_column_means_forced_row_security(superuser: psycopg.Connection[Any], table: str) -> None:
    columns = superuser.execute(
        "select column_name from information_schema.columns where table_name = %s", (table,)
    ).fetchall()
    forced = superuser.execute(
        "select relrowsecurity and relforcerowsecurity from pg_class where relname = %s", (table,)
    ).fetchone()
    owned = table in tenant_models()
    assert (("tenant_id",) in columns) == owned
    assert forced is not None and (forced[0] or not owned)


@pytest.mark.parametrize("table", ALL_TABLES)
@pytest.mark.parametrize("role", SERVICE_ROLES)
def test_rights_are_exactly_the_declared_ones(superuser: psycopg.Connection[Any], table: str, role: str) -> None:
    model = tenant_models().get(table) or shared_models()[table]
    rights = superuser.execute(
        """select distinct privilege_type from information_schema.column_privileges
           where table_name = %(t)s and grantee = %(r)s
           union select privilege_type from information_schema.table_privileges
           where table_name = %(t)s and grantee = %(r)s""",
        {"t": table, "r": f"hjelpa_{role}"},
    ).fetchall()
    assert {row[0] for row in rights} == set(model.__grants__.get(role, ()))


def test_nobody_may_truncate_reference_or_trigger(superuser: psycopg.Connection[Any]) -> None:
    found = superuser.execute(
        """select grantee, table_name, privilege_type from information_schema.table_privileges
           where grantee like 'hjelpa\\_%' and grantee <> 'hjelpa_owner' and table_schema = 'public'
           and privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER')"""
    ).fetchall()
    assert found == []


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_without_a_tenant_there_is_nothing(app: Flask, towns: Any, table: str) -> None:
    a, _, ids = towns
    model = tenant_models()[table]
    with app.app_context(), db.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(model)) == 0
        row = make_row(model.__table__, a.tenant_id, ids, "x")
        with pytest.raises(DBAPIError, match=REFUSED):
            connection.execute(insert(model).values(**row))


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize("table", TENANT_TABLES)
def test_nothing_of_another_municipality(
    request: pytest.FixtureRequest, towns: Any, table: str, lock: str
) -> None:
    """As A: nothing of B by select, count, get, update, delete or join, with each lock alone and with both."""
    app: Flask = request.getfixturevalue(LOCKS[lock])
    a, b, ids = towns
    model = tenant_models()[table]
    theirs = ids[table]
    with app.app_context(), tenant_scope(a.tenant_id):
        assert db.session.scalars(select(model.id).where(model.id == theirs)).all() == []
        assert db.session.get(model, (a.tenant_id, theirs)) is None
        # By its full key too: the criteria of the ORM, or the policy, must hold here as well.
        assert db.session.scalars(select(model).where(model.tenant_id == b.tenant_id)).all() == []
        mine = db.session.scalar(select(func.count()).select_from(model))
        assert mine == db.session.scalar(
            select(func.count()).select_from(model).where(model.tenant_id == a.tenant_id)
        )
        colleague = aliased(tenant_models()["memberships"])
        joined = select(func.count()).select_from(colleague).join(model, model.id != colleague.id)
        assert db.session.scalar(joined.where(model.tenant_id == b.tenant_id)) == 0
        db.session.rollback()


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize("table", TENANT_TABLES)
def test_no_change_to_another_municipality(
    request: pytest.FixtureRequest, superuser: psycopg.Connection[Any], towns: Any, table: str, lock: str
) -> None:
    app: Flask = request.getfixturevalue(LOCKS[lock])
    a, b, ids = towns
    model = tenant_models()[table]
    rights = model.__grants__["app"]
    count = f"select count(*), md5(string_agg(t::text, '|' order by id)) from {table} t where tenant_id = %s"
    before = superuser.execute(count, (b.tenant_id,)).fetchone()
    changeable = next(
        (c for c in model.__table__.columns if c.name not in ("tenant_id", "id", "created_at") and c.nullable),
        None,
    )
    with app.app_context(), tenant_scope(a.tenant_id):
        if "UPDATE" in rights and changeable is not None:
            db.session.execute(update(model).values({changeable.name: None}).execution_options(**UNSYNCED))
        if "DELETE" in rights:
            db.session.execute(delete(model).where(model.id == ids[table]).execution_options(**UNSYNCED))
        db.session.commit()
    assert superuser.execute(count, (b.tenant_id,)).fetchone() == before


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_no_row_into_another_municipality(app: Flask, towns: Any, table: str) -> None:
    a, b, ids = towns
    model = tenant_models()[table]
    row = make_row(model.__table__, b.tenant_id, ids, "x")
    with app.app_context(), tenant_scope(a.tenant_id):
        with pytest.raises(ProgrammingError, match=REFUSED):
            db.session.execute(insert(model.__table__).values(**row))
        db.session.rollback()


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_no_reference_and_no_oracle_across(app: Flask, towns: Any, table: str) -> None:
    """A reference to B's row fails just as one to a row that does not exist, and says no more."""
    a, _, ids = towns
    model = tenant_models()[table]
    keys = [k for k in model.__table__.foreign_key_constraints if len(k.elements) > 1]
    if not keys or "INSERT" not in model.__grants__["app"]:
        pytest.skip("refers to no other table of a municipality, or is written by nobody in one")
    said = []
    for target in (lambda name: ids[name], lambda name: uuid.uuid4()):
        own = {name: target(name) for name in tenant_models()}
        row = make_row(model.__table__, a.tenant_id, own, "x")
        with app.app_context(), tenant_scope(a.tenant_id):
            with pytest.raises(IntegrityError) as refused:
                db.session.execute(insert(model.__table__).values(**row))
            said.append(str(refused.value.orig).split("DETAIL")[0])
            db.session.rollback()
    assert said[0] == said[1]


@pytest.mark.parametrize("role", SERVICE_ROLES)
@pytest.mark.parametrize("table", ALL_TABLES)
def test_each_role_is_refused_everything_but_its_own(settings: Settings, table: str, role: str) -> None:
    """By trying, not by reading the catalogue: permission denied wherever nothing is declared."""
    model = tenant_models().get(table) or shared_models()[table]
    declared = model.__grants__.get(role, frozenset())
    url = settings.url_for_role(role).replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as connection:
        for right, statement in {
            "SELECT": f"select 1 from {table} limit 1",
            "DELETE": f"delete from {table} where false",
            "INSERT": f"insert into {table} default values",
            "UPDATE": f"update {table} set id = id where false",
        }.items():
            if right not in declared:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement)
            elif right in ("SELECT", "DELETE"):
                connection.execute(statement)
