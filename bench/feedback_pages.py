"""The course page and the team's page in a municipality with 200,000 answers: CPU of Python and PostgreSQL per request."""

import uuid
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import psycopg
from flask import Flask

from bench.ground import Cost, measure, migrated
from hjelpa.core.database import commit_all
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.limits import limiter
from hjelpa.core.types import utcnow
from hjelpa.embedded import EmbeddedServers
from hjelpa.factory import create_app
from modules.feedback.team.snapshots import JOBS as TEAM_JOBS
from modules.feedback.trajectory.jobs import JOBS
from tests.people import Town, make_town
from tests.statements import counted_statements

COURSES, SESSIONS, YEARS = 20_000, 5, 4
ROUNDS = 10

Connection = psycopg.Connection[Any]

# Courses spread over the years before today, three of four ended; each session answered on both scales.
_FILL = (
    "create temporary table made as select k, gen_random_uuid() as course, gen_random_uuid() as citizen, "
    "now() - random() * make_interval(years => %(years)s) - interval '80 days' as begun, k %% 4 > 0 as over, "
    "2 + 5 * random() as level, random() - 0.2 as slope from generate_series(1, %(courses)s) k",
    "insert into citizens (tenant_id, id, name, age_band) select %(tenant)s, citizen, 'Oppdiktet ' || k, "
    "(array['child', 'adolescent', 'adult'])[1 + k %% 3] from made",
    "insert into courses (tenant_id, id, citizen_id, unit_id, opened_at, closed_at, ending) select %(tenant)s, course, "
    "citizen, %(unit)s, begun, case when over then begun + interval '75 days' end, "
    "case when over then (array['mutual', 'unilateral'])[1 + k %% 2] end from made",
    "insert into responsibilities (tenant_id, id, course_id, membership_id, since_at, until_at) select %(tenant)s, "
    "gen_random_uuid(), course, %(helper)s, begun, case when over then begun + interval '75 days' end from made",
    "insert into contacts (tenant_id, id, unit_id, received_at, channel, made_by, consent, words, next_step, next_step_at, "
    "membership_id, answered_at, course_id, first_conversation_at) select %(tenant)s, gen_random_uuid(), %(unit)s, "
    "begun - interval '3 days', 'call', 'self', true, 'oppdiktet', 'oppdiktet', begun, %(helper)s, begun, course, begun "
    "from made",
    "create temporary table talks as select made.*, s, gen_random_uuid() as talk, begun + s * interval '14 days' as held "
    "from made, generate_series(0, %(sessions)s - 1) s",
    "insert into conversations (tenant_id, id, course_id, membership_id, held_at) select %(tenant)s, talk, course, "
    "%(helper)s, held from talks",
    "create temporary table given as select course, talk, held, scale, (select array_agg(greatest(0, least(100, "
    "10 * (level + slope * s) + 30 * random() - 15 + 0 * line))::smallint) from generate_series(1, 4) line) as items "
    "from talks, unnest(array['outcome', 'alliance']) scale",
    "insert into answers (tenant_id, id, course_id, conversation_id, scale, form, form_version, state, items, total, "
    "answered_at) select %(tenant)s, gen_random_uuid(), course, talk, scale, 'hjelpa.' || scale, 1, 'answered', items, "
    "(select sum(item) from unnest(items) item), held from given",
)


def report(running: EmbeddedServers) -> list[str]:
    app = create_app(migrated(running, "bench_feedback_pages"))
    app.config["WTF_CSRF_ENABLED"] = False
    limiter.enabled = False
    town = make_town(app, extra_helpers=3)
    with running.superuser("bench_feedback_pages") as server:
        course_id = fill(town, server)
        server.execute("vacuum analyze")
    with app.app_context(), tenant_scope(town.tenant_id):
        for job in (*JOBS, *TEAM_JOBS):
            job.handler({})
        commit_all()
    rows = [
        f"{2 * COURSES * SESSIONS:,} answers in {COURSES:,} courses over {YEARS} years.",
        "",
        "| page | statements | Python CPU ms | PostgreSQL CPU ms |",
        "|---|---:|---:|---:|",
    ]
    for name, act in _pages(app, town, course_id):
        act()
        with counted_statements() as seen:
            act()
        rows.append(_row(name, len(seen), measure(running, act, int, times=1, rounds=ROUNDS)))
    return rows


def _row(name: str, statements: int, cost: Cost) -> str:
    return f"| {name} | {statements} | {cost.python / 1000:,.0f} | {cost.postgres / 1000:,.0f} |"


def fill(town: Town, server: Connection) -> uuid.UUID:
    """Fills the municipality and returns the id of an open course."""
    values: dict[str, object] = {
        "tenant": town.tenant_id,
        "unit": town.unit_id,
        "helper": town.helper.membership_id,
    }
    values |= {"courses": COURSES, "sessions": SESSIONS, "years": YEARS}
    server.execute("set session_replication_role = replica")
    for statement in _FILL:
        server.execute(statement, values)
    server.execute("set session_replication_role = origin")
    ((course_id,),) = server.execute("select id from courses where closed_at is null limit 1").fetchall()
    return uuid.UUID(str(course_id))


def _pages(app: Flask, town: Town, course_id: uuid.UUID) -> Iterator[tuple[str, Callable[[], object]]]:
    helper, leader = town.client(), town.client("leader")
    for name, client, path in (
        ("course page with its section", helper, f"/courses/{course_id}"),
        ("curve page", helper, f"/feedback/courses/{course_id}"),
        ("team page, all the time (worked out by night)", leader, "/feedback/team?period=all"),
        (
            "team page, a quarter long ago (worked out at once)",
            leader,
            f"/feedback/team?period={utcnow().year - 3}-Q4",
        ),
        ("the list behind a figure, this year", leader, "/feedback/team/people?figure=target_reached"),
    ):
        answer = client.get(town.path(path))
        assert answer.status_code == 200, (name, answer.status_code, answer.location)
        yield name, partial(client.get, town.path(path))
