"""Advice on plain language beside a text: while it is written, and without scripts."""

from collections.abc import Callable

from hjelpa.demo.people import SIGN_INS
from tests.browser.conftest import Site, Window
from tests.browser.test_pages import check

TEXT = (
    "Kommunen fatter vedtak i henhold til § 4-2 om tverrfaglig bistand. Barnevernstjenesten vil så iverksette det."
)


def test_advice_comes_while_one_writes_and_nothing_else_happens(
    site: Site, window: Callable[[str | None], Window]
) -> None:
    mine = window(SIGN_INS[0][1])
    mine.open("/stange/services/new")
    page = mine.page
    advice = page.locator(".plain:has(#involves) [data-plain-advice]")
    assert advice.is_hidden()
    page.fill("#involves", TEXT)
    advice.locator("li", has_text="avgjørelse").wait_for()
    assert advice.locator("li", has_text="§ 4-2").count() == 1
    assert check(mine, site, "the form of a service with advice") == []
    page.fill("#involves", "")
    advice.wait_for(state="hidden")
    page.fill("#for_whom", "Alle")
    page.locator("button[data-plain-button]").click()
    page.locator(".plain:has(#for_whom) [data-plain-advice]").wait_for()
    assert page.url.endswith("/stange/services/new") and len(mine.context.pages) == 1


def test_without_scripts_the_button_opens_the_advice_beside(
    site: Site, window: Callable[[str | None], Window]
) -> None:
    mine = window(SIGN_INS[0][1])
    browser = mine.context.browser
    assert browser is not None
    plain = browser.new_context(java_script_enabled=False, storage_state=mine.context.storage_state())
    page = plain.new_page()
    page.goto(site.url + "/stange/services/new")
    page.fill("#involves", TEXT)
    with plain.expect_page() as opened:
        page.locator("button[data-plain-button]").click()
    opened.value.locator("li", has_text="avgjørelse").wait_for()
    assert page.input_value("#involves") == TEXT
    plain.close()
