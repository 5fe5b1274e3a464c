"""Every page of the demo that a person can click to, in every role, wide and narrow."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urldefrag, urlsplit

import pytest
from werkzeug.exceptions import HTTPException

from hjelpa.demo.people import SIGN_INS
from tests.browser.conftest import ROOT, Site, Window

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Enough to see every kind of page; the kinds are told apart by their route.
MOST_OF_A_KIND = 2


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
    found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", TAGS)
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


def is_page(window: Window, link: str) -> bool:
    answer = window.context.request.head(link)
    return "text/html" in answer.headers.get("content-type", "") and answer.status < 500


@pytest.mark.parametrize("email", [None, *(email for _, email in SIGN_INS)])
def test_every_page_is_whole(site: Site, window: Callable[[str | None], Window], email: str | None) -> None:
    mine = window(email)
    if email is None:
        mine.open("/account/sign-in")
    waiting, seen, kinds, wrong = [mine.page.url], set(), {}, []
    while waiting:
        link = waiting.pop(0)
        kind = kind_of(site, link)
        if link in seen or kinds.get(kind, 0) >= MOST_OF_A_KIND or not is_page(mine, link):
            continue
        seen.add(link)
        kinds[kind] = kinds.get(kind, 0) + 1
        answer = mine.page.goto(link, wait_until="load")
        assert answer is not None
        if answer.status not in (200, 303):
            wrong.append(f"{link}: answers {answer.status}")
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
