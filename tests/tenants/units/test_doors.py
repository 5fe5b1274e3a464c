"""Doors and duty: who is behind each door, by the settings page and by what it means."""

import re
import uuid
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hjelpa.core.isolation import tenant_scope
from hjelpa.core.schemas import LOCAL, local_moment
from hjelpa.core.types import utcnow
from tenants.units.models import DutyTurn, Unit
from tenants.units.queries import Duty, find_duty, list_units
from tests.modules.door import get, post, rows
from tests.people import Town, make_town

DOORS = "/settings/doors"


def door(town: Town, **typed: str) -> dict[str, str]:
    """The form of a door, filled in."""
    people = {"leader_id": "leader", "duty_id": "helper", "deputy_id": "everything"}
    return {
        "key": str(uuid.uuid4()),
        "name": "Nordhjelpa",
        "age_group": "all",
        "answer_hours": "24",
        "open": "1",
        **{task: str(town.people[who].membership_id) for task, who in people.items()},
        **typed,
    }


def turn(town: Town, first: int = 1, days: int = 1, **typed: str) -> dict[str, str]:
    """The form of a turn of duty from noon, so many days ahead, for so many days."""
    today = utcnow().astimezone(LOCAL).date()
    begin, end = (today + timedelta(days=day) for day in (first, first + days))
    return {
        "key": str(uuid.uuid4()),
        "duty_id": str(town.people["everything"].membership_id),
        "deputy_id": str(town.helper.membership_id),
        "from_date": begin.isoformat(),
        "from_time": "12:00",
        "until_date": end.isoformat(),
        "until_time": "12:00",
        **typed,
    }


def duty_at(town: Town, at: datetime, unit_id: uuid.UUID | None = None) -> Duty | None:
    with town.app.app_context(), tenant_scope(town.tenant_id, read_only=True):
        return find_duty(unit_id or town.unit_id, at)


def noon(days: int) -> datetime:
    return local_moment(utcnow().astimezone(LOCAL).date() + timedelta(days=days), time(12))


@pytest.fixture
def leader(town: Town) -> FlaskClient:
    return town.client("leader")


def test_a_door_is_added_changed_and_closed(town: Town, leader: FlaskClient) -> None:
    where = town.path(f"{DOORS}/new")
    typed = door(town, name="Nordhjelpa Øst", area="Øst", visit="Veien 1\n9–15", phone="00 00 00 00")
    for _ in range(2):  # the same form twice is one door
        answer = post(leader, where, typed)
        assert answer.status_code == 303, answer.text
    page = get(leader, answer.location)
    assert "Nordhjelpa Øst" in page and f"{town.helper.name} is on duty now" in page
    found = rows(town, select(Unit.slug, Unit.open).where(Unit.name == "Nordhjelpa Øst"))
    assert found == [("nordhjelpa-ost", True)]
    post(leader, f"{answer.location}/edit", {**typed, "name": "Østhjelpa", "open": "", "duty_id": ""})
    assert "The door is closed" in get(leader, answer.location)
    # The address stays: it may stand on a poster.
    assert rows(town, select(Unit.slug, Unit.duty_id).where(Unit.name == "Østhjelpa")) == [
        ("nordhjelpa-ost", None)
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"leader_id": ""}, "An open door needs a leader"),
        ({"duty_id": ""}, "An open door needs somebody on duty"),
        ({"deputy_id": ""}, "An open door needs a deputy"),
        ({"answer_hours": "0"}, "Write a number of hours from 1 to 168"),
        ({"answer_hours": "soon"}, "Write a number of hours from 1 to 168"),
        ({"age_group": "severe"}, "Choose one"),
        ({"name": "  "}, "Fill this in"),
        ({"leader_id": str(uuid.uuid4())}, "Choose one"),
    ],
)
def test_a_door_that_cannot_be_is_refused(
    town: Town, leader: FlaskClient, typed: dict[str, str], said: str
) -> None:
    answer = post(leader, town.path(f"{DOORS}/{town.unit_id}/edit"), door(town, visit="Kept words", **typed))
    assert answer.status_code == 422 and said in answer.text and "Kept words" in answer.text
    assert rows(town, select(Unit.visit)) == [("",)]


def test_nobody_is_their_own_deputy(town: Town, leader: FlaskClient) -> None:
    same = str(town.helper.membership_id)
    answer = post(leader, town.path(f"{DOORS}/{town.unit_id}/edit"), door(town, duty_id=same, deputy_id=same))
    assert answer.status_code == 422 and "somebody else than the one on duty" in answer.text


def test_another_municipalitys_people_and_doors_do_not_exist(town: Town, other_town: Town) -> None:
    leader = town.client("leader")
    foreign = door(town, leader_id=str(other_town.leader.membership_id))
    assert post(leader, town.path(f"{DOORS}/{town.unit_id}/edit"), foreign).status_code == 422
    for end in ("", "/edit", "/turns/new"):
        assert leader.get(town.path(f"{DOORS}/{other_town.unit_id}{end}")).status_code == 404


def test_a_helper_decides_nothing_about_doors(town: Town) -> None:
    assert town.client().get(town.path(DOORS)).status_code == 403
    assert town.client("administrator").get(town.path(DOORS)).status_code == 200


def test_a_turn_decides_who_is_on_duty_and_ends(town: Town, leader: FlaskClient) -> None:
    usual = Duty(*(town.people[who].membership_id for who in ("helper", "everything", "leader")))
    swapped = Duty(usual.deputy_id, usual.helper_id, usual.leader_id)
    typed = turn(town, 1, 2)
    for _ in range(2):
        assert post(leader, town.path(f"{DOORS}/{town.unit_id}/turns/new"), typed).status_code == 303
    second = timedelta(seconds=1)
    ends = (noon(1) - second, noon(1), noon(3) - second, noon(3))
    assert [duty_at(town, at) for at in ends] == [usual, swapped, swapped, usual]
    (found,) = rows(town, select(DutyTurn.id))
    taken = post(leader, town.path(f"{DOORS}/{town.unit_id}/turns/{found.id}/end"), {})
    assert taken.status_code == 303 and rows(town, select(DutyTurn.id)) == []
    assert post(leader, town.path(f"{DOORS}/{town.unit_id}/turns/{found.id}/end"), {}).status_code == 404


def test_turns_never_overlap_and_may_meet(town: Town, leader: FlaskClient) -> None:
    where = town.path(f"{DOORS}/{town.unit_id}/turns/new")
    assert post(leader, where, turn(town, 2, 2)).status_code == 303
    for first, days in ((1, 2), (2, 2), (3, 1), (3, 5), (1, 9)):
        answer = post(leader, where, turn(town, first, days))
        assert answer.status_code == 422 and "Somebody else is on duty then" in answer.text
    for first, days in ((1, 1), (4, 1)):
        assert post(leader, where, turn(town, first, days)).status_code == 303
    assert len(rows(town, select(DutyTurn.id))) == 3


@pytest.mark.parametrize(
    ("first", "days", "typed", "said"),
    [
        (2, -1, {}, "The turn must end after it begins"),
        (1, 0, {}, "The turn must end after it begins"),
        (-5, 2, {}, "This turn is over already"),
        (1, 900, {}, "more than two years away"),
        (1, 1, {"from_time": ""}, "Write a time"),
        (1, 1, {"until_date": "31.02.2030"}, "Write the date like this"),
    ],
)
def test_a_turn_that_cannot_be_is_refused(
    town: Town, leader: FlaskClient, first: int, days: int, typed: dict[str, str], said: str
) -> None:
    answer = post(leader, town.path(f"{DOORS}/{town.unit_id}/turns/new"), turn(town, first, days, **typed))
    assert answer.status_code == 422 and said in answer.text and rows(town, select(DutyTurn.id)) == []


def test_a_running_turn_ends_now_and_past_ones_are_put_away(town: Town, leader: FlaskClient) -> None:
    post(leader, town.path(f"{DOORS}/{town.unit_id}/turns/new"), turn(town, -1, 5))
    (found,) = rows(town, select(DutyTurn.id))
    assert "End the turn" in get(leader, town.path(f"{DOORS}/{town.unit_id}"))
    post(leader, town.path(f"{DOORS}/{town.unit_id}/turns/{found.id}/end"), {})
    (ended,) = rows(town, select(DutyTurn.starts_at, DutyTurn.ends_at))
    assert ended.starts_at == noon(-1) and ended.ends_at <= utcnow()
    page = get(leader, town.path(f"{DOORS}/{town.unit_id}"))
    assert re.search(r"<details[^>]*><summary>Past turns", page) and "End the turn" not in page


def test_the_first_door_is_the_oldest(app: Flask) -> None:
    town = make_town(app)
    leader = town.client("leader")
    post(leader, town.path(f"{DOORS}/new"), door(town, name="A later door"))
    with app.app_context(), tenant_scope(town.tenant_id, read_only=True):
        listed: list[Any] = list(list_units())
    assert [unit.id == town.unit_id for unit in listed] == [True, False]
    assert "A later door" in get(leader, town.path(DOORS))
