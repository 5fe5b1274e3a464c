"""A link to a phone of their own: once, until the end of the next day, for one conversation in one municipality."""

import re
import uuid
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from hjelpa.core.database import db
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from modules.citizens.models import Citizen
from modules.feedback.answering.rules import end_of_link, last_day
from modules.feedback.models import ScaleRequest
from tests.guests import outgoing, run_jobs
from tests.modules.feedback.asking import answers, make_link
from tests.modules.feedback.courses import ALL_ANSWERED, inside, list_answers, make_course
from tests.people import Town, make_town, signed_in

NOON = datetime(2026, 11, 20, 12, tzinfo=LOCAL)


@pytest.fixture
def helper(town: Town) -> FlaskClient:
    return town.client()


def test_a_link_opens_without_any_sign_in_and_is_answered_once(
    helper: FlaskClient, client: FlaskClient, town: Town
) -> None:
    _, (conversation,) = make_course(town)
    page, address = make_link(helper, town, conversation)
    assert "<svg" in helper.get(page).text
    assert client.get(address).status_code == 200
    for _ in range(2):
        assert client.post(address, data=ALL_ANSWERED).status_code == 303
    assert [(row.channel, row.total, row.entered_by) for row in answers(town, conversation)] == [
        ("link", 248, None)
    ]
    thanks = client.get(f"{address}?lang=en").text
    assert "You can close this page now" in thanks
    assert "For the helper" not in thanks
    assert "has been used" in helper.get(f"{page}?lang=en").text


def test_the_picture_holds_the_same_address(helper: FlaskClient, town: Town) -> None:
    _, (conversation,) = make_course(town)
    with patch("modules.feedback.answering.links.segno.make_qr", wraps=__import__("segno").make_qr) as made:
        page, address = make_link(helper, town, conversation)
    (drawn,) = {call.args[0] for call in made.call_args_list}
    assert drawn.endswith(address)
    assert drawn.startswith("http")
    # Reading the page again shows the same link; nothing of it is kept but its hash.
    assert make_page_address(helper, page, town) == address
    with inside(town):
        kept = db.session.scalars(select(ScaleRequest)).one()
        assert address.rpartition("/")[2].encode() not in kept.token_hash


def make_page_address(client: FlaskClient, page: str, town: Town) -> str:
    found = re.search(rf"(/{town.slug}/my/scale/[\w-]{{43}})", client.get(page).text)
    assert found
    return found[1]


def test_a_link_ends_with_the_next_day(helper: FlaskClient, client: FlaskClient, town: Town) -> None:
    _, (conversation,) = make_course(town, held=[NOON - timedelta(hours=1)])
    with time_machine.travel(NOON, tick=False):
        page, address = make_link(helper, town, conversation)
    with time_machine.travel(datetime(2026, 11, 21, 23, 59, 59, tzinfo=LOCAL), tick=False):
        assert client.get(address).status_code == 200
    with time_machine.travel(datetime(2026, 11, 22, 0, 0, tzinfo=LOCAL), tick=False):
        missing = client.get(town.path("/my/scale/nothing"))
        for answer in (client.get(address), client.post(address, data=ALL_ANSWERED)):
            assert (answer.status_code, answer.data) == (404, missing.data)
        assert "has been used" in signed_in(town.app, town.helper).get(f"{page}?lang=en").text
    assert list_answers(town, conversation) == []


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)))
def test_a_link_lives_until_the_midnight_after_the_next_day(at: datetime) -> None:
    now = at.replace(tzinfo=LOCAL)
    until = end_of_link(now)
    assert last_day(until) == now.date() + timedelta(days=1)
    assert until.astimezone(LOCAL).hour == until.astimezone(LOCAL).minute == 0


def test_another_municipality_and_another_course_know_nothing_of_it(
    helper: FlaskClient, client: FlaskClient, town: Town, other_town: Town
) -> None:
    _, (conversation,) = make_course(town)
    _, (elsewhere,) = make_course(town)
    page, address = make_link(helper, town, conversation)
    token = address.rpartition("/")[2]
    none = client.get(other_town.path("/my/scale/nothing"))
    for answer in (
        client.get(other_town.path(f"/my/scale/{token}")),
        client.post(other_town.path(f"/my/scale/{token}"), data=ALL_ANSWERED),
        client.post(other_town.path(f"/my/scale/{token}/more"), data={"words": "hei"}),
        client.post(other_town.path(f"/my/scale/{token}/decline")),
    ):
        assert (answer.status_code, answer.data) == (404, none.data)
    theirs = other_town.client().get(page.replace(town.slug, other_town.slug))
    assert theirs.status_code == 404
    client.post(address, data=ALL_ANSWERED)
    assert list_answers(town, elsewhere) == []
    assert [row["total"] for row in list_answers(town, conversation)] == [248]


def test_the_screen_and_the_link_end_each_other_for_the_same_scale(
    helper: FlaskClient, client: FlaskClient, town: Town
) -> None:
    _, (conversation,) = make_course(town)
    _, first = make_link(helper, town, conversation)
    _, other = make_link(helper, town, conversation, scale="alliance")
    _, second = make_link(helper, town, conversation)
    assert [client.get(address).status_code for address in (first, other, second)] == [404, 200, 200]


def test_the_message_names_the_service_and_the_link_and_nobody(helper: FlaskClient, town: Town) -> None:
    course_id, (conversation,) = make_course(town)
    page, address = make_link(helper, town, conversation)
    for _ in range(2):
        sent = helper.post(page, data={"address": "912 34 567", "wished": "1"})
        with helper.session_transaction() as kept:
            # What is flashed travels in a cookie.
            assert "på vei" in str(kept) and "34567" not in str(kept)
        assert (sent.status_code, sent.location.partition("#")[0]) == (303, town.path(f"/courses/{course_id}"))
    run_jobs(town)
    (message,) = outgoing(town)
    assert (message.channel, message.address) == ("sms", "+4791234567")
    assert address in message.words
    assert f"{town.slug}hjelpa" in message.words + message.subject
    said = (message.words + message.subject).lower()
    for word in ("ada", "liksom", "utbytte", "outcome", "skala", "scale", town.helper.name.lower()):
        assert word not in said.replace("/my/scale/", "")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"address": "91234567"}, "wished"),
        ({"address": "12", "wished": "1"}, "address"),
        ({"wished": "1"}, "address"),
    ],
    ids=["not asked", "no number", "nothing"],
)
def test_nothing_is_sent_that_was_not_wished(
    helper: FlaskClient, town: Town, sent: dict[str, str], field: str
) -> None:
    _, (conversation,) = make_course(town)
    page, _ = make_link(helper, town, conversation)
    answer = helper.post(page, data=sent)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert sent.get("address", "") in answer.text
    assert outgoing(town) == []


def test_a_used_link_is_not_sent(helper: FlaskClient, client: FlaskClient, town: Town) -> None:
    _, (conversation,) = make_course(town)
    page, address = make_link(helper, town, conversation)
    client.post(address, data=ALL_ANSWERED)
    assert helper.post(page, data={"address": "91234567", "wished": "1"}).status_code == 409
    assert outgoing(town) == []


def test_a_childs_number_is_not_suggested(helper: FlaskClient, town: Town) -> None:
    _, (conversation,) = make_course(town)
    for band, shown in (("child", False), ("adult", True)):
        with inside(town):
            db.session.execute(update(Citizen).values(age_band=band, phone="99887766"))
        page, _ = make_link(helper, town, conversation)
        assert ('value="99887766"' in helper.get(page).text) is shown


def test_only_the_circle_makes_and_sees_links(app: Flask) -> None:
    town = make_town(app, extra_helpers=1)
    course_id, (conversation,) = make_course(town)
    page, _ = make_link(town.client(), town, conversation)
    colleague, reason = signed_in(app, town.people["helper2"]), town.path(f"/courses/{course_id}/reason")
    assert colleague.get(page).location == reason
    for path in ("link", "enter", "hand-over"):
        sent = colleague.post(
            town.path(f"/feedback/conversations/{conversation}/{path}"), data={"scale": "outcome"}
        )
        assert sent.location == reason
    assert colleague.get(town.path(f"/feedback/conversations/{conversation}/ways")).location == reason
    leader = town.client("leader")
    assert leader.get(page).status_code == 403


def test_a_conversation_long_ago_gets_no_link(helper: FlaskClient, town: Town) -> None:
    _, (conversation,) = make_course(town, held=[utcnow() - timedelta(days=8)])
    made = helper.post(town.path(f"/feedback/conversations/{conversation}/link"), data={"scale": "outcome"})
    assert "/feedback/links/" not in made.location
    page = helper.get(town.path(f"/feedback/conversations/{conversation}/ways?lang=en")).text
    assert "more than a week ago" in page
    assert "Make a link" not in page


def test_what_is_no_conversation_rater_or_scale_does_not_exist(helper: FlaskClient, town: Town) -> None:
    _, (conversation,) = make_course(town)
    path = town.path(f"/feedback/conversations/{conversation}")
    for query in ("?scale=other", "?rater=x", f"?rater={uuid.uuid4()}"):
        assert helper.get(f"{path}/ways{query}").status_code == 404
        assert helper.get(f"{path}/enter{query}").status_code == 404
