"""Every component on the gallery's pages: whole documents that the strict policy allows."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from hjelpa.web.icons import ICONS
from tests.web.gallery import create_gallery

PAGES = ["", "form", "lists", "charts", "thread", "story", "start", "scale", "plain", "citizen"]
VOID = {"meta", "link", "input", "img", "br", "hr", "path", "circle", "line", "rect", "polygon", "use"}


class Reader(HTMLParser):
    """Collects tags, attributes and faults of nesting."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_gallery().test_client()


def read(client: FlaskClient, page: str) -> tuple[str, Reader]:
    html = client.get(f"/{page}").get_data(as_text=True)
    reader = Reader()
    reader.feed(html)
    return html, reader


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_whole_and_without_inline_code(client: FlaskClient, page: str) -> None:
    html, reader = read(client, page)
    assert reader.faults == []
    assert reader.open == []
    assert [tag for tag, _ in reader.tags].count("h1") == 1
    assert "style" not in [tag for tag, _ in reader.tags]
    assert all(attrs.get("src") for tag, attrs in reader.tags if tag == "script")
    names = {name for _, attrs in reader.tags for name in attrs}
    assert not [name for name in names if name == "style" or name.startswith("on")]
    assert "http://" not in html.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("page", PAGES)
def test_ids_are_unique_and_references_lead_somewhere(client: FlaskClient, page: str) -> None:
    _, reader = read(client, page)
    ids = [str(attrs["id"]) for _, attrs in reader.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for _, attrs in reader.tags:
        for name in ("for", "aria-describedby", "aria-labelledby", "popovertarget", "commandfor"):
            assert set(str(attrs.get(name) or "").split()) <= set(ids)


@pytest.mark.parametrize("page", PAGES)
def test_icons_exist_and_posting_forms_carry_the_token(client: FlaskClient, page: str) -> None:
    html, reader = read(client, page)
    assert set(re.findall(r"icons\.svg[^#\"]*#([a-z-]+)", html)) <= set(ICONS)
    posts = sum(attrs.get("method") == "post" for tag, attrs in reader.tags if tag == "form")
    assert posts == sum(attrs.get("name") == "csrf_token" for _, attrs in reader.tags)


def test_a_field_with_a_fault_says_so_to_everyone(client: FlaskClient) -> None:
    html, reader = read(client, "form")
    field = next(attrs for _, attrs in reader.tags if attrs.get("id") == "nickname")
    assert field["value"] == "K"
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] == "nickname-hint nickname-error"
    assert 'href="#nickname"' in html
    assert "<title>Error: Nytt forløp – Fjellfjord kommune – Hjelpa</title>" in html


def test_an_untouched_line_is_unanswered_and_shows_no_number(client: FlaskClient) -> None:
    _, reader = read(client, "scale")
    values = {attrs.get("name"): attrs.get("value") for tag, attrs in reader.tags if tag == "input"}
    assert values["self_answered"] == ""
    assert values["near_answered"] == "1"
    assert values["near"] == "7.7"
