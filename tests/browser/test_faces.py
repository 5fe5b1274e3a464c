"""The picture for the youngest in a browser: one finger on a face, in any of the form's languages."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import update

from hjelpa.core.database import db
from modules.citizens.models import Citizen
from tests.browser.test_scale import Screen, address, open_screen
from tests.modules.feedback.courses import inside

__all__ = ["address"]  # a fixture


@pytest.fixture
def faces(app: Flask, browser: Browser, address: str) -> Iterator[Screen]:
    """The faces in a small child's hands, on a phone."""
    screen = open_screen(browser, app, address, viewport={"width": 390, "height": 844})
    with inside(screen.town):
        db.session.execute(update(Citizen).values(age_band="child"))
    screen.page.goto(f"{address}{screen.town.path(f'/feedback/conversations/{screen.conversation_id}/ways')}")
    screen.page.locator('form:has(input[name="youngest"]) button').click()
    expect(screen.page.locator("input[type=radio]")).to_have_count(5)
    yield screen
    screen.context.close()


def test_a_face_is_chosen_and_stays_chosen_in_another_language(faces: Screen) -> None:
    page = faces.page
    page.get_by_text("Midt imellom").click()
    page.locator('a[hreflang="da"].ds-link').first.click()
    expect(page.locator("h1")).to_have_text("Hvem af dem her ligner du i dag?")
    expect(page.get_by_label("Midt imellem")).to_be_checked()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    faces.send()
    expect(page.locator("[data-received-scale]")).to_be_visible()
    assert [(row["items"], row["total"]) for row in faces.kept] == [([50], None)]
    assert faces.stored == []


def test_a_face_that_is_not_chosen_is_asked_for_once_and_may_be_left(faces: Screen) -> None:
    page = faces.page
    faces.send()
    expect(page.locator("[data-open]")).to_have_count(1)
    assert not re.search(r"\b\d+ (poeng|av)\b", page.locator("main").inner_text())
    page.locator("button[name=as_it_is]").click()
    expect(page.locator("[data-received-scale]")).to_be_visible()
    assert [row["items"] for row in faces.kept] == [[]]  # nothing was chosen: skipped
