"""A line of the citizen's scale under a finger: a tap answers wherever it lands, and a scroll that begins on it does not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

import hjelpa.web

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
