"""The API of feedback: the own figures for a token, a form and its answer by a one-time token, and never a 5xx."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hjelpa.core.types import utcnow
from tests.modules.feedback.courses import ALL_ANSWERED, add_answer, hand_over, list_answers, make_course
from tests.people import Town, make_town
from tests.tenants.api_access.test_tokens import METRICS, ask, make_token

ANSWERS = "/api/v1/feedback/answers"
SHEET = {"item1": 7.7, "item2": 2.1, "item3": 10, "item4": 5}


def read(app: Flask, where: str, **headers: str) -> Any:
    return app.test_client().get(where, headers=headers)


def send(app: Flask, body: Any) -> Any:
    return app.test_client().post(ANSWERS, json=body)


@pytest.fixture
def talk(town: Town) -> uuid.UUID:
    return make_course(town)[1][0]


@pytest.fixture
def one_time(town: Town, talk: uuid.UUID) -> str:
    return hand_over(town.client(), town, talk).rpartition("/")[2]


def test_the_document_is_open_and_whole(app: Flask) -> None:
    answer = read(app, "/api/v1/openapi.json")
    document = answer.json
    assert answer.status_code == 200 and document["openapi"] == "3.1.0"
    assert set(document["paths"]) == {METRICS, "/api/v1/feedback/scales/{token}", ANSWERS}
    assert document["paths"][METRICS]["get"]["security"] == [{"token": []}]
    unauthorised = document["components"]["responses"]["UNAUTHORIZED"]
    assert list(unauthorised["content"]) == ["application/problem+json"]
    again = read(app, "/api/v1/openapi.json", **{"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_own_figures_in_the_commands_shape(town: Town, other_town: Town) -> None:
    for place, totals in ((town, (120, 200)), (other_town, (40, 40))):
        held = [utcnow() - timedelta(days=30), utcnow() - timedelta(days=20)]
        course_id, talks = make_course(place, held=held, closed_at=utcnow() - timedelta(days=10))
        for one, total in zip(talks, totals, strict=True):
            add_answer(place, course_id, one, total)
    token = make_token(town)
    answer = ask(town, token, f"{METRICS}?period=all")
    assert answer.status_code == 200
    figures = answer.json["metrics"]
    assert figures["start_score_mean"]["value"] == 12
    assert figures["start_score_mean"]["denominator"] == 1
    assert figures["improved_reliably"]["value"] is None and figures["improved_reliably"]["reason"]
    assert set(figures["effect_size"]) >= {"value", "numerator", "denominator", "completeness", "formula_version"}
    assert answer.json["reliable_change"]["reason"]
    by_band = ask(town, token, f"{METRICS}?period=all&band=adult").json["metrics"]
    assert by_band["start_score_mean:adult"] == figures["start_score_mean"]
    assert all(key.endswith(":adult") for key in by_band)
    assert ask(town, token, f"{METRICS}?period=2019").json["metrics"]["start_score_mean"]["value"] is None


def test_what_has_not_changed_is_not_sent_again(town: Town) -> None:
    token = make_token(town)
    first = ask(town, token)
    again = ask(town, token, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    course_id, [one] = make_course(town)
    add_answer(town, course_id, one, 120)
    assert ask(town, token, **{"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize("query", ["period=2026-Q5", "period=", "band=old", "period=x&band=y", "period=%00"])
def test_a_question_that_makes_no_sense_is_told(town: Town, query: str) -> None:
    answer = ask(town, make_token(town), f"{METRICS}?{query}")
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert answer.json["errors"]["query"]


def test_a_form_shows_its_words_and_not_whose_it_is(app: Flask, one_time: str) -> None:
    answer = read(app, f"/api/v1/feedback/scales/{one_time}")
    assert answer.status_code == 200
    assert answer.json["state"] == "open" and answer.json["scale"] == "outcome"
    assert [item["name"] for item in answer.json["items"]] == list(SHEET)
    assert set(answer.json["words"]) == {"nb", "nn", "da", "en"}
    assert "Liksom" not in answer.text


def test_an_answer_is_kept_once(app: Flask, town: Town, talk: uuid.UUID, one_time: str) -> None:
    body = {"token": one_time, "items": SHEET}
    assert send(app, body).status_code == 201
    again = send(app, body)
    assert (again.status_code, again.json) == (200, {"state": "answered"})
    [kept] = list_answers(town, talk)
    assert (kept["items"], kept["total"]) == ([77, 21, 100, 50], 248)
    other = send(app, body | {"items": SHEET | {"item1": 1}})
    assert (other.status_code, other.content_type) == (409, "application/problem+json")
    assert list_answers(town, talk) == [kept]
    assert read(app, f"/api/v1/feedback/scales/{one_time}").json["state"] == "used"


def test_the_page_and_the_api_are_one(app: Flask, town: Town, talk: uuid.UUID, one_time: str) -> None:
    page = town.path(f"/my/scale/{one_time}")
    assert app.test_client().post(page, data=ALL_ANSWERED).status_code == 303
    assert send(app, {"token": one_time, "items": SHEET}).status_code == 200
    assert len(list_answers(town, talk)) == 1


def test_lines_left_open_are_asked_about_once(app: Flask, town: Town, talk: uuid.UUID, one_time: str) -> None:
    body = {"token": one_time, "items": {"item1": 7.7, "item2": None}}
    asked = send(app, body)
    assert asked.status_code == 422
    assert set(asked.json["errors"]["json"]["items"]) == {"item2", "item3", "item4"}
    assert send(app, body | {"as_it_is": True}).status_code == 201
    assert list_answers(town, talk)[0]["items"] == [77, None, None, None]


def test_a_form_may_be_skipped(app: Flask, town: Town, talk: uuid.UUID, one_time: str) -> None:
    assert send(app, {"token": one_time, "skip": True}).json == {"state": "skipped"}
    assert list_answers(town, talk)[0]["state"] == "skipped"


@pytest.mark.parametrize(
    "items",
    [{"item1": 10.1}, {"item1": -1}, {"item1": 7.77}, {"item9": 1}, {"item1": "x"}, {"item1": 1e308}, [1], 3],
    ids=str,
)
def test_a_score_that_is_none_is_refused(
    app: Flask, town: Town, talk: uuid.UUID, one_time: str, items: Any
) -> None:
    answer = send(app, {"token": one_time, "items": items, "as_it_is": True})
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert list_answers(town, talk) == []


def test_tokens_that_are_none_are_answered_alike(app: Flask, town: Town, one_time: str) -> None:
    """One that has ended, one that never was, and one of a municipality that has feedback off."""
    client = app.test_client()
    off = make_town(app)
    theirs = hand_over(off.client(), off, make_course(off)[1][0]).rpartition("/")[2]
    off.client("administrator").post(off.path("/settings/features/feedback"), data={"on": "0"})
    never = "x" * 43
    answers = [client.get(f"/api/v1/feedback/scales/{token}") for token in (never, theirs, "kort", "æ" * 43)]
    answers += [send(app, {"token": token, "items": SHEET}) for token in (never, theirs)]
    with time_machine.travel(utcnow() + timedelta(hours=3), tick=False):
        answers += [send(app, {"token": one_time, "items": SHEET})]
        answers += [client.get(f"/api/v1/feedback/scales/{one_time}")]
    assert {(answer.status_code, answer.data) for answer in answers} == {(404, answers[0].data)}


@pytest.mark.usefixtures("limited")
def test_too_many_are_told_to_wait(app: Flask) -> None:
    client = app.test_client()
    answers = [client.get(f"/api/v1/feedback/scales/{'x' * 43}") for _ in range(61)]
    assert answers[0].status_code == 404
    assert (answers[-1].status_code, answers[-1].content_type) == (429, "application/problem+json")
    assert int(answers[-1].headers["Retry-After"]) > 0


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
FIELDS = st.fixed_dictionaries(
    {}, optional={name: ANYTHING for name in ("token", "items", "as_it_is", "skip", "other")}
)
QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@QUICK
@given(body=st.one_of(ANYTHING, FIELDS), raw=st.binary(max_size=30), as_json=st.booleans(), real=st.booleans())
def test_no_body_breaks_it(app: Flask, one_time: str, body: Any, raw: bytes, as_json: bool, real: bool) -> None:
    if real and isinstance(body, dict):
        body = body | {"token": one_time}
    data = json.dumps(body).encode() if as_json else raw
    answer = app.test_client().post(ANSWERS, data=data, content_type="application/json")
    assert answer.status_code < 500
    assert answer.status_code < 400 or answer.content_type == "application/problem+json"


@pytest.fixture(scope="module")
def living(app: Flask) -> tuple[Town, str]:
    place = make_town(app)
    return place, make_token(place)


@QUICK
@given(
    period=st.text(max_size=12), band=st.text(max_size=8), more=st.dictionaries(st.text(), st.text(), max_size=2)
)
def test_no_question_breaks_it(living: tuple[Town, str], period: str, band: str, more: dict[str, str]) -> None:
    place, token = living
    asked = {**more, "period": period, "band": band}
    answer = place.app.test_client().get(METRICS, query_string=asked, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code in (200, 422)


@QUICK
@given(header=st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=60))
def test_no_token_breaks_it(app: Flask, header: str) -> None:
    answer = app.test_client().get(METRICS, headers={"Authorization": f"Bearer {header}"})
    assert answer.status_code == 401
