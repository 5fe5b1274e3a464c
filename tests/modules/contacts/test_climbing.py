"""Nobody is left unanswered: a contact through the public door climbs until somebody has taken it."""

import uuid
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.types import utcnow
from modules.contacts import climbing
from modules.contacts.models import Contact
from tenants.identity.models import Membership
from tenants.notices.models import Notice
from tenants.units.models import DutyTurn
from tests.modules.contacts.test_ask import change_door, message, send
from tests.modules.door import first_talk, get, post, rows, tomorrow
from tests.people import Town, make_town


@pytest.fixture
def waiting(town: Town) -> uuid.UUID:
    """A contact that came through the public door just now."""
    assert send(town.app.test_client(), town, message(town)).status_code == 303
    return uuid.UUID(str(rows(town, select(Contact.id))[0][0]))


def climb(town: Town, monkeypatch: pytest.MonkeyPatch, hours: float) -> None:
    """The job, run twice as jobs may be, so many hours later."""
    later = utcnow() + timedelta(hours=hours)
    monkeypatch.setattr(climbing, "utcnow", lambda: later)
    for _ in range(2):
        with town.app.app_context(), tenant_scope(town.tenant_id):
            climbing.climb({})
            db.session.commit()


def told(town: Town) -> list[tuple[uuid.UUID, str]]:
    return [
        tuple(row)
        for row in rows(town, select(Notice.membership_id, Notice.kind).order_by(Notice.created_at, Notice.id))
    ]


def test_first_the_deputy_then_the_leader_and_each_once(
    town: Town, waiting: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived = [(town.helper.membership_id, "contacts.arrived")]
    climb(town, monkeypatch, 11.9)
    assert told(town) == arrived
    climb(town, monkeypatch, 12.1)
    deputy = [(town.people["everything"].membership_id, "contacts.unanswered")]
    assert told(town) == arrived + deputy
    assert rows(town, select(Contact.membership_id)) == [(town.helper.membership_id,)]
    climb(town, monkeypatch, 24.1)
    assert told(town) == [*arrived, *deputy, (town.leader.membership_id, "contacts.climbed")]
    assert rows(town, select(Contact.membership_id)) == [(town.leader.membership_id,)]
    climb(town, monkeypatch, 99)
    assert len(told(town)) == 3
    page = get(town.client("leader"), town.path("/notices"))
    assert "As the leader you are responsible now" in page and "Mina" not in page
    assert str(waiting) in page


def test_a_job_that_was_away_does_both_at_once(
    town: Town, waiting: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    climb(town, monkeypatch, 50)
    assert [kind for _, kind in told(town)] == ["contacts.arrived", "contacts.unanswered", "contacts.climbed"]


@pytest.mark.parametrize("taken", ["agreement", "take-over", "first-conversation"])
def test_what_somebody_has_taken_climbs_no_further(
    town: Town, waiting: uuid.UUID, monkeypatch: pytest.MonkeyPatch, taken: str
) -> None:
    where = town.path(f"/contacts/{waiting}")
    form = first_talk() if taken == "first-conversation" else {}
    if taken == "agreement":
        page = get(town.client(), f"{where}/agreement")
        seen = page.partition('name="seen" value="')[2].partition('"')[0]
        form = {"seen": seen, "next_step": "We talk", "next_date": tomorrow(), "next_time": "10"}
    assert post(town.client(), f"{where}/{taken}", form).status_code == 303
    answered = rows(town, select(Contact.answered_at))[0][0]
    assert isinstance(answered, datetime) and answered <= utcnow()
    climb(town, monkeypatch, 50)
    assert [kind for _, kind in told(town)] == ["contacts.arrived"]


def test_a_contact_that_a_helper_wrote_down_is_answered_already(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = {"key": str(uuid.uuid4()), "made_by": "self", "channel": "call", "words": "Hei"}
    form |= {"next_step": "We talk", "next_date": tomorrow(), "next_time": "10"}
    assert post(town.client(), town.path("/contacts/new"), form).status_code == 303
    climb(town, monkeypatch, 500)
    assert told(town) == []


def test_whoever_is_on_duty_at_that_moment_is_responsible(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    town = make_town(app, extra_helpers=2)
    night, deputy = town.people["helper2"].membership_id, town.people["helper3"].membership_id
    with app.app_context(), tenant_scope(town.tenant_id):
        turn = {"unit_id": town.unit_id, "duty_id": night, "deputy_id": deputy}
        begin = utcnow() - timedelta(hours=1)
        db.session.add(DutyTurn(**turn, starts_at=begin, ends_at=begin + timedelta(hours=40)))
        db.session.commit()
    assert send(app.test_client(), town, message(town)).status_code == 303
    climb(town, monkeypatch, 13)
    assert told(town) == [(night, "contacts.arrived"), (deputy, "contacts.unanswered")]


@pytest.mark.parametrize(
    "gone", [("duty_id",), ("deputy_id",), ("leader_id",), ("leader_id", "duty_id", "deputy_id")]
)
def test_a_door_that_was_closed_and_emptied_still_climbs(
    town: Town, waiting: uuid.UUID, monkeypatch: pytest.MonkeyPatch, gone: tuple[str, ...]
) -> None:
    change_door(town, open=False, **dict.fromkeys(gone))
    climb(town, monkeypatch, 13)
    deputy = [] if "deputy_id" in gone else [(town.people["everything"].membership_id, "contacts.unanswered")]
    assert told(town)[1:] == deputy
    climb(town, monkeypatch, 25)
    ((leader, kind),) = told(town)[1 + len(deputy) :]
    assert kind == "contacts.climbed" and leader in _leaders(town)
    assert "leader_id" in gone or leader == town.leader.membership_id
    assert rows(town, select(Contact.membership_id)) == [(leader,)]


def _leaders(town: Town) -> set[uuid.UUID]:
    return {
        person_id for person_id, roles in rows(town, select(Membership.id, Membership.roles)) if "leader" in roles
    }
