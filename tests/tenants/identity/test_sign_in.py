"""Signing in: who gets a session, how it ends, and what a wrong try costs."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from hjelpa.core.database import auth_session
from hjelpa.core.limits import limiter
from hjelpa.core.types import utcnow
from tenants.identity import routes
from tenants.identity.models import Account, SignInSession
from tenants.identity.passwords import hash_password, is_right
from tenants.identity.rules import ABSOLUTE, IDLE, TRIES, TRIES_FROM_ANYWHERE, hash_token, is_own_address
from tests.people import Town

PASSWORD = "et langt og godt passord"


@pytest.fixture(scope="module")
def password_hash() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def email(app: Flask, town: Town, password_hash: str) -> str:
    with app.app_context():
        account = auth_session.get(Account, town.helper.account_id)
        assert account is not None
        account.password_hash = password_hash
        auth_session.commit()
    return town.helper.email


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, **more: str):
    return client.post("/account/sign-in", data={"email": email, "password": password, **more})


def cookie(client: FlaskClient) -> str | None:
    found = client.get_cookie("hjelpa")
    return found.value if found else None


def test_the_right_password_opens_the_way_to_where_one_was_heading(
    client: FlaskClient, town: Town, email: str
) -> None:
    asked = client.get(town.path("/notices"))
    target = re.search(r"next=([^&]+)", asked.location)
    assert target
    answer = sign_in(client, email.upper(), next=town.path("/notices"))
    assert (answer.status_code, answer.location) == (303, town.path("/notices"))
    assert client.get(town.path("/notices")).status_code == 200


def test_the_cookie_is_closed_to_scripts_and_its_token_is_not_kept(
    client: FlaskClient, app: Flask, email: str
) -> None:
    answer = sign_in(client, email)
    set_cookie = next(
        value for name, value in answer.headers if name == "Set-Cookie" and value.startswith("hjelpa=")
    )
    assert "HttpOnly" in set_cookie and "SameSite=Lax" in set_cookie and "Path=/" in set_cookie
    token = cookie(client)
    assert token
    with app.app_context():
        kept = auth_session.query(SignInSession.token_hash).filter_by(token_hash=hash_token(token)).one()
        assert token.encode() not in kept.token_hash


@pytest.mark.parametrize("password", ["feil", "", " " * 8, PASSWORD + "x"])
def test_a_wrong_password_tells_nothing_and_loses_nothing(client: FlaskClient, email: str, password: str) -> None:
    answer = sign_in(client, email, password)
    assert answer.status_code == 422
    assert f'value="{email}"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert cookie(client) is None


def test_an_unknown_address_is_answered_as_a_known_one(client: FlaskClient, email: str) -> None:
    def page(address: str) -> str:
        page = sign_in(client, address, "feil").text.replace(address, "x")
        return re.sub(r'name="csrf_token" value="[^"]+"', "", page)

    assert page(email) == page("ingen@finnes.example")


def test_too_many_wrong_tries_are_stopped_before_hashing(
    client: FlaskClient, email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = []
    monkeypatch.setattr(routes, "is_right", lambda *given: hashed.append(given) or False)
    answers = [sign_in(client, email, "feil").status_code for _ in range(TRIES + 2)]
    assert answers == [422] * TRIES + [429] * 2
    assert int(sign_in(client, email, "feil").headers["Retry-After"]) == 15 * 60
    assert len(hashed) == TRIES


def test_a_stranger_elsewhere_does_not_lock_a_person_out(
    app: Flask, client: FlaskClient, email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "is_right", lambda *given: False)
    stranger = app.test_client()
    stranger.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert [sign_in(stranger, email, "feil").status_code for _ in range(TRIES + 1)] == [422] * TRIES + [429]
    monkeypatch.setattr(routes, "is_right", is_right)
    assert sign_in(client, email).status_code == 303


def test_guesses_from_many_places_are_stopped_as_well(
    app: Flask, client: FlaskClient, email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "is_right", lambda *given: False)
    answers = []
    for number in range(TRIES_FROM_ANYWHERE + 1):
        client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        answers.append(sign_in(client, email, "feil").status_code)
    assert answers == [422] * TRIES_FROM_ANYWHERE + [429]


def test_the_limit_passes_with_time(client: FlaskClient, email: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "is_right", lambda *given: False)
    for _ in range(TRIES):
        sign_in(client, email, "feil")
    monkeypatch.setattr(routes, "is_right", is_right)
    assert sign_in(client, email).status_code == 429
    with time_machine.travel(utcnow() + timedelta(minutes=16)):
        assert sign_in(client, email).status_code == 303


def test_signing_in_again_rotates_the_session(client: FlaskClient, app: Flask, town: Town, email: str) -> None:
    sign_in(client, email)
    first = cookie(client)
    sign_in(client, email)
    assert cookie(client) != first
    thief = app.test_client()
    thief.set_cookie("hjelpa", first or "")
    assert thief.get(town.path("/")).status_code == 303


def test_signing_out_ends_the_session_on_the_server(
    client: FlaskClient, app: Flask, town: Town, email: str
) -> None:
    sign_in(client, email)
    token = cookie(client)
    client.post("/account/sign-out")
    thief = app.test_client()
    thief.set_cookie("hjelpa", token or "")
    assert thief.get(town.path("/")).status_code == 303


def test_own_sessions_are_listed_and_ended(app: Flask, town: Town) -> None:
    here, there = town.client(), town.client()
    listed = here.get("/account").text
    endings = re.findall(r'action="(/account/sessions/[^"]+/end)"', listed)
    assert len(endings) == 1  # one's own is not offered: that is signing out
    assert here.post(endings[0]).status_code == 303
    assert there.get(town.path("/")).status_code == 303
    assert here.get(town.path("/")).status_code == 200


def test_nobody_elses_session_can_be_ended(town: Town, other_town: Town) -> None:
    mine, theirs = town.client(), other_town.client()
    second = other_town.client()
    ending = re.findall(r'action="(/account/sessions/[^"]+/end)"', second.get("/account").text)[0]
    assert mine.post(ending).status_code == 404
    assert theirs.get(other_town.path("/")).status_code == 200


@pytest.mark.parametrize("after", [IDLE + timedelta(minutes=1), ABSOLUTE + timedelta(minutes=1)])
def test_sessions_end_by_themselves(town: Town, after: timedelta) -> None:
    client = town.client()
    with time_machine.travel(utcnow() + after):
        assert client.get(town.path("/")).status_code == 303


def test_a_used_session_lives_until_its_absolute_end(town: Town) -> None:
    client, start = town.client(), utcnow()
    for hours in (3, 6, 9):
        with time_machine.travel(start + timedelta(hours=hours)):
            assert client.get(town.path("/")).status_code == 200
    with time_machine.travel(start + ABSOLUTE + timedelta(minutes=1)):
        assert client.get(town.path("/")).status_code == 303


def test_demo_sign_in_exists_in_the_demo_only(client: FlaskClient, email: str) -> None:
    assert client.post("/account/demo", data={"email": email}).status_code == 404


def test_an_account_that_is_closed_is_out_at_once(app: Flask, town: Town) -> None:
    client = town.client()
    with app.app_context():
        account = auth_session.get(Account, town.helper.account_id)
        assert account is not None
        account.active = False
        auth_session.commit()
    assert client.get(town.path("/")).status_code == 303


def test_forms_without_their_token_are_refused(app: Flask, town: Town) -> None:
    client = town.client()
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert client.post("/account/sign-out").status_code == 400
        assert client.post("/account/sign-in", data={"email": "a", "password": "b"}).status_code == 400
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert client.get(town.path("/")).status_code == 200


def test_a_flood_from_one_address_is_slowed_down(client: FlaskClient) -> None:
    limiter.enabled = True
    try:
        answers = [sign_in(client, "", "") for _ in range(40)]
    finally:
        limiter.enabled = False
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert {answer.headers["Retry-After"] for answer in refused} == {"60"}


@given(st.text(max_size=60))
def test_the_way_back_never_leaves_the_platform(target: str) -> None:
    if is_own_address(target):
        assert target.startswith("/") and not target.startswith(("//", "/\\")) and "\n" not in target


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "", "/a\nb"]
)
def test_ways_out_are_refused(client: FlaskClient, email: str, target: str) -> None:
    assert not is_own_address(target)
    assert sign_in(client, email, next=target).location == "/"
