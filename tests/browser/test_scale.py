"""The citizen's scale in a browser: its lines under a finger, a network that drops, and the screen that is locked meanwhile."""

import re
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Error, Page, Request, Route, expect
from werkzeug.serving import make_server

import hjelpa.web
from hjelpa.web.assets import build_assets, install_packages
from tests.browser.conftest import FLAGS, ROOT, find_chromium
from tests.modules.feedback.courses import list_answers, make_course
from tests.people import SCREEN_CODE, Town, make_town, signed_in

STATIC = Path(hjelpa.web.__file__).parent / "static"


@pytest.fixture
def line(app: Flask, browser: Browser) -> Iterator[Page]:
    """A page with one line, 300 pixels down a page that is long enough to scroll."""
    with app.test_request_context():
        scales = app.jinja_env.get_template("components/scales.html").module
        drawn = scales.line("item1", "Meg selv", "Humør, søvn og kropp", "Dårlig", "Bra")
    style, script = (STATIC / "css/app.css").read_text("utf-8"), (STATIC / "js/scale.js").read_text("utf-8")
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.set_content(
        f'<!doctype html><meta name="viewport" content="width=device-width"><style>{style}</style>'
        f'<div style="height:300px"></div>{drawn}<div style="height:3000px"></div>'
    )
    page.add_script_tag(content=script)
    yield page
    context.close()


def at(page: Page, share: float) -> tuple[float, float]:
    """A point so far along the line, whose ends are half a thumb from each side."""
    box = page.locator(".scale-line").bounding_box()
    assert box is not None
    return box["x"] + 24 + (box["width"] - 48) * share, box["y"] + box["height"] / 2


def answer(page: Page) -> tuple[str, float]:
    value = page.locator(".scale-line").input_value()
    return page.locator("input[type=hidden]").input_value(), float(value)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.5, 0.52, 0.98])
def test_a_tap_answers_also_on_the_thumb_where_it_stands(line: Page, share: float) -> None:
    page = line
    page.touchscreen.tap(*at(page, share))
    flag, value = answer(page)
    assert flag == "1"
    assert value == pytest.approx(10 * share, abs=0.15)
    assert page.locator(".scale").get_attribute("data-state") == "answered"


@pytest.mark.parametrize("share", [0.3, 0.5, 0.8])
@pytest.mark.parametrize("first", [None, 0.1])
def test_a_scroll_that_begins_on_the_line_changes_nothing(line: Page, share: float, first: float | None) -> None:
    page = line
    if first is not None:
        page.touchscreen.tap(*at(page, first))
    before = answer(page)
    finger = page.context.new_cdp_session(page)
    x, y = at(page, share)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 11):
        finger.send(
            "Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y - 20 * step}]}
        )
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_function("scrollY > 50")
    assert answer(page) == before
    assert page.locator(".scale").get_attribute("data-state") == (
        "answered" if first is not None else "unanswered"
    )


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    """Where the application is served, its forms guarded as in life."""
    build_assets(ROOT, lambda line: None)
    install_packages(ROOT, lambda line: None)
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    app.config["WTF_CSRF_ENABLED"] = False


@dataclass
class Screen:
    """A helper's device on a course's page, and what its browser has sent to the scale's address."""

    context: BrowserContext
    page: Page
    town: Town
    course: str
    conversation_id: uuid.UUID
    sent: list[Request]

    def hand_over(self) -> None:
        self.page.locator('form:has(input[name="scale"][value="outcome"]) button').first.click()
        expect(self.page.locator("input[type=range]")).to_have_count(4)

    def fill(self, *shares: float) -> None:
        """Taps the lines in order, as far along as each share says."""
        for line, share in zip(self.page.locator(".scale-line").all(), shares, strict=False):
            box = line.bounding_box()
            assert box is not None
            line.click(position={"x": 24 + (box["width"] - 48) * share, "y": box["height"] / 2})

    def send(self) -> None:
        self.page.locator("main form button[type=submit]").first.click()

    @property
    def kept(self) -> list[dict[str, Any]]:
        return list_answers(self.town, self.conversation_id)

    @property
    def stored(self) -> list[str]:
        """Names of what this tab keeps of scales."""
        names = self.page.evaluate("Object.keys(sessionStorage)")
        return [name for name in names if name.startswith("scale:")]


def open_screen(browser: Browser, app: Flask, address: str, **options: Any) -> Screen:
    town = make_town(app)
    course_id, (conversation_id,) = make_course(town)
    cookie = signed_in(app, town.helper).get_cookie("hjelpa")
    assert cookie is not None
    context = browser.new_context(locale="nb-NO", reduced_motion="reduce", **options)
    context.add_cookies([{"name": "hjelpa", "value": cookie.value, "url": address, "httpOnly": True}])
    page, sent = context.new_page(), []
    page.set_default_timeout(15_000)
    page.on("request", lambda made: sent.append(made) if made.method == "POST" and "/my/" in made.url else None)
    course = f"{address}{town.path(f'/courses/{course_id}')}"
    page.goto(course)
    return Screen(context, page, town, course, conversation_id, sent)


@pytest.fixture
def screen(app: Flask, browser: Browser, address: str) -> Iterator[Screen]:
    opened = open_screen(browser, app, address)
    yield opened
    opened.context.close()


@pytest.fixture
def scale(screen: Screen) -> Screen:
    """The scale in the citizen's hands."""
    screen.hand_over()
    return screen


NOT_SENT, THANKS, LOCKED = "[data-not-sent]", "[data-received-scale]", "#screen_code"
ANSWERS = (0.77, 0.21, 1, 0.5)
VALUES = [77, 21, 100, 50]


def values_of(screen: Screen) -> list[list[int]]:
    """The items of every answer that was kept, in tenths, near enough for a finger."""
    return [[round(value, -1) for value in row["items"]] for row in screen.kept]


NEAR = [[round(value, -1) for value in VALUES]]


def test_an_answer_is_sent_once_and_nothing_is_left_in_the_tab(scale: Screen) -> None:
    page = scale.page
    scale.fill(*ANSWERS)
    assert len(scale.stored) == 1
    assert not re.search(r"\d", page.inner_text("main"))
    scale.send()
    expect(page.locator(THANKS)).to_be_visible()
    expect(page.locator("h1")).to_be_visible()
    assert page.title().startswith(page.inner_text("h1"))
    assert (values_of(scale), len(scale.sent), scale.stored) == (NEAR, 1, [])
    page.reload()
    expect(page.locator(THANKS)).to_be_visible()


def test_a_double_click_sends_once(scale: Screen) -> None:
    scale.fill(*ANSWERS)
    scale.page.locator("main form button[type=submit]").first.dblclick()
    expect(scale.page.locator(THANKS)).to_be_visible()
    assert (values_of(scale), len(scale.sent)) == (NEAR, 1)


def test_without_network_the_answers_wait_and_are_sent_when_it_is_back(scale: Screen) -> None:
    page = scale.page
    scale.fill(*ANSWERS)
    expect(page.locator(NOT_SENT)).to_be_hidden()
    scale.context.set_offline(True)
    scale.send()
    expect(page.locator(NOT_SENT)).to_be_visible()
    expect(page.locator(".scale[data-state=answered]")).to_have_count(4)
    assert (scale.kept, len(scale.stored)) == ([], 1)
    scale.context.set_offline(False)
    expect(page.locator(THANKS)).to_be_visible()
    assert (values_of(scale), scale.stored) == (NEAR, [])


@pytest.mark.parametrize("pressed", [True, False], ids=["sent", "only answered"])
def test_a_reload_without_network_loses_nothing(scale: Screen, pressed: bool) -> None:
    """What was sent goes on being sent; what was only answered waits for the citizen."""
    page, where = scale.page, scale.page.url
    scale.fill(*ANSWERS)
    scale.context.set_offline(True)
    if pressed:
        scale.send()
        expect(page.locator(NOT_SENT)).to_be_visible()
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.reload()
    scale.context.set_offline(False)
    page.goto(where)
    if not pressed:
        expect(page.locator(".scale[data-state=answered]")).to_have_count(4)
        assert scale.kept == []
        scale.send()
    expect(page.locator(THANKS)).to_be_visible()
    assert (values_of(scale), scale.stored) == (NEAR, [])


@pytest.mark.parametrize("how", ["gone", "broken"])
def test_while_the_server_is_down_it_is_tried_again(scale: Screen, how: str) -> None:
    page, tries = scale.page, []

    def fail_twice(route: Route) -> None:
        if route.request.method != "POST" or len(tries) == 2:
            route.continue_()
            return
        tries.append(how)
        if how == "gone":
            route.abort()
        else:
            route.fulfill(status=503, body="<main>Not now</main>", content_type="text/html")

    page.route("**/my/scale/*", fail_twice)
    scale.fill(*ANSWERS)
    scale.send()
    expect(page.locator(NOT_SENT)).to_be_visible()
    expect(page.locator(THANKS)).to_be_visible(timeout=20_000)  # two waits, the second longer than the first
    assert (len(tries), values_of(scale), scale.stored) == (2, NEAR, [])


def test_an_answer_whose_receipt_was_lost_is_one_row_and_no_reproach(scale: Screen) -> None:
    """It arrived, and the browser could not know: the same answer comes twice."""
    page, lost = scale.page, []

    def lose_the_first(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort()
        else:
            route.continue_()

    page.route("**/my/scale/*", lose_the_first)
    scale.fill(*ANSWERS)
    scale.send()
    expect(page.locator(THANKS)).to_be_visible()
    assert lost == [303]
    assert (values_of(scale), len(scale.sent)) == (NEAR, 2)
    expect(page.locator("main [role=status]")).to_have_count(0)


def test_skipping_waits_for_the_network_too(scale: Screen) -> None:
    scale.context.set_offline(True)
    scale.page.locator('button[name="skip"]').click()
    expect(scale.page.locator(NOT_SENT)).to_be_visible()
    scale.context.set_offline(False)
    expect(scale.page.locator(THANKS)).to_be_visible()
    assert [row["state"] for row in scale.kept] == ["skipped"]


def test_open_lines_are_asked_about_on_the_spot_and_stay_open(scale: Screen) -> None:
    page = scale.page
    scale.fill(0.77, 0.21)
    scale.send()
    expect(page.locator('button[name="as_it_is"]')).to_be_visible()
    expect(page.locator(".scale[data-state=answered]")).to_have_count(2)
    expect(page.locator(".scale[data-state=unanswered]")).to_have_count(2)
    page.locator(".scale-line").nth(2).press("End")  # the lines are alive on the page that came
    expect(page.locator(".scale[data-state=answered]")).to_have_count(3)
    page.locator('button[name="as_it_is"]').click()
    expect(page.locator(THANKS)).to_be_visible()
    (row,) = scale.kept
    assert (row["items"][2:], row["total"]) == ([100, None], None)


def test_a_forms_secret_that_is_no_longer_good_is_renewed(scale: Screen) -> None:
    scale.fill(*ANSWERS)
    scale.context.clear_cookies(name="hjelpa-form")
    scale.send()
    expect(scale.page.locator(THANKS)).to_be_visible()
    assert values_of(scale) == NEAR


def test_answers_are_forgotten_with_the_requests_lifetime(scale: Screen) -> None:
    page = scale.page
    scale.fill(*ANSWERS)
    (name,) = scale.stored
    hours = page.evaluate("name => (JSON.parse(sessionStorage[name]).until - Date.now()) / 3600000", name)
    assert 1.9 < hours <= 2
    page.evaluate(
        "name => { const r = JSON.parse(sessionStorage[name]); r.until = 1; sessionStorage[name] = JSON.stringify(r); }",
        name,
    )
    page.reload()
    expect(page.locator(".scale[data-state=unanswered]")).to_have_count(4)
    assert scale.stored == []


def test_without_scripts_it_is_a_form_as_any_other(app: Flask, browser: Browser, address: str) -> None:
    plain = open_screen(browser, app, address, java_script_enabled=False)
    plain.hand_over()
    for line in plain.page.locator(".scale-line").all():
        line.press("End")
    plain.send()
    expect(plain.page.locator(THANKS)).to_be_visible()
    assert [row["total"] for row in plain.kept] == [400]
    plain.context.close()


def test_on_a_locked_screen_no_way_leads_to_the_helpers_pages(scale: Screen) -> None:
    page = scale.page
    where = page.url
    page.go_back()
    expect(page.locator(LOCKED)).to_be_visible()
    assert "Ada Liksom" not in page.content()
    page.go_forward()
    expect(page.locator(".scale-line")).to_have_count(4)
    tab = scale.context.new_page()
    tab.goto(scale.course)
    expect(tab.locator(LOCKED)).to_be_visible()
    assert tab.url.endswith("/account/locked")
    scale.fill(*ANSWERS)
    scale.send()
    page.locator("main .form-actions a").click()
    expect(page.locator(LOCKED)).to_be_visible()
    page.locator(LOCKED).fill("8061")
    page.locator(LOCKED).press("Enter")
    expect(page.locator("#screen_code-error")).to_be_visible()
    page.locator(LOCKED).fill(SCREEN_CODE)
    page.locator(LOCKED).press("Enter")
    page.wait_for_url(f"{scale.course}#feedback")
    expect(page.locator("h1")).to_contain_text("Ada Liksom")
    page.goto(where)
    expect(page.locator(THANKS)).to_be_visible()


def test_a_page_kept_in_the_browsers_memory_is_not_shown_on_a_locked_screen(
    app: Flask, browser: Browser, address: str
) -> None:
    """With the browser's memory of whole pages on, which tests usually have off, and no word from us against it: some
    browsers keep pages all the same.
    """

    def allow(route: Route) -> None:
        answer = route.fetch()
        headers = {name: value for name, value in answer.headers.items() if name != "cache-control"}
        route.fulfill(response=answer, headers=headers)

    remembering = browser.browser_type.launch(
        executable_path=find_chromium(), args=FLAGS, ignore_default_args=["--disable-back-forward-cache"]
    )
    try:
        screen = open_screen(remembering, app, address)
        page = screen.page
        page.route(f"{screen.course}*", allow)
        page.reload()
        page.unroute(f"{screen.course}*")
        page.evaluate("""addEventListener("pageshow", event => {
            sessionStorage.restored = event.persisted + " " + document.documentElement.style.display; })""")
        screen.hand_over()
        page.go_back()
        expect(page.locator(LOCKED)).to_be_visible()
        assert page.evaluate("sessionStorage.restored") == "true none"
    finally:
        remembering.close()
