"""Several who answer in one course: each with a curve of their own, side by side, never put together, in no figure."""

import re
import uuid
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from hjelpa.core.contract import Counts
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.types import utcnow
from modules.feedback.team.indicators import count_feedback_in_first_meeting
from network.benchmarks.rules import period_of
from tests.modules.feedback.asking import add_rater, answers, make_link, raters
from tests.modules.feedback.courses import ALL_ANSWERED, add_answer, hand_over, make_course
from tests.people import Town

DAY = timedelta(days=1)
LOW = {name: "1" for name in ("item1", "item2", "item3", "item4")} | {
    f"{name}_answered": "1" for name in ("item1", "item2", "item3", "item4")
}


@pytest.fixture
def helper(town: Town) -> FlaskClient:
    return town.client()


def test_each_answers_by_an_address_of_their_own(helper: FlaskClient, client: FlaskClient, town: Town) -> None:
    course_id, (conversation,) = make_course(town)
    mum, dad = (add_rater(helper, town, course_id, label) for label in ("Mamma", "Pappa"))
    own = hand_over(helper, town, conversation)
    _, hers = make_link(helper, town, conversation, rater=str(mum))
    _, his = make_link(helper, town, conversation, rater=str(dad))
    page = client.get(f"{hers}?lang=en").text
    assert "You answer as Mamma" in page
    assert "I would rather not be asked" not in page
    client.post(own, data=ALL_ANSWERED)
    client.post(hers, data=LOW)
    client.post(his, data={"skip": "1"})
    kept = {row.rater_id: (row.state, row.total) for row in answers(town, conversation)}
    assert kept == {None: ("answered", 248), mum: ("answered", 40), dad: ("skipped", None)}
    assert "Your curve" not in client.get(f"{hers}?lang=en").text


def test_they_are_shown_side_by_side_and_never_averaged(
    helper: FlaskClient, client: FlaskClient, town: Town
) -> None:
    now = utcnow()
    course_id, (first, second) = make_course(town, held=[now - 5 * DAY, now - DAY])
    for conversation, total in ((first, 200), (second, 280)):
        add_answer(town, course_id, conversation, total)
    rater = add_rater(helper, town, course_id, "<b>Mamma</b> & co")
    for conversation, sent in ((first, LOW), (second, ALL_ANSWERED)):
        client.post(make_link(helper, town, conversation, rater=str(rater))[1], data=sent)
    section = helper.get(town.path(f"/courses/{course_id}?lang=en")).text
    assert "&lt;b&gt;Mamma&lt;/b&gt; &amp; co marked higher than the first time." in section
    assert "The last score is 28 of 40, 8 higher than the first." in section
    assert re.search(r"<td>28.0</td>\s*<td>24.8</td>", section)
    curve = helper.get(town.path(f"/feedback/courses/{course_id}?lang=en")).text
    assert "<b>Mamma" not in section + curve
    assert f'id="rater-{rater}-wide-title"' in curve
    # The mean of both would be 26.4, and of the first 12.
    assert not re.search(r"\b(26[.,]4|12[.,]0)\b", section + curve)


def test_a_rater_is_in_no_figure(helper: FlaskClient, client: FlaskClient, town: Town) -> None:
    course_id, (conversation,) = make_course(town)
    rater = add_rater(helper, town, course_id, "Mamma")
    client.post(make_link(helper, town, conversation, rater=str(rater))[1], data=ALL_ANSWERED)
    with town.app.app_context(), tenant_scope(town.tenant_id, read_only=True):
        year = period_of(str(utcnow().year))
        assert count_feedback_in_first_meeting(year) == Counts(0, 1, 1)


def test_a_low_curve_of_another_is_no_sign_about_the_course(
    helper: FlaskClient, client: FlaskClient, town: Town
) -> None:
    now = utcnow()
    course_id, conversations = make_course(town, held=[now - days * DAY for days in (5, 4, 3)])
    rater = add_rater(helper, town, course_id, "Mamma")
    for conversation, sent in zip(conversations, (ALL_ANSWERED, LOW, LOW), strict=True):
        client.post(make_link(helper, town, conversation, rater=str(rater))[1], data=sent)
    assert "Follow-up:" not in helper.get(town.path(f"/courses/{course_id}?lang=en")).text


def test_one_who_has_ended_is_not_asked_and_stays_on_the_page(
    helper: FlaskClient, client: FlaskClient, town: Town
) -> None:
    course_id, (conversation,) = make_course(town)
    rater = add_rater(helper, town, course_id, "Mamma")
    client.post(make_link(helper, town, conversation, rater=str(rater))[1], data=ALL_ANSWERED)
    for _ in range(2):
        ended = helper.post(town.path(f"/feedback/courses/{course_id}/raters/{rater}/end"))
        assert ended.status_code == 303
    assert raters(town, course_id)[0].ended_at is not None
    refused = helper.post(
        town.path(f"/feedback/conversations/{conversation}/link"),
        data={"scale": "alliance", "rater": str(rater)},
    )
    assert "/feedback/links/" not in refused.location
    assert "Mamma has answered once" in helper.get(town.path(f"/courses/{course_id}?lang=en")).text


def test_the_same_form_twice_is_one_and_the_same_name_is_refused(helper: FlaskClient, town: Town) -> None:
    course_id, _ = make_course(town)
    path, key = town.path(f"/feedback/courses/{course_id}/raters"), str(uuid.uuid4())
    for _ in range(2):
        assert helper.post(path, data={"label": "Mamma", "key": key}).status_code == 303
    again = helper.post(path, data={"label": "mamma", "key": str(uuid.uuid4())})
    assert (again.status_code, 'id="label-error"' in again.text) == (422, True)
    for label in ("", "a" * 41, "–", "🙂", "\u202e"):
        assert helper.post(path, data={"label": label, "key": str(uuid.uuid4())}).status_code == 422
    assert [rater.label for rater in raters(town, course_id)] == ["Mamma"]


def test_no_name_is_told_on_the_next_page(helper: FlaskClient, town: Town) -> None:
    """What is flashed travels in a cookie that anybody with the browser can read."""
    course_id, _ = make_course(town)
    rater = add_rater(helper, town, course_id, "Mamma")
    with helper.session_transaction() as kept:
        assert "spurt nå" in str(kept) and "Mamma" not in str(kept)
    helper.get(town.path(f"/courses/{course_id}"))
    helper.post(town.path(f"/feedback/courses/{course_id}/raters/{rater}/end"))
    with helper.session_transaction() as kept:
        assert "ikke spurt mer" in str(kept) and "Mamma" not in str(kept)


def test_another_courses_rater_does_not_exist_here(helper: FlaskClient, town: Town) -> None:
    course_id, (conversation,) = make_course(town)
    other_id, _ = make_course(town)
    rater = add_rater(helper, town, other_id, "Pappa")
    assert helper.post(town.path(f"/feedback/courses/{course_id}/raters/{rater}/end")).status_code == 404
    for path in ("link", "enter", "hand-over"):
        sent = helper.post(
            town.path(f"/feedback/conversations/{conversation}/{path}"),
            data={"scale": "outcome", "rater": str(rater)},
        )
        assert sent.status_code == 404
    assert raters(town, other_id)[0].ended_at is None


def test_nobody_is_added_to_a_course_that_has_ended(helper: FlaskClient, town: Town) -> None:
    now = utcnow()
    course_id, _ = make_course(town, held=[now - DAY], closed_at=now)
    add_rater(helper, town, course_id, "Mamma")
    assert raters(town, course_id) == []


def test_other_ways_lead_to_the_first_who_can_still_answer(helper: FlaskClient, town: Town) -> None:
    course_id, (conversation,) = make_course(town)
    add_answer(town, course_id, conversation, 200)
    mum = add_rater(helper, town, course_id, "Mamma")
    page = helper.get(town.path(f"/courses/{course_id}?lang=en")).text
    ways = {address.replace("&amp;", "&") for address in re.findall(r'href="([^"]+/ways[^"]*)"', page)}
    answered = town.path(f"/feedback/conversations/{conversation}/ways?scale=outcome")
    assert f"{answered}&rater={mum}" in ways and answered not in ways
    assert town.path(f"/feedback/conversations/{conversation}/ways?scale=alliance") in ways
    reasons = helper.get(f"{answered}&lang=en").text
    assert "It has been answered." in reasons and "more than a week ago" not in reasons
