"""No page and no API puts people who work here in an order, or tells figures by helper: asked of every route there is."""

import io
import re
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from hjelpa.core.config import Settings
from hjelpa.embedded import EmbeddedServers
from tests.guests import let_in
from tests.house.crawl import access_of, address, is_tenants, rules
from tests.house.rows import fill_every_table
from tests.people import Town, make_town

PERSONS = ("name", "helper", "membership", "responsible", "colleague", "person")
WORDS = ("sort", "order", "order_by", "by", "group", "group_by", "rank")
ASKED = [f"{word}={person}" for word in WORDS for person in PERSONS]
# What differs between two answers to the very same question: the token of forms, ids of forms, and moments.
CHANGING = re.compile(
    rb'name="csrf_token" value="[^"]*"'
    rb"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{2}[.:]\d{2}([.:]\d{2})?"
)
# Lists of who has read, in which asking is itself a line.
READS = ("my.reads", "citizens.access_log")

# Pages that are made of figures about the help. Colleagues by name stand elsewhere, with what they answer for.
FIGURES = (
    "feedback_team.show",
    "feedback_team.people",
    "workspace.steering",
    "benchmarks.index",
    "feedback_model.show",
)


@pytest.fixture(scope="module")
def town(app: Flask, servers: EmbeddedServers, settings: Settings) -> Town:
    town = make_town(app, extra_helpers=3)
    assert town.helper.membership_id is not None
    database = settings.database_url.partition("@/")[2].partition("?")[0]
    with servers.superuser(database) as superuser:
        fill_every_table(superuser, town, f"egen{uuid.uuid4().hex}", id=town.helper.membership_id)
    return town


def pages(app: Flask, town: Town) -> list[tuple[str, str]]:
    """(endpoint, address) of all that is read in a municipality, with the ids of things that exist."""
    found = [rule for rule in rules(app, "GET") if is_tenants(rule) and access_of(app, rule).kind != "token"]
    return [(rule.endpoint, address(app, rule, town, town.helper.membership_id)) for rule in found]


def bytes_of(client: FlaskClient, where: str, asked: str) -> tuple[int, bytes]:
    answer = client.get(f"{where}?{asked}")
    data = answer.data
    if answer.mimetype == "application/pdf":
        # The file itself carries the second it was made.
        data = "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).encode()
    said = data.replace(asked.replace("&", "&amp;").encode(), b"").replace(asked.encode(), b"")
    return answer.status_code, CHANGING.sub(b"", said)


def test_asking_for_an_order_by_person_changes_nothing(app: Flask, town: Town) -> None:
    """All ways of asking at once; where that makes a difference, each is told."""
    assert town.helper.membership_id is not None
    client = let_in(town, town.helper.membership_id, town.client("everything"))
    everything = "&".join(f"{word}={PERSONS[place % len(PERSONS)]}" for place, word in enumerate(WORDS))
    seen = 0
    for endpoint, where in pages(app, town):
        if endpoint in READS:
            continue
        plain = bytes_of(client, where, "nothing=1")
        if plain[0] == 200 and plain != bytes_of(client, where, everything):
            differing = [
                asked for asked in ASKED if bytes_of(client, where, asked) != bytes_of(client, where, "nothing=1")
            ]
            assert differing == [], endpoint
        seen += plain[0] == 200
    assert seen > 60


@pytest.mark.parametrize("name", ["helper", "membership_id", "helper_id", "responsible", "who"])
def test_no_page_of_figures_takes_a_helper(town: Town, name: str) -> None:
    """Neither the team's figures nor one's own become a colleague's by asking."""
    other = town.people["helper2"].membership_id
    for role, where in (
        ("leader", "/feedback/team"),
        ("helper", "/feedback/mine"),
        ("leader", "/feedback/team/people"),
    ):
        client, path = town.client(role), town.path(where)
        assert bytes_of(client, path, f"{name}={other}") == bytes_of(client, path, "nothing=1")


def test_no_helper_is_named_where_figures_stand(app: Flask, town: Town) -> None:
    leader, seen = town.client("leader"), 0
    names = [person.name for key, person in town.people.items() if key.startswith("helper")]
    for endpoint, where in pages(app, town):
        if endpoint in FIGURES:
            text = leader.get(where).text
            assert [name for name in names if name in text] == [], endpoint
            seen += 1
    assert seen == len(FIGURES)


def test_a_helpers_own_figures_have_one_address_without_anybodys_id(app: Flask) -> None:
    own = [rule for rule in app.url_map.iter_rules() if rule.endpoint == "feedback_team.mine"]
    assert [rule.rule for rule in own] == ["/<tenant>/feedback/mine"]


@pytest.mark.parametrize("role", ["leader", "administrator"])
def test_nobody_else_opens_a_helpers_own_figures(town: Town, role: str) -> None:
    assert town.client(role).get(town.path("/feedback/mine")).status_code == 403
