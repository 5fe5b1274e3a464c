"""Answers from paper and by phone: written in by a helper, marked so, and never over what somebody gave themselves."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from hjelpa.core.types import utcnow
from modules.feedback.answering.rules import ENTER_DAYS, may_enter, read_mark
from tests.modules.feedback.asking import add_rater, answers, make_link
from tests.modules.feedback.courses import ALL_ANSWERED, add_answer, list_answers, make_course
from tests.people import Town

WRITTEN = {"scale": "outcome", "item1": "7,7", "item2": "2.1", "item3": "10", "item4": "0", "channel": "paper"}


@pytest.fixture
def helper(town: Town) -> FlaskClient:
    return town.client()


def path(town: Town, conversation: uuid.UUID) -> str:
    return town.path(f"/feedback/conversations/{conversation}/enter")


def test_it_is_kept_with_who_wrote_it_in_and_shown_so(helper: FlaskClient, town: Town) -> None:
    course_id, (conversation,) = make_course(town)
    assert helper.get(path(town, conversation)).status_code == 200
    words = "Jeg sov bedre 😊 شكرا"
    sent = helper.post(path(town, conversation), data=WRITTEN | {"words": words})
    assert sent.status_code == 303
    (kept,) = answers(town, conversation)
    assert (kept.items, kept.total, kept.channel) == ([77, 21, 100, 0], 198, "paper")
    assert (kept.entered_by, kept.words, kept.form) == (town.helper.membership_id, words, "hjelpa.outcome")
    page = helper.get(town.path(f"/courses/{course_id}?lang=en")).text
    assert f"On paper, written in by {town.helper.name}" in page
    assert words in page


@pytest.mark.parametrize("value", ["10,1", "-1", "abc", "5,55", "11", "NaN", "٣", "1" * 300])
def test_a_wrong_number_is_told_beside_its_field_and_nothing_is_lost(
    helper: FlaskClient, town: Town, value: str
) -> None:
    _, (conversation,) = make_course(town)
    page = helper.post(path(town, conversation), data=WRITTEN | {"item2": value, "words": "husk dette"})
    assert page.status_code == 422
    assert 'id="item2-error"' in page.text
    assert 'id="item1-error"' not in page.text
    assert 'value="7,7"' in page.text and "husk dette" in page.text and value in page.text
    assert list_answers(town, conversation) == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"channel": ""}, "channel"),
        ({"channel": "screen"}, "channel"),
        ({"words": "a" * 501}, "words"),
        (dict.fromkeys(("item1", "item2", "item3", "item4"), ""), "item1"),
    ],
    ids=["no channel", "another channel", "too many words", "no number"],
)
def test_what_is_missing_or_too_much_is_told(
    helper: FlaskClient, town: Town, changed: dict[str, str], field: str
) -> None:
    _, (conversation,) = make_course(town)
    page = helper.post(path(town, conversation), data=WRITTEN | changed)
    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text
    assert list_answers(town, conversation) == []


def test_an_open_line_stays_unanswered(helper: FlaskClient, town: Town) -> None:
    _, (conversation,) = make_course(town)
    helper.post(path(town, conversation), data=WRITTEN | {"item3": ""})
    (kept,) = answers(town, conversation)
    assert (kept.items, kept.total, kept.state) == ([77, 21, None, 0], None, "answered")


def test_what_they_gave_themselves_is_never_overwritten(
    helper: FlaskClient, client: FlaskClient, town: Town
) -> None:
    _, (conversation,) = make_course(town)
    _, address = make_link(helper, town, conversation)
    assert helper.get(path(town, conversation)).status_code == 200
    client.post(address, data=ALL_ANSWERED)
    for answer in (helper.get(path(town, conversation)), helper.post(path(town, conversation), data=WRITTEN)):
        assert answer.status_code == 303
    assert [(row.total, row.channel, row.entered_by) for row in answers(town, conversation)] == [
        (248, "link", None)
    ]


def test_what_was_written_in_can_be_put_right_and_a_skipped_one_filled(helper: FlaskClient, town: Town) -> None:
    course_id, (conversation,) = make_course(town)
    add_answer(town, course_id, conversation, None, state="skipped")
    helper.post(path(town, conversation), data=WRITTEN)
    page = helper.get(f"{path(town, conversation)}?lang=nb").text
    assert 'value="7,7"' in page and 'value="paper" checked' in page
    helper.post(path(town, conversation), data=WRITTEN | {"item1": "1", "channel": "phone"})
    (kept,) = answers(town, conversation)
    assert (kept.items, kept.channel) == ([10, 21, 100, 0], "phone")


def test_what_they_answer_themselves_replaces_what_was_written_in(
    helper: FlaskClient, client: FlaskClient, town: Town
) -> None:
    _, (conversation,) = make_course(town)
    _, address = make_link(helper, town, conversation)
    helper.post(path(town, conversation), data=WRITTEN | {"words": "fra arket"})
    assert client.post(address, data=ALL_ANSWERED).status_code == 303
    kept = [(row.total, row.channel, row.entered_by, row.words) for row in answers(town, conversation)]
    assert kept == [(248, "link", None, "")]
    assert 'role="status"' not in client.get(address).text
    helper.post(path(town, conversation), data=WRITTEN)
    assert [row.total for row in answers(town, conversation)] == [248]


def test_skipping_does_not_take_away_what_was_written_in(
    helper: FlaskClient, client: FlaskClient, town: Town
) -> None:
    _, (conversation,) = make_course(town)
    _, address = make_link(helper, town, conversation)
    helper.post(path(town, conversation), data=WRITTEN)
    client.post(f"{address}?lang=en", data={"skip": "1"})
    assert [row.total for row in answers(town, conversation)] == [198]
    assert "had already arrived" in client.get(f"{address}?lang=en").text


def test_after_thirty_days_nothing_is_written_in(helper: FlaskClient, town: Town) -> None:
    now = utcnow()
    _, (old, fresh) = make_course(town, held=[now - ENTER_DAYS - timedelta(minutes=1), now - timedelta(days=29)])
    for conversation in (old, fresh):
        assert helper.post(path(town, conversation), data=WRITTEN).status_code == 303
    assert (len(answers(town, old)), len(answers(town, fresh))) == (0, 1)


def test_a_low_mark_from_paper_is_a_sign_too(helper: FlaskClient, town: Town) -> None:
    course_id, (conversation,) = make_course(town)
    helper.post(path(town, conversation), data=WRITTEN | {"scale": "alliance"})
    assert "followups" in helper.get(town.path(f"/courses/{course_id}")).text
    assert "Follow-up:" in helper.get(town.path(f"/courses/{course_id}?lang=en")).text


def test_a_raters_answer_is_written_in_beside_the_citizens(helper: FlaskClient, town: Town) -> None:
    course_id, (conversation,) = make_course(town)
    add_answer(town, course_id, conversation, 200)
    rater = add_rater(helper, town, course_id, "Mamma")
    assert helper.post(path(town, conversation), data=WRITTEN | {"rater": str(rater)}).status_code == 303
    kept = {row.rater_id: row.total for row in answers(town, conversation)}
    assert kept == {None: 200, rater: 198}


NOW = datetime(2026, 11, 20, tzinfo=UTC)


@given(
    days=st.floats(0, 60),
    state=st.sampled_from((None, "skipped", "answered")),
    entered=st.booleans(),
)
def test_the_rule_of_who_may_write_in(days: float, state: str | None, entered: bool) -> None:
    held_at = NOW - timedelta(days=days)
    allowed = may_enter(NOW, held_at, state=state, entered=entered)
    if state == "answered" and not entered:
        assert not allowed
    else:
        assert allowed == (NOW - held_at <= ENTER_DAYS)


@given(st.integers(0, 100), st.sampled_from(".,"))
def test_every_mark_is_read_as_people_write_it(tenths: int, sign: str) -> None:
    assert read_mark(f" {tenths // 10}{sign}{tenths % 10} ", 100) == tenths


@given(st.text(max_size=8))
def test_nothing_else_is_a_mark(typed: str) -> None:
    try:
        assert 0 <= read_mark(typed, 100) <= 100
    except ValueError:
        return
    assert set(typed.strip()) <= set("0123456789.,")
