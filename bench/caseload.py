"""The pages people open most, in a municipality with 200,000 courses against one with 200.

One course that runs and one that has ended are made the way people make them, with a contact, conversations and a plan.
They are then copied as they stand, whatever tables they are in, with new ids and other times; each helper has two
hundred, a fifth of them open, in the small municipality and in the large.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import psycopg
from flask import Flask
from psycopg import sql

from bench.ground import Cost, measure, migrated
from hjelpa.core.database import commit_all
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.limits import limiter
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from hjelpa.embedded import EmbeddedServers
from hjelpa.factory import create_app
from modules.citizens.commands import end_course
from tests.modules.door import begun, id_in, post
from tests.people import Town, make_town
from tests.statements import counted_statements

SMALL, LARGE = 200, 200_000
EACH = 200
OPEN = 5  # one in so many
MOST = 1.5
ROUNDS = 20

Connection = psycopg.Connection[Any]
Life = Mapping[str, Sequence[uuid.UUID]]


def report(running: EmbeddedServers) -> list[str]:
    small, large = (_measured(running, f"bench_caseload_{count}", count) for count in (SMALL, LARGE))
    rows = [
        f"| page | statements | CPU µs at {SMALL:,} (Python + PostgreSQL) | at {LARGE:,} | ratio |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, (statements, cost) in small.items():
        statements_large, cost_large = large[name]
        same = str(statements) if statements == statements_large else f"**{statements} / {statements_large}**"
        ratio = (cost_large.python + cost_large.postgres) / (cost.python + cost.postgres)
        said = f"{ratio:.2f}" if ratio <= MOST else f"**{ratio:.2f}**"
        rows.append(f"| {name} | {same} | {_words(cost)} | {_words(cost_large)} | {said} |")
    return rows


def _words(cost: Cost) -> str:
    return f"{cost.python:,.0f} + {cost.postgres:,.0f}"


def _measured(running: EmbeddedServers, database: str, count: int) -> dict[str, tuple[int, Cost]]:
    """By page: how many statements it takes, and its cost."""
    app = create_app(migrated(running, database))
    app.config["WTF_CSRF_ENABLED"] = False
    limiter.enabled = False
    town = make_town(app)
    with running.superuser(database) as server:
        course_id = fill(app, town, server, count)
        server.execute("vacuum analyze")
        server.execute("checkpoint")
    found = {}
    for name, act in _pages(app, town, course_id):
        act()
        with counted_statements() as seen:
            act()
        found[name] = len(seen), measure(running, act, int, times=5, rounds=ROUNDS)
    return found


def _pages(app: Flask, town: Town, course_id: uuid.UUID) -> Iterator[tuple[str, Callable[[], object]]]:
    helper, leader, anyone = town.client(), town.client("leader"), app.test_client()
    for name, client, path in (
        ("door page", anyone, "/ask"),
        ("caseload, the helper's own", helper, "/courses"),
        ("caseload, all open", leader, "/courses?show=all"),
        ("plan page", helper, f"/plans/courses/{course_id}"),
        ("course page", helper, f"/courses/{course_id}"),
        ("today", helper, "/"),
    ):
        answer = client.get(town.path(path))
        assert answer.status_code == 200, (name, answer.status_code, answer.location)
        yield name, partial(client.get, town.path(path))


def fill(app: Flask, town: Town, server: Connection, count: int) -> uuid.UUID:
    """Fills the municipality with `count` courses and returns the id of an open one of the helper's."""
    client = town.client()
    runs, running_life = _make_life(town, server, lambda: _live(client, town))
    ended, ended_life = _make_life(town, server, lambda: _live(client, town))
    with app.app_context(), tenant_scope(town.tenant_id):
        end_course(ended, "mutual")
        commit_all()
    # Neither keys nor triggers are asked of copies of what they have accepted.
    server.execute("set session_replication_role = replica")
    _add_helpers(town, server, count // EACH)
    _copy(town, server, running_life, count // OPEN - 1)
    _copy(town, server, ended_life, count - count // OPEN - 1)
    server.execute("set session_replication_role = origin")
    ((there,),) = server.execute("select count(*) from courses").fetchall()
    assert there == count, there
    return runs


def _make_life(town: Town, server: Connection, live: Callable[[], uuid.UUID]) -> tuple[uuid.UUID, Life]:
    """What `live` returns, and the ids of everything that it adds to the municipality, by table."""
    before = _ids(town, server)
    course_id = live()
    after = _ids(town, server)
    return course_id, {table: sorted(ids - before[table]) for table, ids in after.items() if ids - before[table]}


def _ids(town: Town, server: Connection) -> dict[str, set[uuid.UUID]]:
    tables = server.execute(
        "select table_name from information_schema.columns where table_schema = 'public' and column_name = 'tenant_id'"
    ).fetchall()
    wanted = sql.SQL("select id from {} where tenant_id = %s")
    return {
        name: {row[0] for row in server.execute(wanted.format(sql.Identifier(name)), (town.tenant_id,))}
        for (name,) in tables
        if name not in ("outbox", "memberships")
    }


def _live(client: Any, town: Town) -> uuid.UUID:
    """A contact, a first conversation, two more, and a plan with three goals and three measures."""
    course = begun(client, town)
    today = utcnow().astimezone(LOCAL).date()
    later = (today + timedelta(days=30)).isoformat()
    for number in range(2):
        talk = {"key": str(uuid.uuid4()), "matters": f"Samtale {number}", "next_step": "Vi går en tur"}
        _post(client, f"{course}/conversation", talk | {"next_date": later, "next_time": "12:00"})
    plan = town.path(f"/plans/courses/{id_in(course)}")
    _post(client, plan, {})
    for number in range(3):
        _post(client, f"{plan}/goals/new", {"key": str(uuid.uuid4()), "words": f"Mål {number}", "state": "open"})
        measure_of = {"what": f"Tiltak {number}", "kind": "own", "who": "Vi selv", "needs_decision": "no"}
        days = {"begins_on": today.isoformat(), "evaluate_on": later}
        _post(client, f"{plan}/measures/new", {"key": str(uuid.uuid4()), **measure_of, **days})
    return id_in(course)


def _post(client: Any, where: str, form: dict[str, str]) -> None:
    answer = post(client, where, form)
    assert answer.status_code == 303, (where, answer.status_code)


def _add_helpers(town: Town, server: Connection, count: int) -> None:
    """As many colleagues as share the courses; the first is the helper who signs in."""
    server.execute(
        "insert into memberships (tenant_id, id, account_id, name, roles) "
        "select %(tenant)s, md5(%(helper)s::text || k)::uuid, md5('account' || k)::uuid, 'Hjelper ' || k, '{helper}' "
        "from generate_series(1, %(count)s - 1) k",
        {"tenant": town.tenant_id, "helper": town.helper.membership_id, "count": count},
    )


def _copy(town: Town, server: Connection, life: Life, count: int) -> None:
    """Copies a life so many times: its own ids get new ones, and the helper's becomes that of each in turn."""
    own = [id for ids in life.values() for id in ids]
    for table, ids in life.items():
        columns = server.execute(
            "select column_name, data_type from information_schema.columns where table_schema = 'public' "
            "and table_name = %s and is_generated = 'NEVER'",
            (table,),
        ).fetchall()
        unique = {row[0] for row in server.execute(_UNIQUE, (table,))}
        names = sql.SQL(", ").join(sql.Identifier(name) for name, _ in columns)
        values = sql.SQL(", ").join(_value(name, kind, unique) for name, kind in columns)
        server.execute(
            sql.SQL(
                "insert into {table} ({names}) select {values} from {table} t, generate_series(1, %(count)s) i "
                "where t.id = any(%(ids)s)"
            ).format(table=sql.Identifier(table), names=names, values=values),
            {"count": count, "ids": ids, "own": own, "helper": town.helper.membership_id, "each": EACH},
        )


_UNIQUE = """
    select a.attname from pg_index x join pg_attribute a on a.attrelid = x.indrelid and a.attnum = any (x.indkey)
    where x.indisunique and x.indrelid = %s::regclass
"""


def _value(name: str, kind: str, unique: set[str]) -> sql.Composable:
    """One column of a copy."""
    column = sql.SQL("t.{}").format(sql.Identifier(name))
    pattern = "{c}"
    if kind == "uuid":
        pattern = (
            "case when {c} = any(%(own)s) then md5({c}::text || i)::uuid "
            "when {c} = %(helper)s and i >= %(each)s then md5(%(helper)s::text || i / %(each)s)::uuid else {c} end"
        )
    elif kind == "timestamp with time zone":
        pattern = "{c} - i * interval '5 minutes'"
    elif name in unique and kind == "bytea":
        pattern = "decode(md5(encode({c}, 'hex') || i), 'hex')"
    elif name in unique and kind in ("text", "character varying"):
        pattern = "{c} || i"
    return sql.SQL(pattern).format(c=column)
