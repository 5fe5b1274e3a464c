"""A scale from the helper's hand to the citizen's answer: once, whole or in part, with or without scripts."""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hjelpa.core.database import db
from hjelpa.core.types import new_id, utcnow
from modules.feedback.answering.queries import Place
from modules.feedback.answering.request_queries import add_request
from modules.feedback.models import ScaleRequest
from modules.feedback.scales.registry import own_form
from modules.feedback.signals.models import FeedbackSignal
from tests.modules.door import rows
from tests.modules.feedback.asking import add_rater, answers, make_link
from tests.modules.feedback.courses import ALL_ANSWERED, add_answer, hand_over, inside, list_answers, make_course
from tests.people import Town, make_town


@pytest.fixture
def helper(town: Town) -> FlaskClient:
    return town.client()


@pytest.fixture
def course(town: Town) -> tuple[uuid.UUID, list[uuid.UUID]]:
    return make_course(town)


@pytest.fixture
def conversation(course: tuple[uuid.UUID, list[uuid.UUID]]) -> uuid.UUID:
    return course[1][0]


@pytest.fixture
def scale(helper: FlaskClient, town: Town, conversation: uuid.UUID) -> str:
    return hand_over(helper, town, conversation)


@pytest.mark.parametrize(("kind", "words"), [("outcome", "Those closest to me"), ("alliance", "Being heard")])
def test_the_page_has_four_lines_and_no_menu_and_no_score(
    helper: FlaskClient, client: FlaskClient, town: Town, conversation: uuid.UUID, kind: str, words: str
) -> None:
    page = client.get(f"{hand_over(helper, town, conversation, kind)}?lang=en")
    assert page.status_code == 200
    assert page.text.count('type="range"') == 4
    assert words in page.text
    assert "<nav" not in page.text
    assert "Ada Liksom" not in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_all_lines_answered_are_kept_and_added_up(
    client: FlaskClient, town: Town, conversation: uuid.UUID, scale: str
) -> None:
    sent = client.post(scale, data=ALL_ANSWERED)
    assert (sent.status_code, sent.location) == (303, scale)
    assert list_answers(town, conversation) == [
        {
            "scale": "outcome",
            "state": "answered",
            "total": 248,
            "items": [77, 21, 100, 50],
        }
    ]
    thanks = client.get(scale)
    assert thanks.status_code == 200
    assert 'type="range"' not in thanks.text
    assert not re.search(r"24[.,]8|7[.,]7", thanks.text)


def test_without_scripts_a_moved_thumb_counts(
    client: FlaskClient, town: Town, conversation: uuid.UUID, scale: str
) -> None:
    moved = {"item1": "0", "item2": "2.1", "item3": "9.9", "item4": "4.9"}
    client.post(scale, data={**moved, **{f"{name}_answered": "" for name in moved}})
    assert list_answers(town, conversation)[0]["total"] == 169


def test_the_same_answer_twice_is_one_row(
    client: FlaskClient, town: Town, conversation: uuid.UUID, scale: str
) -> None:
    for _ in range(2):
        assert client.post(scale, data=ALL_ANSWERED).status_code == 303
        assert 'role="status"' not in client.get(scale).text
    assert len(list_answers(town, conversation)) == 1


def test_sent_twice_at_once_is_one_row(app: Flask, town: Town, conversation: uuid.UUID, scale: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda _: app.test_client().post(scale, data=ALL_ANSWERED).status_code, range(4)))
    assert sent == [303] * 4
    assert [row["total"] for row in list_answers(town, conversation)] == [248]


def test_another_answer_afterwards_does_not_vanish_silently(
    client: FlaskClient, town: Town, conversation: uuid.UUID, scale: str
) -> None:
    client.post(scale, data=ALL_ANSWERED)
    client.post(scale, data=ALL_ANSWERED | {"item1": "0"})
    assert 'role="status"' in client.get(scale).text
    assert [row["items"][0] for row in list_answers(town, conversation)] == [77]


def test_open_lines_are_asked_about_and_nothing_is_lost(
    client: FlaskClient, town: Town, conversation: uuid.UUID, scale: str
) -> None:
    some = ALL_ANSWERED | {"item3": "5", "item3_answered": ""}
    page = client.post(scale, data=some)
    assert page.status_code == 422
    assert '<a class="ds-link" href="#item3">' in page.text
    assert 'href="#item1"' not in page.text
    assert re.search(r'name="item1"[^>]*value="7.7"', page.text)
    assert 'name="item1_answered" value="1"' in page.text
    assert 'name="item3_answered" value=""' in page.text
    assert list_answers(town, conversation) == []
    assert client.post(scale, data=some | {"as_it_is": "1"}).status_code == 303
    kept = list_answers(town, conversation)
    assert [(row["state"], row["items"], row["total"]) for row in kept] == [("answered", [77, 21, None, 50], None)]


def test_sending_nothing_at_all_is_skipping(
    client: FlaskClient, town: Town, conversation: uuid.UUID, scale: str
) -> None:
    client.post(scale, data={"as_it_is": "1"})
    assert [row["state"] for row in list_answers(town, conversation)] == ["skipped"]


def test_skipping_keeps_nothing_of_what_was_touched(
    client: FlaskClient, town: Town, conversation: uuid.UUID, scale: str
) -> None:
    client.post(scale, data=ALL_ANSWERED | {"skip": "1"})
    kept = list_answers(town, conversation)
    assert [(row["state"], row["items"], row["total"]) for row in kept] == [("skipped", [], None)]
    assert client.get(scale).status_code == 200


def test_what_was_skipped_can_be_answered_later(
    helper: FlaskClient, client: FlaskClient, town: Town, conversation: uuid.UUID
) -> None:
    client.post(hand_over(helper, town, conversation), data={"skip": "1"})
    client.post(hand_over(helper, town, conversation), data=ALL_ANSWERED)
    assert [(row["state"], row["total"]) for row in list_answers(town, conversation)] == [("answered", 248)]


def test_what_was_answered_stays_even_for_a_request_that_was_open(
    helper: FlaskClient, client: FlaskClient, town: Town, course: tuple[uuid.UUID, list[uuid.UUID]], scale: str
) -> None:
    course_id, (conversation,) = course
    add_answer(town, course_id, conversation, 200)
    client.post(f"{scale}?lang=en", data=ALL_ANSWERED)
    assert [row["total"] for row in list_answers(town, conversation)] == [200]
    assert "Your first answer had already arrived" in client.get(f"{scale}?lang=en").text
    again = helper.post(town.path(f"/feedback/conversations/{conversation}/hand-over"), data={"scale": "outcome"})
    assert "/my/scale/" not in again.location


@pytest.mark.parametrize("value", ["11", "-1", "abc", "5.55", "10.1", "NaN", "1" * 5000, "\x00"])
def test_numbers_off_the_line_are_refused_beside_the_line(
    client: FlaskClient, town: Town, conversation: uuid.UUID, scale: str, value: str
) -> None:
    page = client.post(scale, data=ALL_ANSWERED | {"item2": value, "as_it_is": "1"})
    assert page.status_code == 422
    assert 'id="item2-error"' in page.text
    assert 'id="item1-error"' not in page.text
    assert re.search(r'name="item1"[^>]*value="7.7"', page.text)
    assert list_answers(town, conversation) == []


def test_a_request_ends_after_two_hours(
    helper: FlaskClient, client: FlaskClient, town: Town, conversation: uuid.UUID
) -> None:
    address = hand_over(helper, town, conversation)
    missing = client.get(town.path("/my/scale/nothing"))
    assert missing.status_code == 404
    with time_machine.travel(utcnow() + timedelta(hours=2, seconds=1)):
        for answer in (client.get(address), client.post(address, data=ALL_ANSWERED)):
            assert (answer.status_code, answer.data) == (404, missing.data)
    assert list_answers(town, conversation) == []


def test_a_new_request_ends_the_one_before(
    helper: FlaskClient, client: FlaskClient, town: Town, conversation: uuid.UUID
) -> None:
    first, other, second = (
        hand_over(helper, town, conversation, kind) for kind in ("outcome", "alliance", "outcome")
    )
    assert [client.get(address).status_code for address in (first, other, second)] == [404, 200, 200]


def test_another_municipality_knows_nothing_of_the_token(
    app: Flask, client: FlaskClient, town: Town, conversation: uuid.UUID, scale: str
) -> None:
    other = make_town(app)
    token = scale.rpartition("/")[2]
    theirs, none = client.get(other.path(f"/my/scale/{token}")), client.get(other.path("/my/scale/nothing"))
    assert (theirs.status_code, theirs.data) == (404, none.data)
    assert client.post(other.path(f"/my/scale/{token}"), data=ALL_ANSWERED).status_code == 404
    assert list_answers(other, conversation) == list_answers(town, conversation) == []


def test_only_the_hash_of_the_token_is_kept(app: Flask, servers, settings, scale: str) -> None:
    token = scale.rpartition("/")[2]
    database = settings.database_url.partition("@/")[2].partition("?")[0]
    with servers.superuser(database) as superuser:
        rows = superuser.execute("select to_jsonb(r)::text from scale_requests r").fetchall()
    assert rows
    assert not any(token in row[0] or token.encode().hex() in row[0] for row in rows)


def test_the_form_is_guarded_against_forgery(
    monkeypatch: pytest.MonkeyPatch,
    app: Flask,
    client: FlaskClient,
    town: Town,
    conversation: uuid.UUID,
    scale: str,
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    assert client.post(scale, data=ALL_ANSWERED).status_code == 400
    assert list_answers(town, conversation) == []
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(scale).text)
    assert token
    assert client.post(scale, data=ALL_ANSWERED | {"csrf_token": token[1]}).status_code == 303


def test_the_chosen_language_lasts_through_the_answer(client: FlaskClient, scale: str) -> None:
    page = client.get(f"{scale}?lang=en")
    assert f'action="{scale}?lang=en"' in page.text
    assert client.post(f"{scale}?lang=en", data=ALL_ANSWERED).location == f"{scale}?lang=en"


@pytest.mark.parametrize("holder", ["helper", "client"])
def test_the_thanks_lead_nowhere_but_to_the_front_page(
    request: pytest.FixtureRequest,
    town: Town,
    scale: str,
    course: tuple[uuid.UUID, list[uuid.UUID]],
    holder: str,
) -> None:
    """Whoever holds the screen, with the helper's sign-in behind it or without."""
    browser = request.getfixturevalue(holder)
    browser.post(scale, data=ALL_ANSWERED)
    page = browser.get(scale).text
    links = set(re.findall(r'<a [^>]*href="([^"#?]+)["?]', page))
    assert links == {scale, town.path("/")}
    assert str(course[0]) not in page and str(course[1][0]) not in page


def test_the_front_page_behind_the_thanks_asks_for_a_sign_in(client: FlaskClient, town: Town, scale: str) -> None:
    client.post(scale, data=ALL_ANSWERED)
    assert "/account/sign-in" in client.get(town.path("/")).location


def test_lines_left_open_are_told_calmly(client: FlaskClient, scale: str) -> None:
    untouched = {f"item{number}": "5" for number in range(1, 5)}
    page = client.post(f"{scale}?lang=en", data=untouched)
    assert page.status_code == 422
    assert "<title>Some lines are not answered" in page.text
    for red in ("aria-invalid", "ds-error-summary", "ds-validation-message", 'data-color="danger"'):
        assert red not in page.text
    assert page.text.count("ds-alert") == 1
    assert page.text.count(" data-open>") == 4


def test_the_scale_says_who_sees_the_answer(client: FlaskClient, scale: str) -> None:
    assert "Your helper sees what you answer" in client.get(f"{scale}?lang=en").text


@pytest.fixture
def link(helper: FlaskClient, town: Town, conversation: uuid.UUID) -> str:
    return make_link(helper, town, conversation)[1]


def test_a_link_from_before_a_no_keeps_nothing(
    helper: FlaskClient,
    client: FlaskClient,
    town: Town,
    course: tuple[uuid.UUID, list[uuid.UUID]],
    link: str,
) -> None:
    course_id, (conversation,) = course
    token = link.rpartition("/")[2]
    assert client.get(f"/api/v1/feedback/scales/{token}").status_code == 200
    declined = town.path(f"/feedback/courses/{course_id}/declined")
    helper.post(declined, data={"declined": "1"})
    for sent in (ALL_ANSWERED, {"item1": "11"}):
        assert client.post(link, data=sent).status_code == 303
    page = client.get(f"{link}?lang=en").text
    assert "You will not be asked any more" in page and 'type="range"' not in page
    assert client.get(f"/api/v1/feedback/scales/{token}").status_code == 404
    skipped = {"token": token, "items": {}, "skip": True}
    assert client.post("/api/v1/feedback/answers", json=skipped).status_code == 404
    assert list_answers(town, conversation) == []
    helper.post(declined, data={"declined": "0"})
    client.post(link, data=ALL_ANSWERED)
    assert [row["total"] for row in list_answers(town, conversation)] == [248]


def test_a_sheet_sent_after_a_no_is_not_told_of_a_first_answer(client: FlaskClient, town: Town, link: str) -> None:
    client.post(f"{link}/decline")
    client.post(link, data=ALL_ANSWERED)
    assert 'role="status"' not in client.get(link).text


def test_a_rater_who_has_ended_answers_by_no_link(
    helper: FlaskClient, client: FlaskClient, town: Town, course: tuple[uuid.UUID, list[uuid.UUID]]
) -> None:
    course_id, (conversation,) = course
    mum, dad = (add_rater(helper, town, course_id, label) for label in ("Mamma", "Pappa"))
    hers, his = (make_link(helper, town, conversation, rater=str(rater))[1] for rater in (mum, dad))
    client.post(his, data=ALL_ANSWERED)
    for rater in (mum, dad):
        helper.post(town.path(f"/feedback/courses/{course_id}/raters/{rater}/end"))
    for address in (hers, his):
        assert client.get(address).status_code == client.post(address, data=ALL_ANSWERED).status_code == 404
    assert [row.rater_id for row in answers(town, conversation)] == [dad]
    assert rows(town, select(ScaleRequest.rater_id).where(ScaleRequest.course_id == course_id)) == [(dad,)]


def test_of_requests_made_at_once_one_lives(
    helper: FlaskClient, town: Town, course: tuple[uuid.UUID, list[uuid.UUID]]
) -> None:
    course_id, (conversation,) = course
    path, now = town.path(f"/feedback/conversations/{conversation}/link"), utcnow()
    made = {"form": own_form("outcome", "adult"), "expires_at": now + timedelta(hours=1), "now": now}
    with ThreadPoolExecutor(1) as pool:
        with inside(town):
            place = Place(course_id, conversation, "outcome")
            add_request(place, id=new_id(), channel="link", token="first", **made)
            db.session.flush()
            second = pool.submit(helper.post, path, data={"scale": "outcome"})
            wait([second], timeout=0.5)
        assert second.result().status_code == 303
    asked = rows(town, select(ScaleRequest.id).where(ScaleRequest.conversation_id == conversation))
    assert [f"/feedback/links/{id}" in second.result().location for (id,) in asked] == [True]


def test_the_same_written_in_again_is_no_news(
    helper: FlaskClient, town: Town, course: tuple[uuid.UUID, list[uuid.UUID]]
) -> None:
    course_id, (conversation,) = course
    path = town.path(f"/feedback/conversations/{conversation}/enter")
    marks = {f"item{number}": "1" for number in range(1, 5)}
    written = {"scale": "alliance", "channel": "paper", "words": "", **marks}
    signals = select(FeedbackSignal.id).where(FeedbackSignal.course_id == course_id)
    helper.post(path, data=written)
    ((signal,),) = rows(town, signals)
    helper.post(town.path(f"/feedback/signals/{signal}"), data={"done": "talked", "words": "ja"})
    (first,) = answers(town, conversation)
    for changed in ({}, {"words": "og så sa hun dette"}):
        assert helper.post(path, data=written | changed).status_code == 303
    (kept,) = answers(town, conversation)
    assert (kept.items, kept.words) == ([10] * 4, "og så sa hun dette")
    assert len(rows(town, signals)) == 1
    helper.post(path, data=written | {"item1": "9"})
    (right,) = answers(town, conversation)
    assert (right.items[0], right.answered_at) == (90, first.answered_at)
