"""The demo's citizen: one click from the front page into the own pages of somebody with a plan and several answers."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from hjelpa.core.config import Settings
from hjelpa.demo.citizen import GUESTS
from hjelpa.embedded import EmbeddedServers
from tenants.guests.models import Access
from tests.conftest import application
from tests.guests import let_in
from tests.hjelpa.seeding import seeded
from tests.hjelpa.test_demo_seeding import MALVIK
from tests.modules.door import begun, citizen_of, get, rows
from tests.people import Town


@pytest.fixture
def demo(settings: Settings) -> Iterator[Flask]:
    yield from application(replace(settings, mode="demo"))


def offer(town: Town, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody of a municipality who is offered on the front page of an application."""
    let_in(town, citizen_of(town, begun(town.client(), town)))
    access_id = rows(town, select(Access.id))[0][0]
    monkeypatch.setitem(app.extensions, "hjelpa_demo_guests", (("Citizen here", town.slug, access_id),))


def test_one_click_leads_into_the_citizens_own_pages(
    demo: Flask, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(town, demo, monkeypatch)
    monkeypatch.setitem(demo.extensions, "hjelpa_demo_sign_ins", (("Helper", town.helper.email),))
    browser = demo.test_client()
    page = get(browser, "/account/sign-in")
    assert "Citizen here" in page and f'action="{town.path("/my/demo")}"' in page
    answer = browser.post(town.path("/my/demo"))
    assert answer.status_code == 303 and answer.location == town.path("/my/")
    assert "Your pages" in get(browser, answer.location)


def test_it_is_there_in_the_demo_only_and_for_whom_it_is_offered(
    demo: Flask, app: Flask, town: Town, other_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(town, demo, monkeypatch)
    assert demo.test_client().post(other_town.path("/my/demo")).status_code == 404
    offer(town, app, monkeypatch)
    assert app.test_client().post(town.path("/my/demo")).status_code == 404


def test_whoever_is_offered_has_a_plan_and_several_answers(
    servers: EmbeddedServers, copy_database: Callable[[], Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = GUESTS[0]._replace(slug=MALVIK.slug)
    monkeypatch.setattr("hjelpa.demo.citizen.GUESTS", (guest,))
    with seeded(servers, copy_database(), [MALVIK]) as (_, ask):
        ((citizen_id, name, known),) = ask(
            "select a.citizen_id, a.name, c.name from own_access a join citizens c on c.id = a.citizen_id where a.id = %s",
            guest.access_id,
        )
        answers = "select count(*) from answers a join courses c on c.id = a.course_id where c.citizen_id = %s"
        assert name == known and ask(answers, citizen_id)[0][0] >= 6
        assert ask("select count(*) from plans where citizen_id = %s", citizen_id) == [(1,)]
