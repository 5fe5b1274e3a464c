"""Every route in the URL map, with no list to maintain: who may enter, what a foreign id answers, what reading writes."""

import re
import uuid
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from hjelpa.core.config import Settings
from hjelpa.core.contract import Manifest
from hjelpa.core.database import db
from hjelpa.core.features import Features
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.permissions import UndeclaredAccess
from hjelpa.embedded import EmbeddedServers
from hjelpa.factory import create_app
from hjelpa.registry import find_features
from tests.guests import let_in
from tests.house.crawl import access_of, address, fingerprints, id_arguments, is_tenants, rules
from tests.house.rows import fill_every_table
from tests.people import Town, make_post, make_town, signed_in
from tests.statements import counted_statements

MOST_STATEMENTS = 12
NOTHING = uuid.uuid4()


@dataclass
class House:
    """Two towns with a row in every table each, and somebody of every kind, signed in.

    A town's rows all have the id of its helper's seat, so that an address with that id leads to every kind of thing,
    and to one thing below another; a request for each kind by itself would be fifty times as many.
    """

    app: Flask
    superuser: psycopg.Connection[Any]
    a: Town
    b: Town
    thing_a: uuid.UUID
    thing_b: uuid.UUID
    token_b: str
    person: FlaskClient
    posts: list[FlaskClient]


@pytest.fixture(scope="module")
def house(app: Flask, servers: EmbeddedServers, settings: Settings):
    database = settings.database_url.partition("@/")[2].partition("?")[0]
    with servers.superuser(database) as superuser:
        a, b = make_town(app), make_town(app)
        token_b = f"kanari{uuid.uuid4().hex}"
        thing_a, thing_b = a.helper.membership_id, b.helper.membership_id
        assert thing_a is not None and thing_b is not None
        fill_every_table(superuser, a, f"egen{uuid.uuid4().hex}", id=thing_a)
        fill_every_table(superuser, b, token_b, id=thing_b)
        roles = {"network": "network_editor", "national": "national_viewer", "operator": "operator"}
        posts = [signed_in(app, make_post(app, shell, role)) for shell, role in roles.items()]
        # One browser in which a colleague is signed in and a citizen has come in to the own pages.
        person = let_in(a, thing_a, a.client("everything"))
        yield House(app, superuser, a, b, thing_a, thing_b, token_b, person, posts)


def test_a_view_without_declared_access_stops_the_application(settings: Settings) -> None:
    blueprint = Blueprint("forgetful", __name__, url_prefix="/forgetful")
    blueprint.add_url_rule("/", view_func=lambda: "open to all")
    forgetful = Manifest("forgetful", "tenants", "Forgetful", "", Path(), blueprints=(blueprint,))
    with pytest.raises(UndeclaredAccess, match="forgetful"):
        create_app(settings, Features((*find_features().manifests, forgetful)))


def test_strangers_are_asked_to_sign_in(house: House) -> None:
    stranger = house.app.test_client()
    for method in ("GET", "POST"):
        for rule in rules(house.app, method):
            if access_of(house.app, rule).kind in ("public", "token"):
                continue
            answer = stranger.open(address(house.app, rule, house.a), method=method)
            if access_of(house.app, rule).kind == "api":
                assert (answer.status_code, answer.content_type) == (401, "application/problem+json"), rule
                continue
            entrance = "/my/sign-in" if access_of(house.app, rule).kind == "own" else "/account/sign-in"
            assert (answer.status_code, entrance in answer.location) == (303, True), rule


def test_without_the_permission_there_is_no_entry(house: House) -> None:
    """Somebody with a seat but no role, and somebody with a post but another role."""
    nobody = make_town(house.app)
    house.superuser.execute("update memberships set roles = '{}' where id = %s", (nobody.helper.membership_id,))
    seatless = signed_in(house.app, make_post(house.app, "network", "nothing"))
    roleless = nobody.client("helper")
    for method in ("GET", "POST"):
        for rule in rules(house.app, method):
            if access_of(house.app, rule).kind != "permission":
                continue
            client = roleless if is_tenants(rule) else seatless
            assert client.open(address(house.app, rule, nobody), method=method).status_code == 403, rule


def test_another_municipality_does_not_exist(house: House) -> None:
    """Its every address answers as that of a municipality that is not there, byte for byte."""
    client = house.person
    nowhere = replace(house.b, slug="finnes-ikke")
    for method in ("GET", "POST"):
        for rule in rules(house.app, method):
            if not is_tenants(rule) or access_of(house.app, rule).kind in ("public", "token", "own"):
                continue
            theirs = client.open(address(house.app, rule, house.b), method=method)
            none = client.open(address(house.app, rule, nowhere), method=method)
            assert theirs.status_code == none.status_code == 404, rule
            assert theirs.data == none.data, rule


def test_a_citizen_of_one_municipality_is_nobody_at_anothers_address(house: House) -> None:
    """Not with the own cookie, which is not sent there, nor with the same token put where it is."""
    token = house.person.get_cookie("hjelpa-my", path=f"/{house.a.slug}/my").value
    elsewhere = house.app.test_client()
    elsewhere.set_cookie("hjelpa-my", token, path=f"/{house.b.slug}/my")
    for client in (house.person, elsewhere):
        for method in ("GET", "POST"):
            for rule in rules(house.app, method):
                if access_of(house.app, rule).kind == "own":
                    answer = client.open(address(house.app, rule, house.b), method=method)
                    assert answer.status_code == 303, rule
                    assert answer.location.startswith(f"/{house.b.slug}/my/sign-in"), rule


def test_another_municipalitys_things_do_not_exist(house: House) -> None:
    """Every route with an id, tried with the one id of B's things: the 404 of a thing that is not there."""
    client = house.person
    before = fingerprints(house.superuser)
    missing = None
    for method in ("GET", "POST"):
        for rule in rules(house.app, method):
            if not is_tenants(rule) or not id_arguments(rule):
                continue
            missing = client.open(address(house.app, rule, house.a, uuid.uuid4()), method=method)
            assert missing.status_code == 404, rule
            answer = client.open(address(house.app, rule, house.a, house.thing_b), method=method)
            assert (answer.status_code, answer.data) == (404, missing.data), rule
    assert missing is not None
    assert fingerprints(house.superuser) == before


def readable(house: House) -> list[tuple[FlaskClient, Rule, str]]:
    """Every address that can be read: (client, rule, address), with A's own things and everyone's posts."""
    found: list[tuple[FlaskClient, Rule, str]] = []
    for rule in rules(house.app, "GET"):
        things = [house.thing_a, NOTHING] if id_arguments(rule) else [NOTHING]
        found += [(house.person, rule, address(house.app, rule, house.a, thing)) for thing in things]
        if not is_tenants(rule):
            found += [(client, rule, address(house.app, rule, house.a, NOTHING)) for client in house.posts]
    return found


def test_reading_changes_nothing_and_never_fails(house: House) -> None:
    before = fingerprints(house.superuser)
    for client, rule, where in readable(house):
        answer = client.get(where)
        assert answer.status_code < 500, (rule, answer.status_code)
    assert fingerprints(house.superuser) == before


def test_nothing_of_b_appears_anywhere_for_a(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    for client, rule, where in readable(house):
        answer = client.get(where)
        assert house.token_b.encode() not in answer.data, rule
        assert house.token_b not in str(answer.headers), rule
    for job in find_features().jobs.values():
        if job.scope == "tenant":
            with house.app.app_context(), tenant_scope(house.a.tenant_id):
                job.handler({})
                db.session.commit()
    own = house.superuser.execute("select c::text from contributions c where tenant_id = %s", (house.a.tenant_id,))
    assert all(house.token_b not in row[0] for row in own)
    logged = capfd.readouterr()
    assert house.token_b not in logged.out + logged.err
    redis = house.app.extensions["hjelpa_redis"]
    assert not [key for key in redis.scan_iter() if house.token_b.encode() in key + (redis.dump(key) or b"")]


def test_every_form_needs_its_token(house: House) -> None:
    """Without it nothing is done, whoever asks and wherever it leads."""
    before = fingerprints(house.superuser)
    house.app.config["WTF_CSRF_ENABLED"] = True
    try:
        for rule in rules(house.app, "POST"):
            answer = house.person.post(address(house.app, rule, house.a, house.thing_a))
            if rule.rule.startswith("/api/"):
                # No cookie lets anybody in there, so that nobody else's page can send anything in their name.
                assert answer.status_code in (401, 404, 422), rule
                continue
            assert answer.status_code in (
                (400,) if access_of(house.app, rule).kind != "permission" else (400, 403)
            ), rule
    finally:
        house.app.config["WTF_CSRF_ENABLED"] = False
    assert fingerprints(house.superuser) == before


def test_no_page_asks_the_database_too_often(house: House) -> None:
    """At most twelve statements a page, and not one more when there are twenty times as many rows."""
    pages = readable(house)
    few = [_count(client, where) for client, _, where in pages]
    assert [page[2] for page, count in zip(pages, few, strict=True) if count > MOST_STATEMENTS] == []
    for _ in range(20):
        fill_every_table(house.superuser, house.a, f"flere{uuid.uuid4().hex}")
    more = [_count(client, where) for client, _, where in pages]
    grown = [page[2] for page, one, two in zip(pages, few, more, strict=True) if two > one]
    assert grown == []


def _count(client: FlaskClient, where: str) -> int:
    """How many statements a page sends, besides that noting a session's last use is due by the clock."""
    with counted_statements() as statements:
        client.get(where)
    return sum(not re.match(r"UPDATE \w+ SET last_seen_at=", statement) for statement in statements)


def test_a_feature_that_is_off_is_nowhere(house: House) -> None:
    """Its addresses answer as what does not exist, and no page links to it."""
    town = make_town(house.app)
    client = town.client("everything")
    missing = client.get(town.path("/finnes-ikke")).data
    for manifest in find_features().manifests:
        if not manifest.switchable:
            continue
        client.post(town.path(f"/settings/features/{manifest.name}"), data={"on": "0"})
        names = {blueprint.name for blueprint in manifest.blueprints}
        own = [
            rule
            for rule in rules(house.app, "GET")
            if rule.endpoint.partition(".")[0] in names and is_tenants(rule)
        ]
        for rule in own:
            assert client.get(address(house.app, rule, town)).data == missing, rule
        front = client.get(town.path("/")).text
        for rule in own:
            if not id_arguments(rule) and len(rule.arguments) == 1:
                assert f'href="{address(house.app, rule, town)}"' not in front
        client.post(town.path(f"/settings/features/{manifest.name}"), data={"on": "1"})


@pytest.mark.parametrize("where", ["/", "/account/sign-in", "/help", "/healthz", "/nowhere-at-all/"])
def test_every_answer_has_the_security_headers(house: House, where: str) -> None:
    answer = house.app.test_client().get(where)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
