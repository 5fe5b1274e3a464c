"""The indicator counted a second time from the raw rows, the leader's numbers, doors, and what a page costs."""

import uuid
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from hjelpa.core.contract import Carried, Counts, Period
from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from modules.citizens.models import Course
from modules.handovers import indicators, lists
from modules.handovers.carried import pack
from modules.handovers.models import Handover
from tenants.notices.models import Notice
from tenants.units.models import Unit
from tests.modules.door import begun, get, id_in, post, rows
from tests.modules.handovers.asking import ask, ask_colleague, ask_municipality, incoming, responsible, state
from tests.modules.lives import EDGES, PERIODS, Lives, within, write_lives
from tests.people import Town, make_town
from tests.statements import counted_statements

TWO_DAYS = timedelta(days=2)


@pytest.fixture(scope="module")
def written(app: Flask) -> tuple[Town, Lives, list[dict[str, Any]]]:
    town, other = make_town(app), make_town(app)
    write_handovers(other, write_lives(other, 4), 5)  # somebody else's people
    lives = write_lives(town, 7)
    return town, lives, write_handovers(town, lives, 8)


def write_handovers(town: Town, lives: Lives, seed: int) -> list[dict[str, Any]]:
    """Handovers at every edge: around the borders of periods, and answered around two days."""
    random, made = Random(seed), []
    for course in lives.courses * 2:
        asked = random.choice(EDGES) + timedelta(seconds=random.choice((-1, 0, 1)))
        if random.random() < 0.6:
            asked = EDGES[0] + timedelta(minutes=random.randrange(550 * 24 * 60))
        asked = asked.astimezone(UTC)  # where a day is 24 hours all year
        after = TWO_DAYS + timedelta(seconds=random.choice((-100_000, -1, 0, 1, 100_000)))
        ending = random.choice(("accepted", "accepted", "refused", "withdrawn", "expired"))
        made.append({"course_id": course.id, "proposed_at": asked, "state": ending, "decided_at": asked + after})
    with town.app.app_context(), tenant_scope(town.tenant_id):
        for row in made:
            people = {"sender_id": town.helper.membership_id, "receiver_id": town.leader.membership_id}
            rest = {"kind": "colleague", "summary": "invented", "reason": "invented", "due_at": row["decided_at"]}
            one = Handover(**row, **people, **rest)
            db.session.add(one)
            row["id"] = one.id
        db.session.commit()
    return made


def firsts(lives: Lives, made: list[dict[str, Any]], period: Period) -> list[dict[str, Any]]:
    """Each person's first handover of the period, leaving out what was taken back within the time."""
    citizen_of, first = {course.id: course.citizen_id for course in lives.courses}, {}
    for row in sorted(made, key=lambda row: (row["proposed_at"], row["id"])):
        taken_back = row["state"] == "withdrawn" and row["decided_at"] - row["proposed_at"] <= TWO_DAYS
        if within(row["proposed_at"], period) and not taken_back:
            first.setdefault(citizen_of[row["course_id"]], row)
    return list(first.values())


def in_time(row: dict[str, Any]) -> bool:
    return bool(row["state"] == "accepted" and row["decided_at"] - row["proposed_at"] <= TWO_DAYS)


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.id)
def test_accepted_within_two_days(written: tuple[Town, Lives, list[dict[str, Any]]], period: Period) -> None:
    town, lives, made = written
    people = firsts(lives, made, period)
    soon = sum(in_time(row) for row in people)
    assert 0 < soon < len(people)
    with town.app.app_context(), tenant_scope(town.tenant_id, read_only=True):
        assert indicators.count_accepted_in_time(period) == Counts(soon, len(people), len(people))


def test_those_who_have_not_had_two_days_are_not_counted_as_late(
    written: tuple[Town, Lives, list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    town, lives, made = written
    period = PERIODS[-1]
    people = firsts(lives, made, period)
    now: datetime = max(row["proposed_at"] for row in people) - timedelta(days=10)
    monkeypatch.setattr(indicators, "utcnow", lambda: now)
    passed = [row for row in people if row["proposed_at"] <= now - TWO_DAYS]
    assert 0 < len(passed) < len(people)
    with town.app.app_context(), tenant_scope(town.tenant_id, read_only=True):
        counted = indicators.count_accepted_in_time(period)
    assert counted == Counts(sum(map(in_time, passed)), len(passed), len(people))


def test_the_leaders_numbers(written: tuple[Town, Lives, list[dict[str, Any]]]) -> None:
    town, _, made = written
    period = PERIODS[0]
    took = [
        (row["decided_at"] - row["proposed_at"]).total_seconds()
        for row in made
        if row["state"] == "accepted" and within(row["decided_at"], period)
    ]
    with town.app.app_context(), tenant_scope(town.tenant_id, read_only=True):
        found, still_open, late = lists.measure(period)
    assert found == pytest.approx(median(took)) and (still_open, late) == (0, 0)
    page = get(town.client("leader"), town.path("/steering"))
    assert town.path("/handovers?show=accepted") in page and town.path("/handovers?show=open") in page


def test_a_door_is_asked_through_whoever_is_on_duty_and_its_leader_sees_it(app: Flask) -> None:
    town = make_town(app, extra_helpers=3)
    sender = town.client("helper")
    course = begun(sender, town)
    second = add_door(town)
    asked = ask(sender, town, course, "door", second)
    assert town.people["helper2"].name in get(sender, asked)
    kinds = {key: told(town, key) for key in ("helper2", "helper3", "leader")}
    assert kinds == {"helper2": ["handovers.asked"], "helper3": [], "leader": ["handovers.door_asked"]}
    # The deputy and the leader of that door may answer too, others not.
    assert "This is all you see" in get(town.client("helper3"), asked)
    assert "This is all you see" in get(town.client("leader"), asked)
    assert town.client("helper4").get(asked).status_code == 303
    post(town.client("helper3"), f"{asked}/accept", {})
    assert state(town, asked) == "accepted" and responsible(town, course) == [town.people["helper3"].membership_id]
    moved = rows(town, select(Course.unit_id).where(Course.id == id_in(course)))
    assert moved == [(second,)]


def add_door(town: Town) -> uuid.UUID:
    held = {"duty_id": "helper2", "deputy_id": "helper3", "leader_id": "leader"}
    with town.app.app_context(), tenant_scope(town.tenant_id):
        people = {name: town.people[key].membership_id for name, key in held.items()}
        door = Unit(slug="nord", name="Hjelpa nord", open=True, **people)
        db.session.add(door)
        db.session.commit()
        return door.id


def told(town: Town, key: str) -> list[str]:
    query = select(Notice.kind).where(Notice.membership_id == town.people[key].membership_id)
    return [row[0] for row in rows(town, query)]


def test_what_other_features_offer_is_carried_when_it_is_agreed_to(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Carried("plans.plan", "The plan", lambda course_id: f"Steps of {course_id}")
    monkeypatch.setattr("modules.handovers.carried._others", lambda: [plan])
    sender, receiver = make_town(app), make_town(app)
    course = begun(sender.client(), sender)
    asked = ask_municipality(sender.client(), sender, course, receiver, parts=["plans.plan"])
    page = get(receiver.client(), incoming(receiver, asked))
    assert "The plan" in page and f"Steps of {id_in(course)}" in page and "They would like" not in page
    with sender.app.test_request_context(), tenant_scope(sender.tenant_id):
        nothing = pack(id_in(course), uuid.uuid4(), [], summary="said", wishes="wished")
        assert (nothing.name, nothing.phone, nothing.age_band, nothing.parts) == ("", "", "", ())


def test_a_courses_page_pays_one_statement_for_handovers(app: Flask) -> None:
    town = make_town(app, extra_helpers=1)
    helper = town.client("helper")
    course = begun(helper, town)
    asked = ask_colleague(helper, town, course, town.people["helper2"])
    get(helper, course)
    with counted_statements() as seen:
        get(helper, course)
    assert len([statement for statement in seen if "handovers" in statement]) == 1
    for _ in range(5):
        post(helper, f"{asked}/withdraw", {})
        asked = ask_colleague(helper, town, course, town.people["helper2"])
    with counted_statements() as more:
        get(helper, course)
    assert len(more) == len(seen) <= 12
    for where in (
        asked,
        town.path("/handovers"),
        town.path("/"),
        town.path(f"/handovers/new/{id_in(course)}/door"),
    ):
        with counted_statements() as seen:
            get(helper, where)
        assert len(seen) <= 12, where
