"""A figure's way from a conversation to the nation, by clicking, with the real worker and dispatcher behind."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from hjelpa.demo.people import SIGN_INS
from tenants.identity.rules import DEMO_CODE
from tests.browser.conftest import Window

HELPER, LEADER, _, EDITOR, NATIONAL, _ = (email for _, email in SIGN_INS)


def main(page: Page):
    return page.locator("main")


@pytest.mark.usefixtures("at_work")
def test_from_a_conversation_to_the_nation(window: Callable[[str | None], Window]) -> None:
    """One after the other: helper, citizen, leader, editor with the real worker, national reader."""
    a_contact_becomes_a_conversation_and_a_curve(window)
    a_leader_sees_own_figures_beside_the_networks(window)
    the_editor_makes_a_release_and_the_nation_reads_it(window)


def a_contact_becomes_a_conversation_and_a_curve(window: Callable[[str | None], Window]) -> None:
    helper = window(HELPER)
    page = helper.page
    page.get_by_role("link", name="Henvendelser", exact=True).click()
    page.get_by_role("link", name="Registrer henvendelse").first.click()
    page.get_by_label("Hva vil de ha hjelp med?").fill("Jeg sover dårlig og vil snakke med noen.")
    tomorrow = date.today() + timedelta(days=1)
    page.get_by_label("Hva ble dere enige om?").fill("Kari ringer i morgen.")
    page.get_by_label("Hvilken dag?").fill(tomorrow.isoformat())
    main(page).locator("button[type=submit]").click()

    # A forgotten time is asked for beside the field, and nothing typed is lost.
    expect(page).to_have_title(re.compile("^Feil:"))
    expect(page.get_by_label("Hva vil de ha hjelp med?")).to_have_value("Jeg sover dårlig og vil snakke med noen.")
    page.get_by_label("Hvilket klokkeslett?").fill("09:00")
    main(page).locator("button[type=submit]").click()

    expect(page.get_by_role("status")).to_contain_text("Kari Eksempel")
    page.get_by_role("link", name="Hold første samtale").click()
    page.locator("#name").fill("Prøve Innbyggersen")
    page.get_by_label("Voksen, 19 år eller eldre").check()
    page.locator("#matters").fill("Å sove hele natta.")
    agree(page, "Vi møtes igjen her.", date.today() + timedelta(days=7))
    main(page).locator("button[type=submit]").first.click()
    expect(page.locator("h1")).to_contain_text("Prøve Innbyggersen")
    course = page.url

    hand_over(page, "outcome")
    answer(page, [0.3, 0.4, 0.5, 0.45])
    take_back(page, course)
    hand_over(page, "alliance")
    answer(page, [0.9, 0.95, 0.9, 0.92])
    take_back(page, course)

    expect(main(page).locator("svg[role=img]").first).to_be_attached()
    said = main(page).inner_text()
    assert re.search(r"Skåren er 1\d,\d av 40", said), said
    assert "grenseverdi" not in said.lower()
    page.get_by_role("link", name="Hvem har lest").click()
    expect(main(page)).to_contain_text("Kari Eksempel")
    assert helper.problems == []


def agree(page: Page, step: str, day: date) -> None:
    page.get_by_label("Hva ble dere enige om?").fill(step)
    page.get_by_label("Hvilken dag?").fill(day.isoformat())
    page.get_by_label("Hvilket klokkeslett?").fill("10:30")


def hand_over(page: Page, scale: str) -> None:
    page.locator(f'form:has(input[name="scale"][value="{scale}"]) button').first.click()
    expect(page.locator("input[type=range]")).to_have_count(4)


def take_back(page: Page, course: str) -> None:
    """The course is behind the helper's code, which leads back to it."""
    page.goto(course)
    page.locator("#screen_code").fill(DEMO_CODE)
    page.locator("#screen_code").press("Enter")
    page.wait_for_url(re.compile(re.escape(course.partition("#")[0])))


def answer(page: Page, places: list[float]) -> None:
    """Taps each line at a place between its ends; no menu and no number is shown meanwhile."""
    assert page.locator("nav").count() == 0
    for line, place in zip(page.locator("input[type=range]").all(), places, strict=True):
        box = line.bounding_box()
        assert box is not None
        line.click(position={"x": box["width"] * place, "y": box["height"] / 2})
    page.locator("button[type=submit]").first.click()
    expect(page.locator("input[type=range]")).to_have_count(0)


def a_leader_sees_own_figures_beside_the_networks(window: Callable[[str | None], Window]) -> None:
    leader = window(LEADER)
    page = leader.page
    page.get_by_role("link", name="Styring", exact=True).click()
    for figure in (
        "Venter nå",
        "Hjulpet i år",
        "Høyere ved slutten enn ved starten",
        "Første samtale innen 7 dager",
    ):
        expect(main(page).get_by_text(figure, exact=True).first).to_be_visible()
    expect(main(page)).to_contain_text(re.compile(r"\d+ av \d+ hos dere; om lag \d+\s% av om lag \d"))
    page.get_by_role("link", name="Sammenligning", exact=True).click()
    expect(main(page).locator("svg[role=img]").first).to_be_attached()
    page.get_by_text("Vis tallene som tabell").first.click()
    expect(main(page).locator("table").first).to_be_visible()
    assert leader.problems == []


def the_editor_makes_a_release_and_the_nation_reads_it(window: Callable[[str | None], Window]) -> None:
    editor = window(EDITOR)
    page = editor.page
    before = main(page).get_by_role("link", name=re.compile(r"^Publisering \d+")).count()
    page.get_by_role("button", name="Lag publisering").click()
    expect(page.get_by_role("link", name=re.compile(r"^Publisering \d+|Se publisering \d+")).first).to_be_visible(
        timeout=60_000
    )
    editor.open("/network/")
    expect(main(page).get_by_role("link", name=re.compile(r"^Publisering \d+"))).to_have_count(before + 1)
    page.get_by_role("link", name=f"Publisering {before + 1}", exact=True).click()
    expect(main(page)).to_contain_text("Minst 4 kommuner")

    reader = window(NATIONAL)
    expect(main(reader.page)).to_contain_text(f"nummer {before + 1}")
    expect(main(reader.page)).to_contain_text(re.compile(r"om lag \d+\s% av om lag \d"))
    reader.open("/stange/")
    expect(reader.page.locator("h1")).to_have_text("Vi finner ikke siden")
    assert editor.problems == []


def test_a_person_with_two_municipalities_lands_on_the_same_kind_of_page(
    window: Callable[[str | None], Window],
) -> None:
    leader = window(LEADER)
    page = leader.page
    page.get_by_role("link", name="Henvendelser", exact=True).click()
    page.locator("#places-button").click()
    page.locator("#places").get_by_role("link", name=re.compile("Trondheim")).click()
    expect(page).to_have_url(re.compile(r"/trondheim/contacts$"))
    expect(page).to_have_title(re.compile("Trondheim"))


def test_language_is_the_persons_own_choice(window: Callable[[str | None], Window]) -> None:
    reader = window(NATIONAL)
    reader.open("/account")
    reader.page.get_by_label("English").check()
    main(reader.page).get_by_role("button", name="Lagre").click()
    expect(reader.page.locator("h1")).to_have_text("Your account")
    reader.page.get_by_label("Bokmål").check()
    main(reader.page).get_by_role("button", name="Save").click()
    expect(reader.page.locator("h1")).to_have_text("Kontoen din")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_frame_works_by_keyboard_and_on_a_phone(window: Callable[[str | None], Window], width: int) -> None:
    helper = window(HELPER)
    page = helper.page
    page.set_viewport_size({"width": width, "height": 844})
    page.keyboard.press("Tab")
    expect(page.locator(".ds-skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    if width == 390:
        page.get_by_role("button", name="Meny").click()
        page.get_by_role("link", name="Forløp", exact=True).click()
        expect(page.locator("h1")).to_have_text("Forløp")
