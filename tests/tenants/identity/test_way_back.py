"""A session that ends in the middle of something: where a person comes back to, and what the forms' secret does."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hjelpa.core.config import Settings
from hjelpa.core.database import auth_session
from tenants.identity.models import Account
from tenants.identity.passwords import hash_password
from tests.conftest import application
from tests.people import Town, make_post

PASSWORD = "et langt og godt passord"


@pytest.fixture(scope="module")
def password_hash() -> str:
    return hash_password(PASSWORD)


def give_password(app: Flask, account_id: object, password_hash: str) -> None:
    with app.app_context():
        account = auth_session.get(Account, account_id)
        assert account is not None
        account.password_hash = password_hash
        auth_session.commit()


@pytest.fixture
def email(app: Flask, town: Town, password_hash: str) -> str:
    give_password(app, town.helper.account_id, password_hash)
    return town.helper.email


def asked(client: FlaskClient, where: str, **headers: str) -> dict[str, str]:
    """What the sign-in page is told when a form is sent without a session."""
    answer = client.post(where, headers=headers)
    assert answer.status_code == 303
    parts = urlsplit(answer.location)
    assert parts.path == "/account/sign-in"
    return {name: values[0] for name, values in parse_qs(parts.query).items()}


def test_a_form_leads_back_to_the_page_it_stands_on(client: FlaskClient, town: Town) -> None:
    page = town.path("/contacts/new")
    assert asked(client, page) == {"next": page, "lost": "1"}
    only_post, origin = town.path("/settings/features/contacts"), town.path("/settings?a=1")
    assert asked(client, only_post, Referer=f"http://localhost{origin}")["next"] == origin


@pytest.mark.parametrize(
    "origin", ["", "https://evil.example/stange/contacts", "http://[", "http://localhost/account/sign-out", "::"]
)
def test_the_way_back_can_always_be_opened(client: FlaskClient, town: Town, origin: str) -> None:
    """An unknown origin, another host's, and one that only takes forms."""
    assert asked(client, town.path("/settings/features/contacts"), Referer=origin)["next"] == town.path("/")
    assert asked(client, "/account/language", Referer=origin)["next"] == "/"
    assert client.get(town.path("/")).status_code == 303


def test_signing_in_leads_back_with_what_was_typed(client: FlaskClient, town: Town, email: str) -> None:
    page = town.path("/contacts/new")
    shown = client.get(f"/account/sign-in?next={page}&lost=1&lang=en").text
    assert "You were signed out" in shown
    wrong = client.post("/account/sign-in", data={"email": email, "password": "feil", "next": page, "lost": "1"})
    assert 'name="lost" value="1"' in wrong.text
    sent = {"email": email, "password": PASSWORD, "next": page}
    assert client.post("/account/sign-in", data=sent | {"lost": "1"}).location == f"{page}#typed"
    assert client.post("/account/sign-in", data=sent).location == page
    assert "You were signed out" not in client.get(f"/account/sign-in?next={page}&lang=en").text


def test_nobody_is_led_to_a_place_that_is_not_theirs(
    app: Flask, client: FlaskClient, email: str, password_hash: str, other_town: Town
) -> None:
    editor = make_post(app, "network", "network_editor")
    give_password(app, editor.account_id, password_hash)

    def landed(person: str, target: str) -> str:
        return client.post(
            "/account/sign-in", data={"email": person, "password": PASSWORD, "next": target}
        ).location

    assert landed(email, other_town.path("/contacts/new")) == "/"
    assert landed(email, "/network/") == "/"
    assert landed(email, "/help/identity/account") == "/help/identity/account"
    assert landed(editor.email, "/network/") == "/network/"


def test_one_click_in_the_demo_leads_back_as_well(
    demo: Flask, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(demo.extensions, "hjelpa_demo_sign_ins", (("Hjelper", town.helper.email),))
    client, page = demo.test_client(), town.path("/contacts/new")
    shown = client.get(f"/account/sign-in?next={page}&lost=1").text
    form = shown[shown.index('action="/account/demo"') :].partition("</form>")[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    assert client.post("/account/demo", data=fields).location == f"{page}#typed"
    evil = client.post("/account/demo", data={"email": town.helper.email, "next": "//evil.example"})
    assert evil.location == "/"


@pytest.fixture
def demo(settings: Settings) -> Iterator[Flask]:
    yield from application(replace(settings, mode="demo"))


def form_secret(client: FlaskClient) -> str | None:
    with client.session_transaction() as session:
        return session.get("csrf_token")


def test_the_secret_of_forms_changes_with_the_person(client: FlaskClient, email: str) -> None:
    client.get("/account/sign-in")
    secrets = [form_secret(client)]
    client.post("/account/sign-in", data={"email": email, "password": PASSWORD})
    client.get("/account")
    secrets.append(form_secret(client))
    signed_out = client.post("/account/sign-out")
    assert 'role="status"' in client.get(signed_out.location).text  # the message outlives the change
    secrets.append(form_secret(client))
    assert all(secrets)
    assert len(set(secrets)) == 3


def test_the_page_after_a_form_was_received_names_it_once(town: Town) -> None:
    client = town.client()
    assert 'data-received=""' in client.get("/account").text
    other = town.client()
    other.get("/account")
    ending = re.search(r'action="(/account/sessions/[^"]+/end)"', client.get("/account").text)
    assert ending
    client.post(ending[1])
    refused = client.get(town.path("/nothing"))
    assert refused.status_code == 404 and "data-received" not in refused.text
    assert f'data-received="{ending[1]}"' in client.get("/account").text
    assert 'data-received=""' in client.get("/account").text


def test_what_the_browser_keeps_is_kept_by_account(town: Town) -> None:
    page = town.client().get(town.path("/")).text
    assert f'data-account="{town.helper.account_id}"' in page
