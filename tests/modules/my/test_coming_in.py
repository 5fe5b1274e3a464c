"""Coming in by a one-time code: what is sent, what is refused, and what nobody learns from it."""

import re
import uuid
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from hjelpa.core.types import utcnow
from modules.my.rules import CODE_TRIES, CODES, CODES_FROM_ANYWHERE, clean_code, find_problem, make_code
from tests.guests import code_in, let_in, outgoing, run_jobs
from tests.modules.door import begun, citizen_of
from tests.people import Town

PHONE = "91 23 45 67"


@pytest.fixture
def course(town: Town) -> str:
    return begun(town.client(), town)


@pytest.fixture
def citizen_id(town: Town, course: str) -> uuid.UUID:
    return citizen_of(town, course)


@pytest.fixture
def known(town: Town, citizen_id: uuid.UUID) -> Town:
    """A municipality with one citizen who has access by a telephone number, and her invitation sent."""
    let_in(town, citizen_id)
    run_jobs(town)
    return town


def ask(client: FlaskClient, town: Town, address: str = PHONE, **more: str):
    return client.post(town.path("/my/sign-in?lang=en"), data={"address": address, **more})


def asked_in(answer) -> str:
    found = re.search(r"asked=([0-9a-f-]{36})", answer.location)
    assert found is not None
    return found[1]


def use(client: FlaskClient, town: Town, asked: str, code: str, **more: str):
    return client.post(town.path("/my/code?lang=en"), data={"asked": asked, "code": code, **more})


def code_for(town: Town) -> str:
    run_jobs(town)
    return code_in(outgoing(town)[-1])


def test_a_citizen_comes_in_with_the_code_and_goes_out_again(known: Town) -> None:
    phone = known.app.test_client()
    turned_away = phone.get(known.path("/my/"))
    assert turned_away.status_code == 303 and "/my/sign-in" in turned_away.location
    answer = ask(phone, known)
    assert answer.status_code == 303
    came_in = use(phone, known, asked_in(answer), code_for(known))
    assert (came_in.status_code, came_in.location) == (303, known.path("/my/"))
    assert phone.get(known.path("/my/")).status_code == 200
    assert phone.post(known.path("/my/sign-out")).status_code == 303
    assert phone.get(known.path("/my/")).status_code == 303


def test_the_cookie_is_for_these_pages_only_and_no_script_reads_it(known: Town) -> None:
    phone = known.app.test_client()
    came_in = use(phone, known, asked_in(ask(phone, known)), code_for(known))
    cookie = next(line for line in came_in.headers.getlist("Set-Cookie") if line.startswith("hjelpa-my="))
    assert f"Path=/{known.slug}/my" in cookie and "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_the_message_says_nothing_of_anybody(known: Town, course: str) -> None:
    ask(known.app.test_client(), known)
    code = code_for(known)
    for message in outgoing(known):
        assert "Nora" not in message.words + message.subject and "Kari" not in message.words + message.subject
        assert course.rpartition("/")[2] not in message.words
    assert outgoing(known)[-1].words.endswith(f"#{code}")


def test_nobody_learns_whether_an_address_is_known(known: Town) -> None:
    """The same answers at every step, the same work, and a message to one of them only."""
    before = len(outgoing(known))
    seen = []
    for address in (PHONE, "92 34 56 78"):
        client = known.app.test_client()
        answer = ask(client, known, address)
        page = client.get(answer.location)
        wrong = use(client, known, asked_in(answer), "not it")
        hide = asked_in(answer)
        seen.append(
            (
                answer.status_code,
                answer.location.replace(hide, ""),
                re.sub(r'value="[^"]*"', "", page.text.replace(hide, "")),
                wrong.status_code,
                re.sub(r'value="[^"]*"', "", wrong.text.replace(hide, "")),
            )
        )
    assert seen[0] == seen[1]
    assert run_jobs(known).count("my.send_code") == 2
    assert len(outgoing(known)) == before + 1


def test_an_expired_code_is_told_plainly_and_a_new_one_works(known: Town) -> None:
    phone = known.app.test_client()
    target = known.path("/my/reads")
    with time_machine.travel(utcnow() - timedelta(minutes=11), tick=True):
        answer = ask(phone, known, next=target)
        code = code_for(known)
    late = use(phone, known, asked_in(answer), code, next=target)
    assert late.status_code == 422 and "can no longer be used" in late.text
    # Where the person was heading is still there.
    assert f"next={target}" in late.text and f'value="{target}"' in late.text
    again = ask(phone, known, next=target)
    assert use(phone, known, asked_in(again), code_for(known), next=target).location == target


def test_a_code_is_used_once(known: Town) -> None:
    phone = known.app.test_client()
    asked, code = asked_in(ask(phone, known)), code_for(known)
    assert use(phone, known, asked, code).status_code == 303
    assert use(known.app.test_client(), known, asked, code).status_code == 422


def test_after_five_wrong_tries_the_right_code_is_refused_too(known: Town) -> None:
    phone = known.app.test_client()
    asked, code = asked_in(ask(phone, known)), code_for(known)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(CODE_TRIES):
        assert use(phone, known, asked, wrong).status_code == 422
    refused = use(phone, known, asked, code)
    assert refused.status_code == 429 and "Too many tries" in refused.text


def test_another_requests_code_does_not_fit(known: Town) -> None:
    phone = known.app.test_client()
    first = asked_in(ask(phone, known))
    # Not the newest message's: two that are sent in the same moment stand in no order.
    second = make_code(known.app.config["SECRET_KEY"], uuid.UUID(asked_in(ask(phone, known))))
    run_jobs(known)
    assert second in [code_in(message) for message in outgoing(known)[-2:]]
    assert use(phone, known, first, second).status_code == 422


def test_codes_for_one_address_run_out(known: Town) -> None:
    for address in (PHONE, "93 45 67 89"):
        answers = [ask(known.app.test_client(), known, address).status_code for _ in range(CODES + 1)]
        assert answers == [303] * CODES + [429]


def test_a_stranger_who_asks_keeps_nobody_out(known: Town) -> None:
    """However often, and from however many places: the latest code that was sent lets its holder in."""
    stranger, phone = known.app.test_client(), known.app.test_client()
    assert [ask_from("10.9.0.1", stranger, known) for _ in range(CODES + 1)] == [303] * CODES + [429]
    assert ask(phone, known).status_code == 303
    for place in range(2, 6):
        for _ in range(CODES):
            assert ask_from(f"10.9.0.{place}", stranger, known) == 303
    run_jobs(known)
    found = [re.search(r"\b[0-9]{6}\b", message.words) for message in outgoing(known)]
    codes = [code[0] for code in found if code]
    assert len(codes) == CODES_FROM_ANYWHERE
    answer = ask(phone, known)
    assert answer.status_code == 303 and run_jobs(known) == []
    asked = asked_in(answer)
    code = make_code(known.app.config["SECRET_KEY"], uuid.UUID(asked))
    # The code page is of one that stands in the messages already.
    assert code in codes
    assert use(phone, known, asked, code).status_code == 303
    # Used once, as ever: the next to ask is shown the page of another.
    assert asked_in(ask(phone, known)) != asked


def ask_from(place: str, client: FlaskClient, town: Town) -> int:
    where = {"REMOTE_ADDR": place}
    data = {"address": PHONE}
    return client.post(town.path("/my/sign-in?lang=en"), data=data, environ_overrides=where).status_code


def test_codes_from_one_place_run_out(known: Town, limited: None) -> None:
    place = {"REMOTE_ADDR": f"10.1.{uuid.uuid4().int % 200}.{uuid.uuid4().int % 200}"}
    answers = [
        known.app.test_client()
        .post(known.path("/my/sign-in"), data={"address": f"900000{number:02}"}, environ_overrides=place)
        .status_code
        for number in range(12)
    ]
    assert answers[:10] == [303] * 10 and answers[10:] == [429, 429]


@pytest.mark.parametrize("typed", ["", "12", "ola", "a@b", "@", "+", "1" * 300, "😀", "\u202e91234567 x"])
def test_what_is_no_address_is_told_plainly_and_kept(known: Town, typed: str) -> None:
    answer = ask(known.app.test_client(), known, typed)
    assert answer.status_code == 422 and "Error:" in answer.text
    assert "😀" not in typed or "😀" in answer.text


@pytest.mark.parametrize("asked", ["", "x", "01a20000-0000-7000-8000-000000000000"])
def test_a_code_that_nobody_asked_for_opens_nothing(known: Town, asked: str) -> None:
    assert use(known.app.test_client(), known, asked, "123456").status_code == 422


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "/account", "/{other}/my/"]
)
def test_the_way_on_stays_among_the_own_pages(known: Town, other_town: Town, target: str) -> None:
    target = target.format(other=other_town.slug)
    phone = known.app.test_client()
    asked = asked_in(ask(phone, known, next=target))
    assert use(phone, known, asked, code_for(known), next=target).location == known.path("/my/")


def test_after_half_an_hour_away_or_twelve_in_all_a_new_code_is_needed(known: Town, citizen_id: uuid.UUID) -> None:
    phone = let_in(known, citizen_id, address="nora@oppdiktet.example")
    now = utcnow()
    for minutes, status in ((29, 200), (58, 200), (87, 200), (118, 303)):
        with time_machine.travel(now + timedelta(minutes=minutes), tick=True):
            assert phone.get(known.path("/my/")).status_code == status, minutes
    busy = let_in(known, citizen_id, address="ola@oppdiktet.example")
    for minutes in range(25, 12 * 60, 25):
        with time_machine.travel(now + timedelta(minutes=minutes), tick=True):
            assert busy.get(known.path("/my/")).status_code == 200, minutes
    with time_machine.travel(now + timedelta(hours=12, minutes=1), tick=True):
        assert busy.get(known.path("/my/")).status_code == 303


def test_a_form_sent_after_the_session_ended_leads_back_to_what_was_typed(known: Town) -> None:
    phone = known.app.test_client()
    lost = phone.post(known.path("/my/choose"), headers={"Referer": f"http://localhost{known.path('/my/choose')}"})
    assert lost.status_code == 303 and "lost=1" in lost.location
    assert "put back what you were writing" in phone.get(lost.location + "&lang=en").text
    answer = ask(phone, known, next=known.path("/my/reads"), lost="1")
    came_in = use(phone, known, asked_in(answer), code_for(known), next=known.path("/my/reads"), lost="1")
    assert came_in.location == known.path("/my/reads") + "#typed"


@given(st.uuids())
def test_codes_are_six_digits_and_follow_from_secret_and_request(asked: uuid.UUID) -> None:
    code = make_code("a secret", asked)
    assert re.fullmatch("[0-9]{6}", code) and code == make_code("a secret", asked)
    others = {make_code(secret, asked) for secret in ("b", "c", "d")}
    assert others != {code}


@given(st.text(max_size=12), st.integers(0, 9))
def test_only_the_right_code_in_time_is_free_of_problems(typed: str, tries: int) -> None:
    now = utcnow()
    problem = find_problem(
        typed=typed, right="123456", tries=tries, expires_at=now + timedelta(minutes=1), used_at=None, now=now
    )
    assert (problem is None) == (clean_code(typed) == "123456" and tries < CODE_TRIES)
