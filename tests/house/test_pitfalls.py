"""The known ways in which row level security fails to isolate, each tried here. The numbers are those of our notes."""

import uuid
from typing import Any

import psycopg
import pytest
from flask import Flask
from psycopg import errors
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError, InternalError

from hjelpa.core.config import Settings
from hjelpa.core.database import auth_session, db, read_only, side_transaction
from hjelpa.core.isolation import ForeignTenant, NoTenant, tenant_scope
from hjelpa.core.permissions import signed_in as signed_in_view
from modules.citizens.models import Citizen, Course
from tenants.identity.models import Account
from tenants.municipalities.models import FeatureSwitch
from tests.people import Town


def connect(settings: Settings, role: str = "app") -> psycopg.Connection[Any]:
    return psycopg.connect(settings.url_for_role(role).replace("postgresql+psycopg", "postgresql"))


def add_citizen(app: Flask, town: Town, name: str = "Nora Oppdiktet") -> uuid.UUID:
    with app.app_context(), tenant_scope(town.tenant_id):
        citizen = Citizen(name=name, age_band="adult")
        db.session.add(citizen)
        db.session.commit()
        return citizen.id


def test_1_no_tenant_is_refused_before_any_sql(app: Flask, town: Town) -> None:
    add_citizen(app, town)
    with app.app_context(), pytest.raises(NoTenant):
        db.session.scalars(select(Citizen)).all()


def test_1_no_tenant_on_a_bare_connection_sees_nothing(settings: Settings, app: Flask, town: Town) -> None:
    add_citizen(app, town)
    with connect(settings) as connection:
        assert connection.execute("select * from citizens").fetchall() == []


def test_2_a_setting_that_has_ended_is_empty_and_means_none(settings: Settings, town: Town) -> None:
    with connect(settings) as connection:
        connection.execute("select set_config('app.tenant_id', %s, true)", (str(town.tenant_id),))
        connection.commit()
        assert connection.execute("select app.current_tenant()").fetchone() == (None,)


def test_3_in_autocommit_the_setting_has_no_effect(settings: Settings, app: Flask, town: Town) -> None:
    add_citizen(app, town)
    with connect(settings) as connection:
        connection.autocommit = True
        connection.execute("select set_config('app.tenant_id', %s, true)", (str(town.tenant_id),))
        assert connection.execute("select * from citizens").fetchall() == []


def test_4_a_savepoint_rolled_back_keeps_the_tenant(app: Flask, town: Town) -> None:
    add_citizen(app, town)
    with app.app_context(), tenant_scope(town.tenant_id):
        assert len(db.session.scalars(select(Citizen.id)).all()) == 1
        nested = db.session.begin_nested()
        nested.rollback()
        assert len(db.session.scalars(select(Citizen.id)).all()) == 1
        db.session.rollback()


def test_9_uniqueness_tells_nothing_of_others(app: Flask, town: Town, other_town: Town) -> None:
    for place in (town, other_town):
        with app.app_context(), tenant_scope(place.tenant_id):
            db.session.add(FeatureSwitch(feature="the same in both"))
            db.session.commit()


def test_12_13_deleting_and_referring_never_cross(app: Flask, town: Town, other_town: Town) -> None:
    citizen_id = add_citizen(app, town)
    with app.app_context(), tenant_scope(other_town.tenant_id):
        db.session.add(Course(citizen_id=citizen_id, unit_id=other_town.unit_id, opened_at=text("now()")))
        with pytest.raises(DBAPIError, match="foreign key"):
            db.session.flush()
        db.session.rollback()


def test_14_copy_out_obeys(settings: Settings, app: Flask, town: Town, other_town: Town) -> None:
    add_citizen(app, town, "Mitt Navn")
    add_citizen(app, other_town, "Annet Navn")
    with connect(settings) as connection:
        connection.execute("select set_config('app.tenant_id', %s, true)", (str(town.tenant_id),))
        with connection.cursor().copy("copy (select name from citizens) to stdout") as copy:
            assert b"".join(copy) == b"Mitt Navn\n"


def test_15_copy_in_is_refused(settings: Settings, town: Town) -> None:
    with connect(settings) as connection:
        connection.execute("select set_config('app.tenant_id', %s, true)", (str(town.tenant_id),))
        with (
            pytest.raises(errors.FeatureNotSupported),
            connection.cursor().copy("copy citizens (tenant_id, id, name, age_band) from stdin") as copy,
        ):
            copy.write("")


@pytest.mark.parametrize(
    "statement",
    [
        "truncate citizens",  # 16: truncate asks no policy
        "update citizens set tenant_id = gen_random_uuid()",  # 17: moving a row
        "update citizens set id = gen_random_uuid()",
        "set role hjelpa_owner",  # 23: becoming the owner
        "create table public.mine (x int)",
        "create function public.f() returns int language sql as 'select 1'",
        "create materialized view public.m as select 1",  # 5 to 7: views that forget whose they are
        "create view public.v as select * from citizens",
        "alter table citizens no force row level security",
        "drop policy own_tenant on citizens",
        "delete from access_log",
        "update access_log set page = ''",
    ],
)
def test_16_17_23_what_the_app_may_never_do(settings: Settings, town: Town, statement: str) -> None:
    with connect(settings) as connection:
        connection.execute("select set_config('app.tenant_id', %s, true)", (str(town.tenant_id),))
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute(statement)


def test_20_statistics_tell_nothing(settings: Settings) -> None:
    with connect(settings) as connection:
        rows = connection.execute("select most_common_vals from pg_stats where tablename = 'citizens'").fetchall()
        assert rows == []


def test_24_25_a_pooled_connection_carries_nothing_over(app: Flask, town: Town, other_town: Town) -> None:
    add_citizen(app, town)
    with app.app_context():
        db.engine.dispose()  # an empty pool: the next in line gets the very same connection
    with app.app_context(), tenant_scope(town.tenant_id):
        assert len(db.session.scalars(select(Citizen.id)).all()) == 1
        connection = db.session.connection().connection.dbapi_connection
        db.session.commit()
        db.session.remove()
        with db.engine.connect() as next_in_line:
            assert next_in_line.connection.dbapi_connection is connection
            assert next_in_line.scalar(text("select app.current_tenant()")) is None
            assert next_in_line.execute(select(Citizen.__table__.c.id)).all() == []


def test_27_28_a_session_serves_one_municipality(app: Flask, town: Town, other_town: Town) -> None:
    citizen_id = add_citizen(app, town)
    with app.app_context():
        with tenant_scope(town.tenant_id):
            assert db.session.get(Citizen, (town.tenant_id, citizen_id)) is not None
            db.session.commit()
        with tenant_scope(other_town.tenant_id), pytest.raises(ForeignTenant):
            db.session.scalars(select(Citizen)).all()


def test_reading_requests_cannot_write(app: Flask, town: Town) -> None:
    with app.app_context(), tenant_scope(town.tenant_id, read_only=True):
        db.session.add(Citizen(name="Skrevet I Lesing", age_band="adult"))
        with pytest.raises(InternalError, match="read-only"):
            db.session.flush()
        db.session.rollback()


def test_a_side_transaction_stays_in_its_municipality(app: Flask, town: Town, other_town: Town) -> None:
    add_citizen(app, other_town)
    with app.app_context(), tenant_scope(town.tenant_id, read_only=True):
        with side_transaction() as session:
            assert session.scalars(select(Citizen.id)).all() == []
            session.add(Citizen(name="Til Side", age_band="adult"))
        assert db.session.scalars(select(Citizen.name)).all() == ["Til Side"]


def test_a_foreign_row_is_not_written(app: Flask, town: Town, other_town: Town) -> None:
    with app.app_context(), tenant_scope(town.tenant_id):
        db.session.add(Citizen(tenant_id=other_town.tenant_id, name="Feil By", age_band="adult"))
        with pytest.raises(ForeignTenant):
            db.session.flush()
        db.session.rollback()


def test_19_a_broken_statement_shows_nothing_of_itself(
    app: Flask, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> str:
        return str(db.session.execute(text("select hemmelig from ingensteds where navn = 'Nora'")).all())

    monkeypatch.setitem(app.view_functions, "workspace.today", signed_in_view(broken))
    page = town.client("everything").get(town.path("/"))
    assert page.status_code == 500
    for word in ("hemmelig", "ingensteds", "Nora", "psycopg", "select "):
        assert word not in page.text


def test_8_10_upserting_another_municipalitys_row_is_refused(app: Flask, town: Town, other_town: Town) -> None:
    citizen_id = add_citizen(app, other_town)
    row = {"tenant_id": other_town.tenant_id, "id": citizen_id, "name": "Tatt Over", "age_band": "adult"}
    upsert = insert(Citizen.__table__).values(**row)
    upsert = upsert.on_conflict_do_update(index_elements=["tenant_id", "id"], set_={"name": "Tatt Over"})
    with app.app_context(), tenant_scope(town.tenant_id):
        with pytest.raises(DBAPIError, match="row-level security"):
            db.session.execute(upsert)
        db.session.rollback()


def test_21_a_predicate_never_runs_on_hidden_rows(
    settings: Settings, app: Flask, town: Town, other_town: Town
) -> None:
    """Division by zero on another's row would tell that it exists."""
    add_citizen(app, other_town, "Usynlig")
    with connect(settings) as connection:
        connection.execute("select set_config('app.tenant_id', %s, true)", (str(town.tenant_id),))
        found = connection.execute("select * from citizens where 1 / (length(name) - 7) > 0").fetchall()
        assert found == []


def test_22_there_is_no_counter_to_read(settings: Settings) -> None:
    with connect(settings) as connection:
        assert connection.execute("select * from pg_sequences").fetchall() == []


def test_30_one_statement_serves_every_municipality_its_own(app: Flask, town: Town, other_town: Town) -> None:
    """Restricted statements are kept; what is kept must not hold the municipality it was first used for."""
    names = select(Citizen.name)
    for place, name in ((town, "Første By"), (other_town, "Andre By"), (town, "Første By")):
        with app.app_context(), tenant_scope(place.tenant_id):
            if not db.session.scalars(names).all():
                db.session.add(Citizen(name=name, age_band="adult"))
                db.session.commit()
            assert db.session.scalars(names).all() == [name]


def test_32_a_dump_as_the_app_is_refused(settings: Settings) -> None:
    with connect(settings) as connection:
        connection.execute("set row_security = off")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("select * from citizens")


def test_shared_sessions_only_read_while_a_page_is_read(app: Flask, town: Town) -> None:
    with app.app_context():
        token = read_only.set(True)
        try:
            auth_session.add(Account(email=f"{uuid.uuid4().hex}@skrevet.example", name="Skrevet I Lesing"))
            with pytest.raises(InternalError, match="read-only"):
                auth_session.flush()
            auth_session.rollback()
        finally:
            read_only.reset(token)
            auth_session.remove()
        auth_session.add(Account(email=f"{uuid.uuid4().hex}@skrevet.example", name="Skrevet Etterpå"))
        auth_session.commit()
