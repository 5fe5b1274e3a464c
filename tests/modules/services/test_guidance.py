"""Guidance given to those closest: noted and counted without names, without a citizen, without a course of help."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import inspect, select

from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from modules.services.models import Guidance, GuidanceService, Service
from tests.modules.door import get, id_in, post, rows
from tests.modules.services.test_catalogue import added
from tests.people import Town

TODAY = utcnow().astimezone(LOCAL).date()


def given(**typed: str | list[str]) -> dict[str, str | list[str]]:
    return {
        "key": str(uuid.uuid4()),
        "given_on": TODAY.isoformat(),
        "to_whom": "school",
        "channel": "phone",
        "about": "leggetid om vinteren",
        **typed,
    }


def note(town: Town, **typed: str | list[str]):
    return post(town.client(), town.path("/guidance/new"), given(**typed))


def test_it_is_noted_listed_and_counted(town: Town) -> None:
    mentioned = str(id_in(added(town)))
    assert note(town, services=[mentioned, mentioned]).status_code == 303
    assert note(town, to_whom="parent", channel="meeting", about="vennskap").status_code == 303
    last_year = TODAY.replace(day=1) - timedelta(days=400)
    assert note(town, given_on=last_year.isoformat(), about="lenge siden").status_code == 303
    page = get(town.client("leader"), town.path("/guidance"))
    for words in ("leggetid om vinteren", "vennskap", "lenge siden", "School", "In a meeting", "Kveld om søvn"):
        assert words in page
    month = get(town.client(), town.path(f"/guidance?month={TODAY:%Y-%m}"))
    assert "vennskap" in month and "lenge siden" not in month
    assert f"month={TODAY:%Y-%m}" in page
    counted = '<td class="numeric">1</td><td class="numeric">0</td><td class="numeric">1</td><td class="numeric">0</td><td class="numeric">2</td>'
    assert counted in page
    steering = get(town.client("leader"), town.path("/steering"))
    assert "Guidance given this year" in steering and town.path("/guidance") in steering
    assert rows(town, select(GuidanceService.service_id)) == [(uuid.UUID(mentioned),)]


def test_nothing_leads_from_guidance_to_anybody() -> None:
    """No citizen, no course, nobody who gave it: only when, to whom, how, about what, and the services."""
    assert set(inspect(Guidance).columns.keys()) == {
        *("tenant_id", "id", "given_on", "to_whom", "channel", "about", "created_at")
    }
    assert {key.column.table.name for key in Guidance.__table__.foreign_keys} == {"municipalities"}


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"given_on": (TODAY + timedelta(days=1)).isoformat()}, "This day has not come yet"),
        ({"given_on": "1026-01-01"}, "This day is too long ago"),
        ({"given_on": ""}, "Choose a date"),
        ({"to_whom": "citizen"}, "Choose one"),
        ({"channel": ""}, "Choose one"),
        ({"about": ""}, "Write in a few words"),
        ({"about": "x" * 301}, "At most 300 characters"),
        ({"about": "moren, 415 67 890"}, "Leave out phone numbers"),
        ({"about": "gutten 01010112345"}, "Leave out phone numbers"),
        ({"services": ["none"]}, "Choose among those shown"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_kept(
    town: Town, typed: dict[str, str | list[str]], message: str
) -> None:
    answer = note(town, **typed)
    assert answer.status_code == 422 and message in answer.text
    assert rows(town, select(Guidance.id)) == []


def test_the_same_form_sent_twice_is_one(town: Town) -> None:
    sent = given(services=[str(id_in(added(town)))])
    for _ in range(2):
        assert post(town.client(), town.path("/guidance/new"), sent).status_code == 303
    assert len(rows(town, select(Guidance.id))) == len(rows(town, select(GuidanceService.id))) == 1


def test_what_names_somebody_is_taken_away(town: Town) -> None:
    note(town, services=[str(id_in(added(town)))])
    ((guidance_id,),) = rows(town, select(Guidance.id))
    assert post(town.client(), town.path(f"/guidance/{guidance_id}/remove"), {}).status_code == 303
    assert rows(town, select(Guidance.id)) == rows(town, select(GuidanceService.id)) == []
    assert len(rows(town, select(Service.id))) == 1
    assert post(town.client(), town.path(f"/guidance/{guidance_id}/remove"), {}).status_code == 404


def test_an_administrator_sees_no_guidance(town: Town) -> None:
    assert town.client("administrator").get(town.path("/guidance")).status_code == 403
