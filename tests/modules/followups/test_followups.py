"""A follow-up from the sign to the agreement: one for each course, held by whoever answers for it, with a clock."""

import re
import uuid
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hjelpa.core.events import Dissatisfaction, publish
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from modules.citizens.commands import end_course, pass_on
from modules.citizens.models import Conversation
from modules.followups.jobs import climb
from modules.followups.models import FollowUp, Signal
from modules.followups.rules import due_after
from tenants.notices.models import Notice
from tests.modules.door import begun, get, id_in, in_english, post, rows, tomorrow
from tests.modules.feedback.courses import ALL_ANSWERED, hand_over, inside, make_course
from tests.people import Town, make_town
from tests.statements import counted_statements

TUESDAY = datetime(2026, 11, 24, 10, 15, tzinfo=LOCAL)


@pytest.fixture
def helper(town: Town) -> FlaskClient:
    return town.client()


@pytest.fixture
def course_id(town: Town) -> uuid.UUID:
    return make_course(town)[0]


def signal(town: Town, course_id: uuid.UUID, kind: Any = "alliance", at: datetime | None = None) -> uuid.UUID:
    """A sign, and the id of the follow-up that it belongs to."""
    with inside(town):
        publish(Dissatisfaction(course_id, kind, at or utcnow()))
    return uuid.UUID(str(followups(town, course_id)[-1].id))


def followups(town: Town, course_id: uuid.UUID) -> Sequence[Any]:
    columns = (FollowUp.id, FollowUp.opened_at, FollowUp.due_at, FollowUp.closed_at, FollowUp.conversation_id)
    return rows(town, select(*columns).where(FollowUp.course_id == course_id).order_by(FollowUp.opened_at))


def notices(town: Town, kind: str) -> Sequence[uuid.UUID]:
    return [row[0] for row in rows(town, select(Notice.membership_id).where(Notice.kind == kind))]


def talk(**typed: str) -> dict[str, str]:
    """The form that ends a follow-up, filled in."""
    now = utcnow().astimezone(LOCAL)
    return {
        "held_date": now.date().isoformat(),
        "held_time": f"{now:%H:%M}",
        "words": "Det gikk for fort",
        "next_step": "Vi tar det roligere",
        "next_date": tomorrow(),
        "next_time": "12:00",
        **typed,
    }


def test_a_sign_opens_one_follow_up_and_the_next_is_added(town: Town, course_id: uuid.UUID) -> None:
    signal(town, course_id, "alliance", TUESDAY)
    signal(town, course_id, "outcome", TUESDAY + timedelta(hours=2))
    (opened,) = followups(town, course_id)
    assert (opened.opened_at, opened.due_at) == (TUESDAY, due_after(TUESDAY, "NO"))
    signs = rows(town, select(Signal.kind).where(Signal.followup_id == opened.id).order_by(Signal.noticed_at))
    assert [kind for (kind,) in signs] == ["alliance", "outcome"]


def test_the_same_button_twice_is_one_sign(town: Town, helper: FlaskClient, course_id: uuid.UUID) -> None:
    for _ in range(2):
        answer = post(helper, town.path(f"/followups/courses/{course_id}"), {})
        assert answer.status_code == 303
    (opened,) = followups(town, course_id)
    assert len(rows(town, select(Signal.id).where(Signal.followup_id == opened.id))) == 1


def test_signs_at_once_open_one_follow_up(town: Town, course_id: uuid.UUID) -> None:
    kinds = ("alliance", "outcome", "off_track", "said")
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda kind: signal(town, course_id, kind), kinds))) == 1
    assert len(rows(town, select(Signal.id))) == 4


def test_the_button_says_who_calls_and_the_course_shows_the_clock(
    town: Town, helper: FlaskClient, course_id: uuid.UUID
) -> None:
    page = town.path(f"/courses/{course_id}")
    assert "Not satisfied, or needs a talk" in get(helper, page)
    post(helper, town.path(f"/followups/courses/{course_id}"), {})
    shown = get(helper, page)
    due = f"{followups(town, course_id)[0].due_at.astimezone(LOCAL):%-d %b %Y %H:%M}"
    assert f"Call before {due}" in shown and re.search(r"\d+ (hour|day|minute)s? left", shown)
    assert "Follow-up: Said: not satisfied" in shown


def test_the_section_costs_the_course_page_one_statement(town: Town, course_id: uuid.UUID) -> None:
    client = town.client()
    signal(town, course_id)
    with counted_statements() as seen:
        client.get(town.path(f"/courses/{course_id}"))
    assert sum("followup_signals" in statement for statement in seen) == 1


def test_it_is_on_the_day_of_whoever_answers_now(town: Town) -> None:
    town = make_town(town.app, extra_helpers=1)
    course_id, _ = make_course(town)
    followup_id = signal(town, course_id)
    line = f"/followups/{followup_id}"
    assert line in get(town.client(), town.path("/"))
    assert line not in get(town.client("helper2"), town.path("/"))
    taker = town.people["helper2"].membership_id
    assert taker is not None
    with inside(town):
        pass_on(course_id, to_id=taker, at=utcnow())
    assert line not in get(town.client(), town.path("/"))
    assert "Ada Liksom" in get(town.client("helper2"), town.path("/"))


def test_the_leader_is_told_once_when_the_time_has_passed(town: Town, course_id: uuid.UUID) -> None:
    followup_id = signal(town, course_id, at=utcnow() - timedelta(days=9))
    waiting = signal(town, make_course(town)[0])
    for _ in range(2):
        run(town)
    assert notices(town, "followups.time_passed") == [town.leader.membership_id]
    front = get(town.client("leader"), town.path("/"))
    assert str(waiting) not in front
    assert f"/followups/{followup_id}" in front and "nobody has taken in time" in front
    # The leader sees that somebody waits, and not who.
    assert "Ada Liksom" not in front


def run(town: Town) -> None:
    with inside(town):
        climb({})


def test_the_holder_is_told_but_nobody_of_their_own_button(town: Town, course_id: uuid.UUID) -> None:
    post(town.client(), town.path(f"/followups/courses/{course_id}"), {})
    assert notices(town, "followups.opened") == []
    other, _ = make_course(town)
    signal(town, other)
    assert notices(town, "followups.opened") == [town.helper.membership_id]


def test_it_ends_with_a_conversation_and_an_agreement(
    town: Town, helper: FlaskClient, course_id: uuid.UUID
) -> None:
    where = town.path(f"/followups/{signal(town, course_id)}")
    answer = post(helper, where, talk())
    assert (answer.status_code, answer.location) == (303, town.path(f"/courses/{course_id}"))
    (ended,) = followups(town, course_id)
    said = select(Conversation.course_id, Conversation.matters, Conversation.next_step, Conversation.next_step_at)
    (written,) = rows(town, said.where(Conversation.id == ended.conversation_id))
    assert written[:3] == (course_id, "Det gikk for fort", "Vi tar det roligere") and written[3] is not None
    page = get(helper, town.path(f"/courses/{course_id}"))
    assert "The follow-up ended with an agreement" in page and "Vi tar det roligere" in page
    assert "Ended with an agreement" in get(helper, where)
    # And the next sign begins a new one.
    signal(town, course_id, "said", utcnow() + timedelta(minutes=1))
    assert len(followups(town, course_id)) == 2


def test_sent_twice_it_is_one_conversation_and_other_words_are_kept(
    town: Town, helper: FlaskClient, course_id: uuid.UUID
) -> None:
    where = town.path(f"/followups/{signal(town, course_id)}")
    typed = talk()
    assert [post(helper, where, typed).status_code for _ in range(2)] == [303, 303]
    assert len(rows(town, select(Conversation.id).where(Conversation.matters == typed["words"]))) == 1
    late = post(helper, where, talk(words="Noe helt annet"))
    assert late.status_code == 409 and "Noe helt annet" in late.text and "is not saved" in late.text


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"held_date": ""}, "held_date", "Choose a date"),
        ({"held_time": ""}, "held_time", "Write a time"),
        ({"held_date": "2020-01-01"}, "held_date", "before the follow-up began"),
        ({"held_date": "2099-01-01"}, "held_date", "This day has not come yet"),
        ({"words": " "}, "words", "Write what was said"),
        ({"next_step": ""}, "next_step", "Write what you agreed on"),
        ({"next_time": ""}, "next_time", "Write a time"),
        ({"next_date": "2020-01-01"}, "next_date", "This day has passed"),
    ],
)
def test_what_is_missing_is_told_at_its_field_and_nothing_is_lost(
    town: Town, helper: FlaskClient, course_id: uuid.UUID, typed: Mapping[str, str], field: str, message: str
) -> None:
    followup_id = signal(town, course_id)
    answer = post(helper, town.path(f"/followups/{followup_id}"), talk(**typed))
    assert answer.status_code == 422
    assert re.search(rf'id="{field}-error"[^>]*>[^<]*{message}', answer.text), answer.text
    for name, value in talk(**typed).items():
        if name in ("words", "next_step") and value.strip():
            assert value in answer.text
    assert followups(town, course_id)[0].closed_at is None


def test_a_course_that_ends_first_ends_it_without_an_agreement(
    town: Town, helper: FlaskClient, course_id: uuid.UUID
) -> None:
    followup_id = signal(town, course_id)
    with inside(town):
        end_course(course_id, "unilateral")
    assert "The course ended first" in get(helper, town.path(f"/followups/{followup_id}"))
    assert f"/followups/{followup_id}" not in get(helper, town.path("/"))
    assert "Course ended" in get(helper, town.path("/followups?show=ended"))
    assert post(helper, town.path(f"/followups/{followup_id}"), talk()).status_code == 409
    # A sign after the end opens nothing; whoever held the course is told.
    with inside(town):
        publish(Dissatisfaction(course_id, "alliance", utcnow()))
    assert len(followups(town, course_id)) == 1
    assert notices(town, "followups.after_the_end") == [town.helper.membership_id]


def test_lists_by_the_clock_and_by_circle(town: Town) -> None:
    early, late = make_course(town)[0], make_course(town)[0]
    second = signal(town, late, at=utcnow() - timedelta(days=3))
    first = signal(town, early, at=utcnow() - timedelta(days=9))
    page = get(town.client(), town.path("/followups"))
    assert page.index(str(first)) < page.index(str(second)) and "Time passed" in page
    whole = get(town.client("leader"), town.path("/followups?show=all"))
    assert whole.index(str(first)) < whole.index(str(second)) and "Ada Liksom" not in whole
    assert "Nobody waits for a call" in get(town.client("leader"), town.path("/followups"))
    # A helper who asks for everybody's gets the own ones.
    assert "All open" not in get(town.client(), town.path("/followups?show=all"))


def test_outside_the_circle_a_reason_comes_first(town: Town, course_id: uuid.UUID) -> None:
    followup_id = signal(town, course_id)
    for answer in (
        town.client("leader").get(town.path(f"/followups/{followup_id}")),
        town.client("leader").post(town.path(f"/followups/{followup_id}"), data=talk()),
        town.client("leader").post(town.path(f"/followups/courses/{course_id}")),
    ):
        assert (answer.status_code, answer.location) == (303, town.path(f"/courses/{course_id}/reason"))
    assert followups(town, course_id)[0].closed_at is None


LOW = ALL_ANSWERED | {"item3": "4.9"}


@pytest.mark.parametrize(("sheet", "opened"), [(LOW, 1), (ALL_ANSWERED | {"item2": "5.1"}, 0), ({"skip": "1"}, 0)])
def test_a_low_mark_on_the_alliance_scale_is_a_sign(
    town: Town, helper: FlaskClient, sheet: dict[str, str], opened: int
) -> None:
    course_id, (talk_id,) = make_course(town)
    where = hand_over(helper, town, talk_id, "alliance")
    assert town.app.test_client().post(where, data=sheet).status_code == 303
    assert len(followups(town, course_id)) == opened


def test_two_totals_below_the_first_are_a_sign_and_one_is_not(town: Town, helper: FlaskClient) -> None:
    moments = [utcnow() - timedelta(days=days) for days in (3, 2, 1)]
    course_id, talks = make_course(town, held=moments)
    found = []
    for talk_id, mark in zip(talks, ("8", "6", "7"), strict=True):
        sheet = {name: mark if name in ("item1", "item2", "item3", "item4") else "1" for name in ALL_ANSWERED}
        town.app.test_client().post(hand_over(helper, town, talk_id), data=sheet)
        found.append(len(followups(town, course_id)))
    assert found == [0, 0, 1]


def test_where_the_feature_is_off_a_sign_opens_nothing(town: Town) -> None:
    course_id, (talk_id,) = make_course(town)
    town.client("administrator").post(town.path("/settings/features/followups"), data={"on": "0"})
    where = hand_over(town.client(), town, talk_id, "alliance")
    assert town.app.test_client().post(where, data=LOW).status_code == 303
    assert followups(town, course_id) == []


def test_the_leaders_figures_lead_to_the_lists(town: Town, course_id: uuid.UUID) -> None:
    begun = utcnow() - timedelta(hours=10)
    where = town.path(f"/followups/{signal(town, course_id, at=begun)}")
    assert post(town.client(), where, talk()).status_code == 303
    signal(town, make_course(town)[0])
    page = town.client("leader").get(in_english(town.path("/steering"))).text
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "Open follow-ups 1" in words and re.search(r"Hours to the conversation (10\.0|9\.9)", words)
    assert town.path("/followups?show=all") in page and town.path("/followups?show=ended") in page


def test_an_open_follow_up_goes_with_the_course_when_somebody_leaves(app: Flask) -> None:
    """It has no holder of its own: whoever answers for the course has it on *I dag*, is told, and may end it."""
    town = make_town(app, extra_helpers=1)
    course_id = id_in(begun(town.client("helper2"), town))
    address = town.path(f"/followups/{signal(town, course_id)}")
    assert address in get(town.client("helper2"), town.path("/"))
    where = town.path(f"/settings/people/{town.people['helper2'].membership_id}/leave")
    assert post(town.client("administrator"), where, {}).status_code == 303
    leader = town.client("leader")
    assert address in get(leader, town.path("/")) and address in get(leader, town.path("/followups"))
    assert post(leader, address, talk()).status_code == 303
    assert followups(town, course_id)[0].closed_at is not None
