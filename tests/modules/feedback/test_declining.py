"""A no to being asked: said anywhere, kept once, taken back as easily, and counted as a no."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from hjelpa.core.types import new_id
from modules.feedback.answering.rules import NoTime, count_standings, standing
from modules.feedback.rules import HAND_OVER_DAYS
from tests.modules.feedback.asking import add_rater, make_link, refusals
from tests.modules.feedback.courses import ALL_ANSWERED, hand_over, list_answers, make_course
from tests.people import Town


@pytest.fixture
def helper(town: Town) -> FlaskClient:
    return town.client()


def set_declined(client: FlaskClient, town: Town, course_id: uuid.UUID, value: str) -> None:
    sent = client.post(town.path(f"/feedback/courses/{course_id}/declined"), data={"declined": value})
    assert sent.status_code == 303


def test_the_citizen_says_it_where_the_form_is(helper: FlaskClient, client: FlaskClient, town: Town) -> None:
    course_id, (conversation,) = make_course(town)
    address = hand_over(helper, town, conversation)
    assert f'action="{address}/decline' in client.get(address).text
    for _ in range(2):
        assert client.post(f"{address}/decline").status_code == 303
    thanks = client.get(f"{address}?lang=en").text
    assert "You will not be asked any more" in thanks
    assert 'type="range"' not in thanks
    assert list_answers(town, conversation) == []
    assert [row.ended_at for row in refusals(town, course_id)] == [None]


def test_a_link_that_was_used_says_no_for_nobody(helper: FlaskClient, client: FlaskClient, town: Town) -> None:
    course_id, (conversation,) = make_course(town)
    _, address = make_link(helper, town, conversation)
    client.post(address, data=ALL_ANSWERED)
    assert client.post(f"{address}/decline").status_code == 303
    assert refusals(town, course_id) == []


def test_while_it_lasts_nothing_is_offered_or_handed_over(
    helper: FlaskClient, client: FlaskClient, town: Town
) -> None:
    course_id, (conversation,) = make_course(town)
    set_declined(helper, town, course_id, "1")
    page = helper.get(town.path(f"/courses/{course_id}?lang=en")).text
    assert "would rather not be asked, since" in page
    assert "/hand-over" not in page and "/ways" not in page
    for path in ("hand-over", "link", "enter"):
        sent = helper.post(
            town.path(f"/feedback/conversations/{conversation}/{path}"),
            data={"scale": "outcome", "channel": "paper", "item1": "5"},
        )
        assert sent.location.startswith(town.path(f"/courses/{course_id}"))
    assert "Nobody is asked" in helper.get(town.path(f"/feedback/conversations/{conversation}/ways?lang=en")).text
    assert list_answers(town, conversation) == []


def test_saving_a_conversation_hands_nothing_over_meanwhile(helper: FlaskClient, town: Town) -> None:
    course_id, _ = make_course(town)
    set_declined(helper, town, course_id, "1")
    saved = helper.post(
        town.path(f"/courses/{course_id}/conversation"),
        data={"key": str(new_id()), "matters": "Å sove", "then": "outcome"},
    )
    assert saved.location == town.path(f"/courses/{course_id}#feedback")
    assert helper.get(town.path("/")).status_code in (200, 303)


def test_it_is_taken_back_and_said_again(helper: FlaskClient, client: FlaskClient, town: Town) -> None:
    course_id, (conversation,) = make_course(town)
    for value in ("1", "1", "0", "0", "1", "0"):
        set_declined(helper, town, course_id, value)
    kept = refusals(town, course_id)
    assert [row.ended_at is not None and row.ended_at >= row.declined_at for row in kept] == [True, True]
    client.post(hand_over(helper, town, conversation), data=ALL_ANSWERED)
    assert [row["total"] for row in list_answers(town, conversation)] == [248]


def test_others_in_the_family_may_still_be_asked(helper: FlaskClient, client: FlaskClient, town: Town) -> None:
    course_id, (conversation,) = make_course(town)
    rater = add_rater(helper, town, course_id, "Mamma")
    set_declined(helper, town, course_id, "1")
    _, address = make_link(helper, town, conversation, rater=str(rater))
    assert client.post(f"{address}/decline").status_code == 404
    assert client.post(address, data=ALL_ANSWERED).status_code == 303
    assert len(list_answers(town, conversation)) == 1


def test_a_leader_reads_it_and_changes_nothing(helper: FlaskClient, town: Town) -> None:
    course_id, _ = make_course(town, helper=town.leader.membership_id)
    leader = town.client("leader")
    page = leader.get(town.path(f"/courses/{course_id}")).text
    assert "/declined" not in page and "/raters" not in page
    sent = leader.post(town.path(f"/feedback/courses/{course_id}/declined"), data={"declined": "1"})
    assert sent.status_code == 403


BASE = datetime(2026, 1, 1, tzinfo=UTC)
HOURS = st.integers(0, 1000).map(lambda hours: BASE + timedelta(hours=hours))
TIMES = st.lists(
    st.tuples(HOURS, st.none() | st.integers(1, 500)).map(
        lambda drawn: NoTime(drawn[0], None if drawn[1] is None else drawn[0] + timedelta(hours=drawn[1]))
    ),
    max_size=3,
)
STATES = st.sampled_from((None, "skipped", "answered"))


@given(st.lists(st.tuples(STATES, HOURS), max_size=20), TIMES)
def test_every_conversation_is_exactly_one_thing(
    talks: list[tuple[str | None, datetime]], noes: list[NoTime]
) -> None:
    counted = count_standings(standing(state, held_at, noes) for state, held_at in talks)
    assert sum(counted.values()) == len(talks)
    assert counted["answered"] == sum(state == "answered" for state, _ in talks)
    if not noes:
        assert counted["declined"] == 0


@given(STATES, HOURS, HOURS)
def test_a_no_in_the_conversation_itself_is_for_it_too(state: str | None, held_at: datetime, no: datetime) -> None:
    found = standing(state, held_at, [NoTime(no)])
    if state == "answered":
        assert found == "answered"
    else:
        asked_about = no <= held_at + HAND_OVER_DAYS
        assert (found == "declined") == asked_about


def test_a_no_that_was_taken_back_before_is_over() -> None:
    over = NoTime(BASE, BASE + timedelta(days=1))
    assert standing(None, BASE + timedelta(days=2), [over]) == "missing"
    assert standing("skipped", BASE + timedelta(days=2), [over]) == "skipped"
    assert standing(None, BASE + timedelta(hours=5), [over]) == "declined"
