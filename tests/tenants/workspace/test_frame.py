"""The frame where there is no place: the guide, the own account, and pages that refuse."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from hjelpa.core.config import Settings
from tests.conftest import application
from tests.people import Town

PASSAGE = "/help/workspace/today"


@pytest.mark.parametrize("where", ["/help", PASSAGE])
def test_whoever_is_signed_in_keeps_name_and_way_back_in_the_guide(town: Town, where: str) -> None:
    client = town.client()
    origin = town.path("/contacts/new")
    page = client.get(f"{where}?lang=en", headers={"Referer": f"http://localhost{origin}"}).text
    assert town.helper.name in page
    assert f'href="{town.path("/")}"' in page  # the switch of places
    assert f'href="{origin}#typed"' in page
    elsewhere = client.get(where, headers={"Referer": "https://evil.example/x"}).text
    assert "evil" not in elsewhere and "#typed" not in elsewhere


def test_the_guide_is_open_to_strangers(app: Flask) -> None:
    page = app.test_client().get(PASSAGE)
    assert page.status_code == 200
    assert 'id="person-button"' not in page.text


def test_the_switch_says_what_it_is_where_there_is_no_place(town: Town) -> None:
    page = town.client().get("/account?lang=en").text
    button = page[page.index('id="places-button"') :].partition("</button>")[0]
    assert '<span class="head-words">Change place</span>' in button


@pytest.fixture
def demo(settings: Settings) -> Iterator[Flask]:
    yield from application(replace(settings, mode="demo"))


def test_pages_that_refuse_say_that_it_is_a_demo(demo: Flask, town: Town) -> None:
    stranger = demo.test_client()
    assert 'class="demo"' in stranger.get("/finnes/ikke/noe/sted").text
    assert stranger.get("/finnes/ikke/noe/sted").data == stranger.get(town.path("/my/scale/nothing")).data
    assert 'class="demo"' not in town.app.test_client().get("/finnes/ikke/noe/sted").text
