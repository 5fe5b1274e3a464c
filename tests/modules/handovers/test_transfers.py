"""The packages between municipalities: theirs and nobody else's, by each lock alone, and each changes only its own part."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import aliased

from hjelpa.core.config import Settings
from hjelpa.core.database import db
from hjelpa.core.isolation import ForeignTenant, NoTenant, tenant_scope
from hjelpa.core.types import utcnow
from hjelpa.embedded import EmbeddedServers
from modules.handovers.models import TRANSFER_STATES, Transfer
from tests.people import Town, make_town

LOCKS = {"both": "app", "database": "app_database_lock", "orm": "app_orm_lock"}
ALLOWED = {
    ("sender", "sent", "withdrawn"),
    ("sender", "sent", "expired"),
    ("sender", "accepted", "closed"),
    ("sender", "refused", "closed"),
    ("receiver", "sent", "sent"),
    ("receiver", "sent", "accepted"),
    ("receiver", "sent", "refused"),
}


@pytest.fixture(scope="module")
def superuser(servers: EmbeddedServers, settings: Settings) -> Iterator[psycopg.Connection[Any]]:
    with servers.superuser(settings.database_url.partition("@/")[2].partition("?")[0]) as connection:
        yield connection


@pytest.fixture(scope="module")
def people(app: Flask) -> dict[str, Town]:
    return {name: make_town(app) for name in ("sender", "receiver", "third")}


def parts(state: str) -> dict[str, Any]:
    """What belongs to a state by the table's own rules."""
    now = utcnow()
    return {
        "state": state,
        "package": b"sealed" if state == "sent" else None,
        "answer": b"answer" if state in ("accepted", "refused") else None,
        "decided_at": now if state in ("accepted", "refused", "closed") else None,
        "settled_at": now if state in ("withdrawn", "expired", "closed") else None,
    }


def put(superuser: psycopg.Connection[Any], people: dict[str, Town], state: str = "sent") -> uuid.UUID:
    id, now = uuid.uuid4(), utcnow()
    row = {
        "id": id,
        "sender_id": people["sender"].tenant_id,
        "receiver_id": people["receiver"].tenant_id,
        "sent_at": now,
        "due_at": now + timedelta(days=2),
        "expires_at": now + timedelta(days=16),
        **parts(state),
    }
    places = ", ".join(f"%({name})s" for name in row)
    superuser.execute(f"insert into transfers ({', '.join(row)}) values ({places})", row)
    return id


def as_town(settings: Settings, town: Town | None) -> psycopg.Connection[Any]:
    """The app's own login, inside a municipality or in none."""
    connection = psycopg.connect(settings.url_for_role("app").replace("postgresql+psycopg", "postgresql"))
    connection.execute("select set_config('app.tenant_id', %s, true)", (str(town.tenant_id) if town else "",))
    return connection


@pytest.mark.parametrize("lock", LOCKS)
def test_only_the_two_see_it_and_only_they_change_it(
    request: pytest.FixtureRequest, superuser: psycopg.Connection[Any], people: dict[str, Town], lock: str
) -> None:
    app: Flask = request.getfixturevalue(LOCKS[lock])
    id = put(superuser, people)
    for who, town in people.items():
        with app.app_context(), tenant_scope(town.tenant_id):
            seen = [] if who == "third" else [id]
            assert db.session.scalars(select(Transfer.id).where(Transfer.id == id)).all() == seen
            assert (db.session.get(Transfer, id) is None) == (who == "third")
            other = aliased(Transfer)
            joined = select(func.count()).select_from(other).where(other.id == id)
            assert db.session.scalar(joined) == len(seen)
            inside = select(func.count()).select_from(select(Transfer.id).where(Transfer.id == id).subquery())
            assert db.session.scalar(inside) == len(seen)
            db.session.rollback()
    with app.app_context(), tenant_scope(people["third"].tenant_id):
        emptied = update(Transfer).where(Transfer.id == id).values(**parts("withdrawn"))
        db.session.execute(emptied.execution_options(synchronize_session=False))
        db.session.commit()
    assert superuser.execute("select state from transfers where id = %s", (id,)).fetchone() == ("sent",)


@pytest.mark.parametrize("lock", LOCKS)
def test_nobody_sends_for_another(
    request: pytest.FixtureRequest, superuser: psycopg.Connection[Any], people: dict[str, Town], lock: str
) -> None:
    app: Flask = request.getfixturevalue(LOCKS[lock])
    now = utcnow()
    times = {"sent_at": now, "due_at": now + timedelta(days=2), "expires_at": now + timedelta(days=16)}
    ends = {"sender_id": people["sender"].tenant_id, "receiver_id": people["receiver"].tenant_id}
    with app.app_context(), tenant_scope(people["third"].tenant_id):
        db.session.add(Transfer(state="sent", package=b"x", **ends, **times))
        with pytest.raises(ForeignTenant):
            db.session.flush()
        db.session.rollback()
        if lock == "orm":
            return
        with pytest.raises(DBAPIError, match="row-level security"):
            db.session.execute(
                insert(Transfer).values(id=uuid.uuid4(), state="sent", package=b"x", **ends, **times)
            )
        db.session.rollback()


def test_without_a_municipality_there_is_nothing(
    app: Flask, settings: Settings, superuser: psycopg.Connection[Any], people: dict[str, Town]
) -> None:
    put(superuser, people)
    with as_town(settings, None) as connection:
        assert connection.execute("select * from transfers").fetchall() == []
    with app.app_context(), pytest.raises(NoTenant):
        db.session.scalars(select(Transfer)).all()


@pytest.mark.parametrize("who", ["sender", "receiver", "third", "nobody"])
@pytest.mark.parametrize("old", TRANSFER_STATES)
def test_each_makes_only_its_own_steps(
    settings: Settings, superuser: psycopg.Connection[Any], people: dict[str, Town], who: str, old: str
) -> None:
    for new in TRANSFER_STATES:
        id = put(superuser, people, old)
        values = parts(new)
        if old == new:
            values = {"told_at": utcnow()}
        elif new == "closed":
            del values["decided_at"]  # the receiver's moment stays
        setting = ", ".join(f"{name} = %({name})s" for name in values)
        with as_town(settings, people.get(who)) as connection:
            try:
                changed = connection.execute(
                    f"update transfers set {setting} where id = %(id)s", {**values, "id": id}
                )
                done = changed.rowcount == 1
            except psycopg.errors.CheckViolation:
                connection.rollback()
                done = False
        assert done == ((who, old, new) in ALLOWED), (who, old, new)


@pytest.mark.parametrize(
    ("who", "statement"),
    [
        ("receiver", "update transfers set package = 'another' where id = %s"),
        (
            "receiver",
            "update transfers set state = 'accepted', package = 'x', answer = 'x', decided_at = now() where id = %s",
        ),
        ("receiver", "update transfers set settled_at = now() where id = %s"),
        ("sender", "update transfers set told_at = now() where id = %s"),
        ("sender", "update transfers set package = 'another' where id = %s"),
        ("sender", "update transfers set receiver_id = sender_id where id = %s"),
        ("receiver", "update transfers set sender_id = receiver_id where id = %s"),
        ("sender", "update transfers set expires_at = now() + interval '1 year' where id = %s"),
        ("receiver", "update transfers set due_at = now() where id = %s"),
        ("sender", "delete from transfers where id = %s"),
        ("receiver", "delete from transfers where id = %s"),
    ],
)
def test_nobody_rewrites_what_was_sent(
    settings: Settings, superuser: psycopg.Connection[Any], people: dict[str, Town], who: str, statement: str
) -> None:
    id = put(superuser, people)
    before = superuser.execute("select t::text from transfers t where id = %s", (id,)).fetchone()
    refusals = (psycopg.errors.CheckViolation, psycopg.errors.InsufficientPrivilege)
    with as_town(settings, people[who]) as connection, pytest.raises(refusals):
        connection.execute(statement, (id,))
    assert superuser.execute("select t::text from transfers t where id = %s", (id,)).fetchone() == before


@pytest.mark.parametrize("role", ["auth", "network", "dispatch"])
def test_no_other_role_reads_it(settings: Settings, role: str) -> None:
    url = settings.url_for_role(role).replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("select 1 from transfers")


def test_the_table_is_locked_even_to_its_owner(superuser: psycopg.Connection[Any]) -> None:
    locked = superuser.execute(
        "select relrowsecurity, relforcerowsecurity from pg_class where relname = 'transfers'"
    ).fetchone()
    assert locked == (True, True)
