"""What is typed in a form: kept for whoever typed it and comes back to it, and for nobody else."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from hjelpa.core.database import auth_session
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from hjelpa.demo.people import SIGN_INS
from tenants.identity.cookies import cookie_name
from tenants.identity.models import SignInSession
from tenants.identity.rules import hash_token
from tests.browser.conftest import Site, Window

HELPER = SIGN_INS[0][1]
FORM = "/stange/contacts/new"
WORDS = "Hun sover dårlig og vil snakke med noen."


@pytest.fixture
def helper(window: Callable[[str | None], Window]) -> Window:
    opened = window(HELPER)
    opened.open(FORM)
    return opened


def fill(page: Page) -> None:
    page.locator("#words").press_sequentially(WORDS)
    page.locator("#consent").check()
    page.locator("#next_step").fill("Kari ringer i morgen.")
    page.locator("#next_date").fill((date.today() + timedelta(days=1)).isoformat())
    page.locator("#next_time").fill("09:00")


def send(page: Page) -> None:
    page.locator("main form[data-keep] button[type=submit]").first.click()
    page.wait_for_load_state()


def drafts(page: Page) -> list[str]:
    """Paths of the forms whose words this tab keeps."""
    keys = page.evaluate("Object.keys(sessionStorage).filter(name => name.startsWith('keep:'))")
    return [key.rpartition(":")[2] for key in keys]


def end_session(site: Site, window: Window) -> None:
    """Ends the person's session on the server, as time or another device does."""
    token = next(cookie["value"] for cookie in window.context.cookies() if cookie["name"] == "hjelpa")
    with site.app.test_request_context():
        assert cookie_name() == "hjelpa"
        ended = update(SignInSession).where(SignInSession.token_hash == hash_token(token))
        auth_session.execute(ended.values(ended_at=utcnow()))
        auth_session.commit()


def sign_in(page: Page, email: str) -> None:
    page.locator(f'form:has(input[value="{email}"]) button').click()
    page.wait_for_load_state()


def expect_empty(page: Page) -> None:
    expect(page.locator("#words")).to_have_value("")
    expect(page.locator("#consent")).not_to_be_checked()
    expect(page.locator("form [data-kept]")).to_be_hidden()


def test_cancel_gives_up_what_was_typed(helper: Window) -> None:
    page = helper.page
    fill(page)
    assert drafts(page) == [FORM]
    page.locator(".form-actions a").click()
    page.wait_for_load_state()
    assert drafts(page) == []
    helper.open(FORM)
    expect_empty(page)
    assert helper.problems == []


@pytest.mark.parametrize("way", ["crumbs", "menu", "address"])
def test_a_form_opened_anew_is_empty_however_it_was_left(helper: Window, way: str) -> None:
    page = helper.page
    fill(page)
    if way == "crumbs":
        page.locator("nav.ds-breadcrumbs .crumb-list a").first.click()
    elif way == "menu":
        page.locator("nav.side a.side-link").first.click()
    page.wait_for_load_state()
    helper.open(FORM)
    expect_empty(page)
    page.reload()
    expect_empty(page)


def test_a_session_that_ends_loses_nothing(site: Site, helper: Window) -> None:
    page = helper.page
    fill(page)
    end_session(site, helper)
    send(page)
    expect(page.locator("main .ds-alert[data-color=warning]")).to_be_visible()
    expect(page.locator("[data-kept-here]")).to_be_visible()
    sign_in(page, HELPER)
    assert page.url == helper.url + FORM
    expect(page.locator("form [data-kept]")).to_be_visible()
    expect(page.locator("#words")).to_have_value(WORDS)
    expect(page.locator("#consent")).to_be_checked()
    send(page)
    expect(page.locator("h1")).not_to_contain_text("Registrer")
    assert drafts(page) == []
    helper.open(FORM)
    expect_empty(page)
    assert helper.problems == []


def test_somebody_else_who_signs_in_does_not_get_the_words(site: Site, helper: Window) -> None:
    page = helper.page
    fill(page)
    end_session(site, helper)
    send(page)
    sign_in(page, SIGN_INS[1][1])
    assert drafts(page) == []
    assert WORDS not in page.content()


def test_what_was_saved_is_forgotten(helper: Window) -> None:
    page = helper.page
    fill(page)
    send(page)
    expect(page.locator("main [role=status]").first).to_be_visible()
    assert drafts(page) == []
    page.go_back()
    assert drafts(page) == []


def test_what_was_refused_is_kept_until_it_is_saved(helper: Window) -> None:
    page = helper.page
    fill(page)
    page.locator("#next_time").fill("")
    send(page)
    expect(page.locator("ds-error-summary")).to_be_visible()
    expect(page.locator("#words")).to_have_value(WORDS)
    page.locator("ds-error-summary a").first.click()
    assert drafts(page) == [FORM]
    page.locator("#next_time").fill("09:00")
    send(page)
    assert drafts(page) == []


def test_a_reload_and_a_look_at_the_help_lose_nothing(helper: Window) -> None:
    page = helper.page
    fill(page)
    page.reload()
    expect(page.locator("#words")).to_have_value(WORDS)
    expect(page.locator("form [data-kept]")).to_be_visible()
    page.locator("a.help").click()
    page.wait_for_load_state()
    page.go_back()
    expect(page.locator("#words")).to_have_value(WORDS)
    page.locator("a.help").click()
    page.locator(f'main a[href="{FORM}#typed"]').click()
    expect(page.locator("#words")).to_have_value(WORDS)
    assert page.url == helper.url + FORM
    assert helper.problems == []


def test_signing_out_forgets_everything(helper: Window) -> None:
    page = helper.page
    fill(page)
    page.locator("#person-button").click()
    page.locator("#person form[data-forget] button").click()
    page.wait_for_load_state()
    assert drafts(page) == []


def test_the_public_door_keeps_what_people_type_and_nothing_they_do_not_see(
    window: Callable[[str | None], Window],
) -> None:
    opened = window(None)
    opened.open("/stange/ask")
    page = opened.page
    page.locator("a[href$='/write']").first.click()
    page.locator("#words").fill(WORDS)
    page.locator('input[name="leave_empty"]').evaluate(
        "field => { field.value = 'filled'; field.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    assert len(drafts(page)) == 1
    page.reload()
    expect(page.locator("#words")).to_have_value(WORDS)
    expect(page.locator('input[name="leave_empty"]')).to_have_value("")
    assert opened.problems == []


LONG = "Navnutenmellomrom" * 11
LINK = "https://" + "eksempel" * 30 + ".example/" + uuid.uuid4().hex


def test_long_words_break_instead_of_pushing_the_page(helper: Window) -> None:
    """A name of nearly 200 letters and a long address, on every page where they are shown, on a phone."""
    page = helper.page
    fill(page)
    page.locator("#name").fill(LONG)
    page.locator("#words").fill(LINK)
    page.locator("#next_step").fill(LINK)
    # Agreed for today, so that it stands on *I dag*.
    page.locator("#next_date").fill(utcnow().astimezone(LOCAL).date().isoformat())
    page.locator("#next_time").fill("23:59")
    send(page)
    where = page.url
    helper.resize("narrow")
    wrong = []
    for address in (where, "/stange/", f"/stange/search?q={LONG[:20]}", f"/stange/contacts?q={LONG[:20]}", FORM):
        helper.open(address)
        if address != FORM:
            assert LONG in page.inner_text("body"), address
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wrong.append(address)
    helper.open(f"{where}/first-conversation")
    page.locator("#matters").fill(LINK)
    page.locator('input[name="age_band"]').last.check()
    page.locator("#next_step").fill(LINK)
    page.locator("#next_date").fill((date.today() + timedelta(days=7)).isoformat())
    page.locator("#next_time").fill("10:30")
    send(page)
    assert "/courses/" in page.url, page.inner_text("main")
    course = page.url.partition("#")[0]
    for address in (course, f"{course}/reads", f"{course}/conversation", f"{course}/ending", "/stange/courses"):
        helper.open(address)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wrong.append(address)
    assert wrong == []
    assert helper.problems == []
