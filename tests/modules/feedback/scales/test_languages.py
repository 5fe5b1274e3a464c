"""The form in the language the citizen chooses, in a frame that stays in the interface's; and the youngest's picture."""

import re
import uuid

import pytest
from flask import Flask, g
from sqlalchemy import update

from hjelpa.core.database import db
from modules.citizens.models import Citizen
from modules.feedback.scales.registry import own_form, youngest_form
from modules.feedback.scales.showing import pick_language
from tests.modules.feedback.courses import ALL_ANSWERED, hand_over, inside, list_answers, make_course
from tests.people import SCREEN_CODE, Town


@pytest.fixture
def conversation(town: Town) -> uuid.UUID:
    return make_course(town)[1][0]


@pytest.fixture
def address(town: Town, conversation: uuid.UUID) -> str:
    return hand_over(town.client(), town, conversation)


@pytest.mark.parametrize("code", ["nb", "nn", "da", "en"])
@pytest.mark.parametrize(("frame", "send"), [("nb", "Send svar"), ("en", "Send the answers")])
def test_each_language_stands_in_the_frame_that_was_chosen(
    app: Flask, address: str, code: str, frame: str, send: str
) -> None:
    page = app.test_client().get(f"{address}?lang={frame}&form_lang={code}").text
    form = own_form("outcome", "adult")
    assert f'<span lang="{code}">{form.words[code].question}</span>' in page
    assert all(item.words[code].text in page for item in form.items)
    assert send in page and f'<html lang="{frame}"' in page
    ways = re.findall(r'<div class="row scale-languages".*?</div>', page, re.S)[0]
    others = {"nb", "nn", "da", "en"} - {code}
    assert set(re.findall(r'hreflang="(\w+)"', ways)) == set(re.findall(r"form_lang=(\w+)", ways)) == others


@pytest.mark.parametrize("asked", ["", "se", "<script>", "NB"])
def test_a_language_that_it_does_not_have_is_the_pages_own(app: Flask, address: str, asked: str) -> None:
    page = app.test_client().get(address, query_string={"lang": "en", "form_lang": asked}).text
    assert "How have things been for you this past week?" in page


def test_the_language_is_kept_when_lines_are_left_open_and_after_sending(
    app: Flask, town: Town, conversation: uuid.UUID, address: str
) -> None:
    client = app.test_client()
    open_lines = client.post(f"{address}?form_lang=nn&lang=en", data={"item1": "3"})
    assert (open_lines.status_code, "Kvardagen med andre" in open_lines.text) == (422, True)
    sent = client.post(f"{address}?form_lang=nn&lang=en", data=ALL_ANSWERED)
    assert sent.status_code == 303 and "lang=en" in sent.location
    assert [row["total"] for row in list_answers(town, conversation)] == [248]


def test_a_danish_municipality_gets_danish_forms_without_asking(app: Flask) -> None:
    """Its frame is in a language of the interface, since there is no Danish one yet."""
    form = own_form("outcome", "adult")
    for address, language in (("/", "da"), ("/?lang=en", "en"), ("/?lang=en&form_lang=nn", "nn")):
        with app.test_request_context(address):
            g.municipality_language = "da"
            assert pick_language(form) == language


def test_the_youngest_point_at_a_face_and_get_no_total(app: Flask, town: Town) -> None:
    _, (conversation,) = make_course(town)
    form = youngest_form()
    client = town.client()
    with inside(town):
        db.session.execute(update(Citizen).values(age_band="child"))
    sent = {"scale": "outcome", "youngest": "1"}
    answer = client.post(town.path(f"/feedback/conversations/{conversation}/hand-over"), data=sent)
    assert answer.status_code == 303
    assert client.post("/account/locked", data={"screen_code": SCREEN_CODE}).status_code == 303
    citizen = app.test_client()
    page = citizen.get(answer.location + "?lang=nb").text
    assert page.count('type="radio"') == 5 and page.count("<svg viewBox") == 5
    assert all(step in page for step in form.items[0].words["nb"].steps)
    assert citizen.post(answer.location, data={"item1": "5"}).status_code == 303
    (kept,) = list_answers(town, conversation)
    assert (kept["items"], kept["total"]) == ([50], None)
