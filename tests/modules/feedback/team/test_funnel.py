"""From first contact to a measured course of help: nobody is lost and nobody counts twice."""

import uuid
from collections import Counter
from datetime import date
from itertools import pairwise

import psycopg
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from hjelpa.core.config import Settings
from hjelpa.core.contract import Arrivals
from hjelpa.core.isolation import tenant_scope
from hjelpa.embedded import EmbeddedServers
from modules.contacts.counts import list_arrivals
from modules.feedback.metrics.records import CourseRecord, session_facts
from modules.feedback.team import queries
from modules.feedback.team.funnel import LEAVES, STEPS, count_leaves, courses_in, leaf_of, list_steps
from modules.feedback.team.periods import ALL
from modules.feedback.team.snapshots import take
from tests.modules.feedback.team import raw
from tests.modules.lives import PERIODS, within, write_lives
from tests.people import make_town

DAY = date(2026, 3, 2)


@st.composite
def courses(draw: st.DrawFn) -> CourseRecord:
    totals = draw(st.lists(st.none() | st.integers(0, 400), max_size=5))
    sessions = [session_facts(number, DAY, total) for number, total in enumerate(totals, 1)]
    ended = DAY if draw(st.booleans()) else None
    return CourseRecord(str(draw(st.uuids())), "adult", ended, None, sessions, declined=draw(st.booleans()))


@given(st.lists(courses(), max_size=30), st.integers(0, 20), st.integers(0, 20))
def test_the_leaves_sum_to_everybody(records: list[CourseRecord], advised: int, waiting: int) -> None:
    by_id = {uuid.uuid4(): record for record in records}
    arrivals = Arrivals(list(by_id), advised, waiting)
    leaves = count_leaves(arrivals, by_id)
    assert tuple(leaves) == LEAVES
    assert sum(leaves.values()) == arrivals.people == len(records) + advised + waiting
    assert sum(len(courses_in(leaf, arrivals.courses, by_id)) for leaf in LEAVES) == len(records)


@given(st.fixed_dictionaries({leaf: st.integers(0, 50) for leaf in LEAVES}))
def test_each_step_is_those_who_stay_and_those_who_go_on(leaves: dict[str, int]) -> None:
    steps = list_steps(leaves)
    assert steps[0].people == sum(leaves.values())
    for step, following in pairwise(steps):
        assert step.people == sum(step.stayed.values()) + following.people
    assert steps[-1].people == leaves["paired"]
    assert sorted(leaf for names in STEPS.values() for leaf in names) == sorted(LEAVES)


@pytest.mark.parametrize(
    ("totals", "declined", "ended", "leaf"),
    [
        ([], False, False, "not_met"),
        ([None], False, False, "unanswered_open"),
        ([None], False, True, "unanswered_ended"),
        ([None, None], True, True, "unanswered_declined"),
        ([200, None], False, False, "once_open"),
        ([200], False, True, "once_ended"),
        ([200, None], True, False, "once_declined"),
        ([200, None, 0], True, True, "paired"),
    ],
)
def test_where_a_person_is(totals: list[int | None], declined: bool, ended: bool, leaf: str) -> None:
    sessions = [session_facts(number, DAY, total) for number, total in enumerate(totals, 1)]
    record = CourseRecord("one", "adult", DAY if ended else None, None, sessions, declined=declined)
    assert leaf_of(record) == leaf


def test_by_a_second_route_from_the_rows(app: Flask, servers: EmbeddedServers, settings: Settings) -> None:
    town = make_town(app)
    write_lives(make_town(app), 52, citizens=10)
    lives = write_lives(town, 51, citizens=50)
    # Somebody who was helped at once, so that no course of help began.
    database = settings.database_url.partition("@/")[2].partition("?")[0]
    with servers.superuser(database) as server:
        helped = [contact.id for contact in lives.contacts if contact.course_id is None][:5]
        for contact in helped:
            server.execute("update contacts set first_conversation_at = received_at where id = %s", (contact,))
        found = raw.read_courses(server, town.tenant_id)
        for period in (ALL, *PERIODS):
            with app.test_request_context(), tenant_scope(town.tenant_id, read_only=True):
                arrivals = list_arrivals(period)
                counted = dict(_snapshot(arrivals, period) or {})
            expected = _leaves(server, town.tenant_id, found, period)
            assert counted == {leaf: expected[leaf] for leaf in LEAVES}
            assert sum(counted.values()) == arrivals.people > 0


def _snapshot(arrivals: Arrivals, period):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queries, "list_arrivals", lambda asked: arrivals)
        return take(period, queries.find_basis()).leaves


def _leaves(server: psycopg.Connection, tenant: uuid.UUID, found: list[raw.Raw], period) -> Counter[str]:
    """Each person's first contact in the period, and where it led, in plain Python over the rows."""
    people = dict(server.execute("select id, citizen_id from courses where tenant_id = %s", (tenant,)).fetchall())
    rows = server.execute(
        "select id, received_at, course_id, first_conversation_at from contacts where tenant_id = %s", (tenant,)
    ).fetchall()
    first: dict[uuid.UUID, tuple] = {}
    for row in sorted(rows, key=lambda row: (row[1], row[0])):
        if within(row[1], period):
            first.setdefault(people.get(row[2], row[0]), row)
    by_id = {course.id: course for course in found}
    counted: Counter[str] = Counter()
    for _, _, course_id, met in first.values():
        if course_id is None:
            counted["advised" if met else "waiting"] += 1
            continue
        course = by_id[course_id]
        answers = len(course.complete)
        if not course.days or answers > 1:
            counted["paired" if course.days else "not_met"] += 1
            continue
        after = "declined" if course.declined else "ended" if course.closed_at else "open"
        counted[f"{'once' if answers else 'unanswered'}_{after}"] += 1
    return counted
