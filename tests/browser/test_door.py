"""The public door on a telephone, by somebody who is nobody to us."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from modules.contacts import ticket
from tests.browser.conftest import SIZES, Site, Window
from tests.browser.test_pages import check, violations


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test types faster than any person."""
    monkeypatch.setattr(ticket, "QUICKEST", timedelta())


@pytest.mark.usefixtures("unhurried")
def test_every_page_of_the_door_is_whole(site: Site, window: Callable[[str | None], Window]) -> None:
    mine, wrong = window(None), []
    for where in (
        "/stange/ask",
        "/oslo/ask",
        "/oslo/ask/ullern",
        "/fjellfjord/ask",
        "/stange/ask/hjelpa/received",
    ):
        mine.open(f"{where}?lang=en")
        wrong += check(mine, site, where)
    mine.resize("narrow")
    for way in ("write", "call-me"):
        mine.open(f"/stange/ask/hjelpa/{way}?lang=en")
        wrong += check(mine, site, way)
        mine.page.locator("[type=submit]").click()
        assert mine.page.locator("#error-summary").is_visible()
        mine.problems.clear()  # the browser itself writes that the form was refused
        wrong += check(mine, site, f"{way} with mistakes")
    assert wrong == []


@pytest.mark.usefixtures("unhurried")
def test_somebody_asks_for_help_without_scripts_and_is_promised_an_answer(site: Site, browser: Browser) -> None:
    width, height = SIZES["narrow"]
    context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.url}/stange/ask?lang=en")
    assert page.locator('#call-now a[href="tel:116117"]').is_visible()
    page.get_by_role("link", name="Write to us").click()
    page.get_by_label("What shall we call you?").fill("Mina Oppdiktet")
    page.get_by_label("How can we reach you?").fill("000 11 222")
    page.get_by_label("What would you like to tell us?").fill("Jeg får ikke sove 🙂")
    assert page.get_by_role("textbox").count() == 3  # nobody meets the field that programs fill
    page.get_by_role("button", name="Send").click()
    assert page.locator("h1").inner_text() == "Thank you. We have received it"
    assert "you hear from us by" in page.locator(".lead").inner_text()
    assert "Mina" not in page.content() and "Mina" not in page.url
    context.close()


@pytest.mark.usefixtures("unhurried")
def test_a_call_is_registered_by_keys_alone(site: Site, window: Callable[[str | None], Window]) -> None:
    mine = window("kari.eksempel@stange.example")
    mine.open("/stange/contacts/new?lang=en")
    page = mine.page
    page.locator("#name").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Vil gjerne snakke med noen")
    page.keyboard.press("Tab")
    page.keyboard.type("Vi ringer")
    page.locator("#next_time").fill("23:59")
    page.locator("#next_time").press("Enter")
    page.wait_for_url("**/contacts/*-*")
    assert violations(page) == []
