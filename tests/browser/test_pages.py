"""Every page of the demo that a person can click to, in every role, wide and narrow."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urldefrag, urlsplit

import pytest
from playwright.sync_api import Error as PlaywrightError
from werkzeug.exceptions import HTTPException

from hjelpa.demo.people import SIGN_INS
from tests.browser.conftest import ROOT, Site, Window

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Every kind of page once in every role; the kinds are told apart by their route.
MOST_OF_A_KIND = 1


def check(window: Window, site: Site, where: str) -> list[str]:
    """What is wrong with the page now shown, in words."""
    page = window.page
    wrong = [f"{where}: {problem}" for problem in window.problems]
    window.problems.clear()
    if not page.title().strip() or "None" in page.title():
        wrong.append(f"{where}: has no title")
    if page.locator("h1").count() != 1:
        wrong.append(f"{where}: has {page.locator('h1').count()} h1")
    if page.locator("html").get_attribute("lang") not in ("nb", "en"):
        wrong.append(f"{where}: says no language")
    for size in ("wide", "narrow"):
        window.resize(size)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wrong.append(f"{where}: scrolls sideways when {size}")
        wrong += [f"{where} ({size}): {problem}" for problem in violations(page)]
    return wrong


def violations(page: Any) -> list[str]:
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE(encoding="utf-8"))
    # What is in order is not told of: to name each such part of a page takes axe almost as long as to look at it.
    run = "tags => axe.run({runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"
    found = page.evaluate(run, TAGS)
    return [f"{v['id']}: {v['help']} {v['nodes'][0]['html'][:150]}" for v in found["violations"]]


def links(window: Window) -> list[str]:
    found = window.page.eval_on_selector_all("a[href]:not([download])", "all => all.map(a => a.href)")
    return [urldefrag(link).url for link in found if link.startswith(window.url)]


def kind_of(site: Site, link: str) -> str:
    """The route an address leads to, so that a thousand courses count as one kind of page."""
    parts = urlsplit(link)
    try:
        endpoint, _ = site.app.url_map.bind("localhost").match(parts.path)
    except HTTPException:
        return link
    return str(endpoint)


def visit(window: Window, link: str) -> int:
    """Opens an address and returns its status; 0 for a file that is downloaded instead of shown."""
    try:
        answer = window.page.goto(link, wait_until="load")
    except PlaywrightError as error:
        if "Download is starting" in error.message or "ERR_ABORTED" in error.message:
            return 0
        raise
    assert answer is not None
    return answer.status


@pytest.mark.parametrize("email", [None, *(email for _, email in SIGN_INS)])
def test_every_page_is_whole(site: Site, window: Callable[[str | None], Window], email: str | None) -> None:
    mine = window(email)
    if email is None:
        mine.open("/account/sign-in")
    waiting, seen, kinds, wrong = [mine.page.url], set(), {}, []
    while waiting:
        link = waiting.pop(0)
        kind = kind_of(site, link)
        if link in seen or kinds.get(kind, 0) >= MOST_OF_A_KIND:
            continue
        seen.add(link)
        kinds[kind] = kinds.get(kind, 0) + 1
        status = visit(mine, link)
        if status == 0:
            continue
        if status != 200:
            wrong.append(f"{link}: answers {status}")
        waiting += links(mine)
        wrong += check(mine, site, urlsplit(link).path)
    assert wrong == []
    assert len(seen) >= (2 if email is None else 4)


def test_pages_for_what_goes_wrong(site: Site, window: Callable[[str | None], Window]) -> None:
    mine = window(SIGN_INS[0][1])
    wrong = []
    for where in ("/stange/finnes-ikke", "/operator/"):
        mine.open(where)
        mine.problems.clear()  # the browser itself writes that the answer was a refusal
        wrong += check(mine, site, where)
    assert wrong == []
