"""What a helper sees of a course's feedback, and who may see it or hand a scale over."""

import re
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from hjelpa.core.database import db
from hjelpa.core.types import utcnow
from modules.feedback.models import ScaleRequest
from tests.modules.feedback.courses import add_answer, inside, make_course
from tests.people import Town, make_town, signed_in
from tests.statements import counted_statements

DAY = timedelta(days=1)


def pages(town: Town, course_id: uuid.UUID) -> tuple[str, str]:
    return town.path(f"/courses/{course_id}?lang=en"), town.path(f"/feedback/courses/{course_id}?lang=en")


def hand_over_address(town: Town, conversation_id: uuid.UUID) -> str:
    return town.path(f"/feedback/conversations/{conversation_id}/hand-over")


def measured_course(
    town: Town, totals: list[int | None], *, scale: str = "outcome"
) -> tuple[uuid.UUID, list[uuid.UUID]]:
    now = utcnow()
    course_id, conversations = make_course(
        town, held=[now - DAY * 10 * (len(totals) - number) for number in range(len(totals))]
    )
    for conversation, total in zip(conversations, totals, strict=True):
        if total is not None:
            add_answer(town, course_id, conversation, total, scale=scale)
    return course_id, conversations


@pytest.mark.parametrize(
    ("totals", "sentence"),
    [
        (
            [166, None, 279],
            "The last score is 27.9 of 40, 11.3 higher than the first. Measured in 2 of 3 conversations.",
        ),
        (
            [279, 166, None],
            "The last score is 16.6 of 40, 11.3 lower than the first. Measured in 2 of 3 conversations.",
        ),
        ([200, 300, 200], "The last score is 20 of 40, the same as the first. Measured in 3 of 3 conversations."),
        ([None, 200], "The score is 20 of 40. Measured in 1 of 2 conversations."),
        ([0], "The score is 0 of 40. Measured in 1 of 1 conversation."),
        ([None, None], "No complete answers yet."),
    ],
)
def test_the_sentence_says_what_the_curve_shows(town: Town, totals: list[int | None], sentence: str) -> None:
    course_id, _ = measured_course(town, totals)
    for page in pages(town, course_id):
        answer = town.client().get(page)
        assert answer.status_code == 200
        assert sentence in answer.text
        assert ("chart-wide" in answer.text) == any(total is not None for total in totals)


def test_a_gap_is_dotted_and_there_is_no_cut_off(town: Town) -> None:
    course_id, _ = measured_course(town, [100, 150, None, 200])
    for page in pages(town, course_id):
        text = town.client().get(page).text
        assert "c-gap" in text
        assert 'class="c-cut' not in text


def test_each_conversation_tells_what_it_has(town: Town) -> None:
    course_id, conversations = measured_course(town, [152, None, None, None])
    add_answer(town, course_id, conversations[1], None, state="skipped")
    add_answer(town, course_id, conversations[2], None)
    text = town.client().get(pages(town, course_id)[0]).text
    cells = re.findall(r'<td data-label="Outcome scale">([^<]*)', text)
    assert [cell.strip() for cell in cells] == ["Not answered", "Not all lines answered", "Skipped", "15.2"]


def test_only_recent_conversations_without_an_answer_offer_a_scale(town: Town) -> None:
    now = utcnow()
    course_id, conversations = make_course(town, held=[now - 9 * DAY, now - 3 * DAY, now - DAY])
    add_answer(town, course_id, conversations[2], 200)
    client = town.client()
    text = client.get(pages(town, course_id)[0]).text
    offered = re.findall(
        r'action="[^"]*/conversations/([0-9a-f-]+)/hand-over".*?name="scale" value="(\w+)"', text, re.S
    )
    fresh, answered = str(conversations[1]), str(conversations[2])
    assert sorted(offered) == sorted([(fresh, "outcome"), (fresh, "alliance"), (answered, "alliance")])
    for conversation, scale in ((conversations[0], "outcome"), (conversations[2], "outcome")):
        answer = client.post(hand_over_address(town, conversation), data={"scale": scale})
        assert (answer.status_code, "/my/scale/" in answer.location) == (303, False)
    assert count_requests(town) == 0


def test_a_reader_who_is_no_helper_cannot_hand_over(town: Town) -> None:
    course_id, (conversation,) = make_course(town, helper=town.leader.membership_id)
    leader = town.client("leader")
    page = leader.get(pages(town, course_id)[0])
    assert 'id="feedback"' in page.text
    assert "/hand-over" not in page.text
    assert leader.post(hand_over_address(town, conversation), data={"scale": "outcome"}).status_code == 403


def test_outside_the_circle_nothing_is_shown_and_nothing_handed_over(app: Flask) -> None:
    town = make_town(app, extra_helpers=1)
    course_id, conversations = measured_course(town, [100, 200])
    colleague = signed_in(app, town.people["helper2"])
    reason = town.path(f"/courses/{course_id}/reason")
    assert colleague.get(pages(town, course_id)[1]).location == reason
    assert colleague.post(hand_over_address(town, conversations[1]), data={"scale": "outcome"}).location == reason
    assert count_requests(town) == 0


def test_another_municipalitys_course_and_conversation_do_not_exist(town: Town, other_town: Town) -> None:
    course_id, (conversation,) = make_course(other_town)
    client = town.client()
    missing = client.get(town.path(f"/feedback/courses/{uuid.uuid4()}"))
    theirs = client.get(town.path(f"/feedback/courses/{course_id}"))
    assert (theirs.status_code, theirs.data) == (404, missing.data)
    posted = client.post(hand_over_address(town, conversation), data={"scale": "outcome"})
    assert (posted.status_code, posted.data) == (404, missing.data)
    assert count_requests(town) == count_requests(other_town) == 0


@pytest.mark.parametrize("data", [{}, {"scale": ""}, {"scale": "other"}])
def test_an_unknown_scale_does_not_exist(town: Town, data: dict[str, str]) -> None:
    _, (conversation,) = make_course(town)
    assert town.client().post(hand_over_address(town, conversation), data=data).status_code == 404


def test_the_administrator_sees_no_answers(town: Town) -> None:
    course_id, _ = measured_course(town, [100, 200])
    assert town.client("administrator").get(pages(town, course_id)[1]).status_code == 403


def test_the_pages_cost_the_same_however_many_conversations(app: Flask, town: Town) -> None:
    client = town.client()
    few, many = measured_course(town, [100, None])[0], measured_course(town, [100, None, 200, 300] * 10)[0]
    # On the course's page the signals ask whether newer answers have come; the curve alone reads them.
    for small, large, asking in zip(pages(town, few), pages(town, many), (1, 0), strict=True):
        one, two = statements_of(client, small), statements_of(client, large)
        assert len(one) == len(two)
        assert sum("JOIN answers ON" in statement for statement in two) == 1
        assert sum("answers." in statement for statement in two) == 1 + asking


def statements_of(client: FlaskClient, address: str) -> list[str]:
    client.get(address)
    with counted_statements() as statements:
        assert client.get(address).status_code == 200
    return statements


def count_requests(town: Town) -> int:
    with inside(town):
        return db.session.scalar(select(func.count(ScaleRequest.id))) or 0
