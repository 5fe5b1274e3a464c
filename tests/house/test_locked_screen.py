"""A screen that a citizen holds, at every address there is: nothing but the lock page, and nothing is done."""

import uuid
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from hjelpa.core.config import Settings
from hjelpa.core.database import auth_session
from hjelpa.embedded import EmbeddedServers
from tenants.identity import lock_queries
from tenants.identity.models import SignInSession
from tenants.identity.rules import hash_token
from tests.guests import let_in
from tests.house.crawl import access_of, address, fingerprints, id_arguments, rules
from tests.house.rows import fill_every_table
from tests.people import Person, Town, make_post, make_town, signed_in

LOCK_PAGE = "/account/locked"
# What needs no sign-in answers a locked one as it answers anybody; the API asks for a token of its own.
OPEN = ("public", "token", "api")
GUEST = "Tuva Oppdiktet"


def own_home(town: Town) -> str:
    return town.path("/my/")


@dataclass
class Locked:
    """Somebody of one kind whose sign-in is locked, in a town with a row in every table. A citizen has come in to the
    own pages in the same browser; whoever holds the screen may be another."""

    app: Flask
    superuser: psycopg.Connection[Any]
    town: Town
    person: Person
    client: FlaskClient


def lock(app: Flask, client: FlaskClient) -> None:
    cookie = client.get_cookie("hjelpa")
    assert cookie is not None
    with app.test_request_context():
        own = auth_session.query(SignInSession.id).filter_by(token_hash=hash_token(cookie.value)).one()
        lock_queries.lock(own.id, "/account")
        auth_session.commit()
        auth_session.remove()


@pytest.fixture(params=["everything", "network_editor", "national_viewer", "operator"])
def locked(request: pytest.FixtureRequest, app: Flask, servers: EmbeddedServers, settings: Settings):
    shells = {"network_editor": "network", "national_viewer": "national", "operator": "operator"}
    town = make_town(app)
    person = (
        make_post(app, shells[request.param], request.param)
        if request.param in shells
        else town.people[request.param]
    )
    client = signed_in(app, person)
    with servers.superuser(settings.database_url.partition("@/")[2].partition("?")[0]) as superuser:
        fill_every_table(superuser, town, f"egen{uuid.uuid4().hex}", id=town.helper.membership_id)
        let_in(town, town.helper.membership_id, client, name=GUEST)
        assert client.get(own_home(town)).status_code == 200
        lock(app, client)
        yield Locked(app, superuser, town, person, client)


def test_every_address_that_needs_a_sign_in_is_the_lock_page(locked: Locked) -> None:
    app, before, walked = locked.app, fingerprints(locked.superuser), 0
    for method in ("GET", "HEAD", "OPTIONS", "POST"):
        for rule in rules(app, method):
            if access_of(app, rule).kind in OPEN:
                continue
            things = [locked.town.helper.membership_id, uuid.uuid4()] if id_arguments(rule) else [None]
            for thing in things:
                answer = locked.client.open(address(app, rule, locked.town, thing), method=method)
                assert (answer.status_code, answer.location) == (303, LOCK_PAGE), (method, rule)
                assert "Set-Cookie" not in answer.headers, rule
                walked += 1
    assert walked > 300
    assert fingerprints(locked.superuser) == before


def test_every_other_address_knows_nobody(locked: Locked) -> None:
    app, town = locked.app, locked.town
    for rule in rules(app, "GET"):
        if access_of(app, rule).kind not in OPEN:
            continue
        page = locked.client.get(address(app, rule, town, town.helper.membership_id))
        assert page.status_code < 500, rule
        person = locked.person
        for word in (GUEST, person.name, person.email, str(person.account_id), "/account/code"):
            assert word not in page.text, rule


def test_in_the_end_the_code_opens_what_it_was(locked: Locked) -> None:
    assert locked.client.get("/account").location == LOCK_PAGE
    assert locked.client.get(LOCK_PAGE).status_code == 200
    with locked.app.test_request_context():
        cookie = locked.client.get_cookie("hjelpa")
        own = auth_session.query(SignInSession.id).filter_by(token_hash=hash_token(cookie.value)).one()
        lock_queries.unlock(own.id)
        auth_session.commit()
        auth_session.remove()
    assert locked.person.name in locked.client.get("/account").text
    assert locked.client.get(own_home(locked.town)).status_code == 200
