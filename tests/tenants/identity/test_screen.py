"""The screen in a citizen's hands: what a locked sign-in gets, and how the helper's code opens it again."""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
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
from tenants.identity import routes_screen
from tenants.identity.models import Account, SignInSession
from tenants.identity.passwords import hash_password, is_right
from tenants.identity.rules import CODE, CODE_TRIES, DEMO_CODE, TRIES, hash_token, is_guessable
from tests.modules.door import contact, first_talk
from tests.modules.feedback.courses import ALL_ANSWERED, list_answers, make_course
from tests.people import SCREEN_CODE, Town

LOCK_PAGE = "/account/locked"
CODE_PAGE = "/account/code"
OTHER_CODE = "8061"


@pytest.fixture
def course(town: Town) -> tuple[uuid.UUID, uuid.UUID]:
    course_id, (conversation_id,) = make_course(town)
    return course_id, conversation_id


@pytest.fixture
def helper(town: Town) -> FlaskClient:
    return town.client()


def hand_over(client: FlaskClient, town: Town, conversation_id: uuid.UUID, scale: str = "outcome") -> str:
    """Hands the screen over and returns where the browser is sent."""
    where = town.path(f"/feedback/conversations/{conversation_id}/hand-over")
    answer = client.post(where, data={"scale": scale})
    assert answer.status_code == 303
    return str(answer.location)


@pytest.fixture
def scale(helper: FlaskClient, town: Town, course: tuple[uuid.UUID, uuid.UUID]) -> str:
    """The citizen's address, on the helper's device, which is locked."""
    return hand_over(helper, town, course[1])


def write_code(client: FlaskClient, code: str = SCREEN_CODE):
    return client.post(LOCK_PAGE, data={"screen_code": code})


def token_of(client: FlaskClient) -> str:
    found = client.get_cookie("hjelpa")
    assert found is not None
    return str(found.value)


def kept(town: Town, client_token: str) -> SignInSession:
    with town.app.app_context():
        own = auth_session.query(SignInSession).filter_by(token_hash=hash_token(client_token)).one()
        auth_session.expunge(own)
        return own


def forget_code(town: Town) -> None:
    with town.app.app_context():
        account = auth_session.get(Account, town.helper.account_id)
        assert account is not None
        account.screen_code_hash = None
        auth_session.commit()


def is_locked(client: FlaskClient, town: Town) -> bool:
    answer = client.get(town.path("/"))
    assert (answer.status_code, answer.location) in ((200, None), (303, LOCK_PAGE))
    return answer.status_code == 303


def test_the_citizen_answers_on_a_locked_screen(
    helper: FlaskClient, town: Town, course: tuple[uuid.UUID, uuid.UUID], scale: str
) -> None:
    page = helper.get(scale)
    assert page.status_code == 200
    assert page.text.count('type="range"') == 4
    links = set(re.findall(r'<a [^>]*href="([^"#?]+)["?]', page.text))
    assert links <= {scale}  # other languages of the same page, and nothing else
    for word in ('class="side"', "Ada Liksom", town.helper.name, str(course[0]), str(town.helper.account_id)):
        assert word not in page.text
    assert helper.post(scale, data=ALL_ANSWERED).status_code == 303
    assert [row["total"] for row in list_answers(town, course[1])] == [248]
    assert is_locked(helper, town)


def test_the_lock_page_shows_nothing_of_anybody(
    helper: FlaskClient, town: Town, course: tuple[uuid.UUID, uuid.UUID], scale: str
) -> None:
    page = helper.get(LOCK_PAGE)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    people = (town.helper.name, town.helper.email, "Ada Liksom", town.slug, str(course[0]))
    for word in ("<nav", 'type="search"', 'data-account="0', *people, scale):
        assert word not in page.text
    assert 'data-account=""' in page.text
    assert len(re.findall(r"<input (?!type=\"hidden\")", page.text)) == 1
    assert set(re.findall(r'<form [^>]*action="([^"]+)"', page.text)) == {LOCK_PAGE, "/account/sign-out"}


@pytest.mark.parametrize("where", ["/", "/account", "/account/code"])
def test_other_tabs_of_the_same_sign_in_are_locked_too(
    app: Flask, helper: FlaskClient, scale: str, where: str
) -> None:
    tab = app.test_client()
    tab.set_cookie("hjelpa", token_of(helper))
    answer = tab.get(where)
    assert (answer.status_code, answer.location) == (303, LOCK_PAGE)


def test_another_device_of_the_same_person_is_not_locked(helper: FlaskClient, town: Town, scale: str) -> None:
    assert is_locked(helper, town)
    assert not is_locked(town.client(), town)


def test_what_is_sent_from_a_locked_screen_is_not_done(helper: FlaskClient, town: Town, scale: str) -> None:
    answer = helper.post("/account/language", data={"language": "en"})
    assert (answer.status_code, answer.location) == (303, LOCK_PAGE)
    with town.app.app_context():
        account = auth_session.get(Account, town.helper.account_id)
        assert account is not None and account.language == "nb"
    new_code = {"screen_code": OTHER_CODE, "again": OTHER_CODE}
    assert helper.post(CODE_PAGE, data=new_code).location == LOCK_PAGE
    assert write_code(helper, OTHER_CODE).status_code == 422


def test_the_right_code_leads_back_to_the_course(
    helper: FlaskClient, town: Town, course: tuple[uuid.UUID, uuid.UUID], scale: str
) -> None:
    answer = write_code(helper)
    assert (answer.status_code, answer.location) == (303, town.path(f"/courses/{course[0]}#feedback"))
    assert not is_locked(helper, town)
    own = kept(town, token_of(helper))
    assert (own.locked_at, own.way_back, own.code_tries) == (None, None, 0)
    assert helper.get(LOCK_PAGE).location == "/"


def test_public_pages_know_nobody_while_the_screen_is_locked(helper: FlaskClient, town: Town, scale: str) -> None:
    for where in ("/help", town.path("/ask")):
        page = helper.get(where)
        assert page.status_code == 200, where
        assert town.helper.name not in page.text and town.helper.email not in page.text, where


@pytest.mark.parametrize("code", ["", "abc", "12", "123456789", "٥٢٨٣", "52 83", "\x00"])
def test_what_is_no_code_costs_no_try(helper: FlaskClient, town: Town, scale: str, code: str) -> None:
    for _ in range(CODE_TRIES + 1):
        page = write_code(helper, code)
        assert page.status_code == 422
        assert 'id="screen_code-error"' in page.text
    assert write_code(helper).status_code == 303


def test_a_wrong_code_is_told_beside_the_field_and_not_shown_again(
    helper: FlaskClient, town: Town, scale: str
) -> None:
    page = write_code(helper, OTHER_CODE)
    assert page.status_code == 422
    assert 'id="screen_code-error"' in page.text
    assert OTHER_CODE not in re.sub(r'name="csrf_token" value="[^"]+"', "", page.text)
    assert is_locked(helper, town)
    assert write_code(helper).status_code == 303


def test_after_five_wrong_codes_the_sign_in_ends(app: Flask, helper: FlaskClient, town: Town, scale: str) -> None:
    token = token_of(helper)
    answers = [write_code(helper, OTHER_CODE) for _ in range(CODE_TRIES)]
    assert [answer.status_code for answer in answers] == [422] * (CODE_TRIES - 1) + [303]
    assert answers[-1].location == "/account/sign-in"
    assert helper.get_cookie("hjelpa") is None
    thief = app.test_client()
    thief.set_cookie("hjelpa", token)
    assert write_code(thief).location == "/"
    assert "/account/sign-in" in thief.get(town.path("/")).location
    assert kept(town, token).ended_at is not None


def test_codes_guessed_all_at_once_are_five_at_most(
    app: Flask, helper: FlaskClient, town: Town, scale: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = []
    monkeypatch.setattr(routes_screen, "is_right", lambda *given: bool(looked_at.append(given)))
    token = token_of(helper)

    def guess(number: int) -> int:
        tab = app.test_client()
        tab.set_cookie("hjelpa", token)
        return int(write_code(tab, f"{7000 + number}").status_code)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(guess, range(16)))
    assert len(looked_at) == CODE_TRIES
    assert kept(town, token).ended_at is not None


def test_tries_are_counted_across_sign_ins(
    town: Town, course: tuple[uuid.UUID, uuid.UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes_screen, "is_right", lambda *given: False)
    answers = []
    for _ in range(2):
        client = town.client()
        hand_over(client, town, course[1])
        answers += [write_code(client, OTHER_CODE).status_code for _ in range(CODE_TRIES - 1)]
    assert answers == [422] * TRIES
    last = write_code(client, OTHER_CODE)
    assert (last.status_code, last.headers["Retry-After"]) == (429, "900")
    monkeypatch.setattr(routes_screen, "is_right", is_right)
    with time_machine.travel(utcnow() + timedelta(minutes=16)):
        assert write_code(client).status_code == 303


def test_a_flood_of_codes_is_slowed_down(helper: FlaskClient, scale: str) -> None:
    limiter.enabled = True
    try:
        answers = [write_code(helper, "") for _ in range(40)]
    finally:
        limiter.enabled = False
    assert 429 in {answer.status_code for answer in answers}


def test_the_lock_page_needs_its_own_token(app: Flask, helper: FlaskClient, town: Town, scale: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert write_code(helper).status_code == 400
        secret = re.search(r'name="csrf_token" value="([^"]+)"', helper.get(LOCK_PAGE).text)
        assert secret
        opened = helper.post(LOCK_PAGE, data={"screen_code": SCREEN_CODE, "csrf_token": secret[1]})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert opened.status_code == 303
    assert not is_locked(helper, town)


def test_a_forgotten_code_locks_nobody_out(client: FlaskClient, town: Town, course, helper, scale) -> None:
    password = "et langt og godt passord"
    with town.app.app_context():
        account = auth_session.get(Account, town.helper.account_id)
        assert account is not None
        account.password_hash = hash_password(password)
        auth_session.commit()
    token = token_of(helper)
    assert helper.post("/account/sign-out").location == "/account/sign-in"
    assert kept(town, token).ended_at is not None
    answer = helper.post("/account/sign-in", data={"email": town.helper.email, "password": password})
    assert answer.status_code == 303
    assert not is_locked(helper, town)
    changed = helper.post(CODE_PAGE, data={"screen_code": OTHER_CODE, "again": OTHER_CODE})
    assert changed.location == "/account"
    hand_over(helper, town, course[1])
    assert write_code(helper).status_code == 422
    assert write_code(helper, OTHER_CODE).status_code == 303


def test_a_password_that_the_browser_keeps_opens_no_locked_screen(helper: FlaskClient, town: Town, scale) -> None:
    """The sign-in page, where it would be filled in, is the lock page; also when it was open in another tab before."""
    password, token = "et langt og godt passord", token_of(helper)
    with town.app.app_context():
        account = auth_session.get(Account, town.helper.account_id)
        assert account is not None
        account.password_hash = hash_password(password)
        auth_session.commit()
    typed = {"email": town.helper.email, "password": password}
    for answer in (helper.get("/account/sign-in?next=/"), helper.post("/account/sign-in", data=typed)):
        assert (answer.status_code, answer.location) == (303, LOCK_PAGE)
    assert is_locked(helper, town)
    assert (token_of(helper), kept(town, token).ended_at) == (token, None)


def test_the_first_hand_over_leads_by_way_of_choosing_a_code(
    helper: FlaskClient, town: Town, course: tuple[uuid.UUID, uuid.UUID]
) -> None:
    forget_code(town)
    where = hand_over(helper, town, course[1])
    assert where.startswith(f"{CODE_PAGE}?then=")
    assert not is_locked(helper, town)
    page = helper.get(where)
    then = re.search(r'name="then" value="([^"]+)"', page.text)
    assert then
    chosen = {"screen_code": OTHER_CODE, "again": OTHER_CODE, "then": then[1]}
    refused = helper.post(CODE_PAGE, data=chosen | {"again": "8062"})
    assert refused.status_code == 422
    assert f'name="then" value="{then[1]}"' in refused.text
    assert not is_locked(helper, town)
    answer = helper.post(CODE_PAGE, data=chosen)
    assert re.fullmatch(rf"/{town.slug}/my/scale/[\w-]{{43}}", answer.location)
    assert helper.get(answer.location).text.count('type="range"') == 4
    assert is_locked(helper, town)
    assert write_code(helper, OTHER_CODE).location == town.path(f"/courses/{course[0]}#feedback")


def test_what_a_code_was_chosen_for_is_sealed(
    helper: FlaskClient, town: Town, course: tuple[uuid.UUID, uuid.UUID]
) -> None:
    """Another sign-in's, an old or an invented one leads nowhere; the code is kept all the same."""
    forget_code(town)
    sealed = hand_over(helper, town, course[1]).partition("then=")[2]
    forged = sealed[:-3] + "AAA"
    chosen = {"screen_code": OTHER_CODE, "again": OTHER_CODE}
    for client, then, later in (
        (town.client(), sealed, 0),
        (helper, sealed, 3),
        (helper, forged, 0),
        (helper, "https://evil.example", 0),
    ):
        with time_machine.travel(utcnow() + timedelta(hours=later)):
            assert client.post(CODE_PAGE, data=chosen | {"then": then}).location == "/account"
            assert not is_locked(client, town)


@pytest.mark.parametrize("code", ["0000", "1234", "4321", "56789012", "0987", "1212", "123123", "77777777"])
def test_codes_that_anyone_would_try_are_refused(helper: FlaskClient, town: Town, code: str) -> None:
    assert is_guessable(code)
    page = helper.post(CODE_PAGE, data={"screen_code": code, "again": code})
    assert page.status_code == 422
    assert 'id="screen_code-error"' in page.text and 'id="again-error"' not in page.text
    assert f'value="{code}"' not in page.text


@pytest.mark.parametrize("code", ["528", "123456789", "52a3", "", "٥٢٨٣"])
def test_a_code_is_four_to_eight_digits(helper: FlaskClient, code: str) -> None:
    assert helper.post(CODE_PAGE, data={"screen_code": code, "again": code}).status_code == 422


@given(st.from_regex(CODE, fullmatch=True))
def test_a_code_is_guessable_for_a_reason_that_one_sees(code: str) -> None:
    """The second way to tell: as a list of all such codes of that length."""
    size = len(code)
    digits = "0123456789" * 3
    rows = {digits[at : at + size] for at in range(10)}
    parts = {code[:length] * (size // length) for length in range(1, size) if size % length == 0}
    assert is_guessable(code) == (code in rows | {row[::-1] for row in rows} | parts)


def test_only_a_hash_of_the_code_is_kept(app: Flask, helper: FlaskClient, town: Town) -> None:
    helper.post(CODE_PAGE, data={"screen_code": OTHER_CODE, "again": OTHER_CODE})
    with app.app_context():
        account = auth_session.get(Account, town.helper.account_id)
        assert account is not None and account.screen_code_hash is not None
        assert account.screen_code_hash.startswith("$argon2id$")


def test_saving_a_conversation_and_handing_over_locks_the_screen_and_keeps_its_message_for_the_helper(
    helper: FlaskClient, town: Town
) -> None:
    """The other way to hand over: with the first conversation, whose receipt tells who is responsible."""
    made = helper.post(town.path("/contacts/new"), data=contact())
    found = re.search(r"/contacts/[0-9a-f-]{36}", made.location or "")
    assert found, made.text
    talk = first_talk(name="Ada Liksom", then="outcome")
    answer = helper.post(town.path(f"{found[0]}/first-conversation"), data=talk)
    assert re.fullmatch(rf"/{town.slug}/my/scale/[\w-]{{43}}", answer.location or ""), answer.text
    page = helper.get(answer.location)
    assert "ds-alert" not in page.text and town.helper.name not in page.text
    assert is_locked(helper, town)
    back = write_code(helper).location
    assert "/courses/" in back
    assert 'data-color="success"' in helper.get(back).text


def test_the_code_of_the_demo_is_told_in_the_demo_only(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert DEMO_CODE not in client.get("/account/sign-in").text
    monkeypatch.setitem(app.extensions, "hjelpa_demo_sign_ins", (("Helper", "kari@stange.example"),))
    assert DEMO_CODE in client.get("/account/sign-in").text
