"""A signal from the answer to what was done about it, in a real municipality."""

import re
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select, update

from hjelpa.core.database import db
from hjelpa.core.events import FollowedUp, publish
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from hjelpa.web.i18n import Dates
from modules.citizens.commands import end_course, pass_on
from modules.feedback.answering.commands import decline
from modules.feedback.models import Answer
from modules.feedback.scales.registry import OWN_PACK
from modules.feedback.signals.commands import notice
from modules.feedback.signals.jobs import find_signals
from modules.feedback.signals.models import FeedbackSignal
from modules.feedback.trajectory.models import TrajectoryModel
from modules.followups.models import FollowUp, Signal
from tests.modules.door import get, post, rows, tomorrow
from tests.modules.feedback.courses import ALL_ANSWERED, add_answer, hand_over, inside, make_course
from tests.people import Town, make_town
from tests.statements import counted_statements

DAY = timedelta(days=1)


@pytest.fixture
def helper(town: Town) -> FlaskClient:
    return town.client()


def signals(town: Town, course_id: uuid.UUID | None = None) -> Sequence[Any]:
    columns = (FeedbackSignal.id, FeedbackSignal.kind, FeedbackSignal.conversation_id, FeedbackSignal.ended_at)
    query = select(*columns, FeedbackSignal.done, FeedbackSignal.words, FeedbackSignal.ended_by)
    if course_id is not None:
        query = query.where(FeedbackSignal.course_id == course_id)
    return rows(town, query.order_by(FeedbackSignal.noticed_at, FeedbackSignal.kind))


def answer(town: Town, helper: FlaskClient, talk_id: uuid.UUID, mark: str, scale: str = "outcome") -> None:
    sheet = {name: mark if re.fullmatch(r"item\d", name) else "1" for name in ALL_ANSWERED}
    where = hand_over(helper, town, talk_id, scale)
    assert town.app.test_client().post(where, data=sheet).status_code == 303


def look(town: Town) -> None:
    with inside(town):
        find_signals({})


def waiting_course(town: Town, *, days: Sequence[int] = (21, 14, 7), helper: uuid.UUID | None = None) -> uuid.UUID:
    """A course with conversations and no answers."""
    return make_course(town, held=[utcnow() - each * DAY for each in days], helper=helper)[0]


def switch_off_followups(town: Town) -> None:
    town.client("administrator").post(town.path("/settings/features/followups"), data={"on": "0"})


def test_an_answer_opens_a_signal_and_a_follow_up_in_one_go(town: Town, helper: FlaskClient) -> None:
    course_id, talks = make_course(town, held=[utcnow() - days * DAY for days in (3, 2, 1)])
    found = []
    for talk_id, mark in zip(talks, ("8", "6", "7"), strict=True):
        answer(town, helper, talk_id, mark)
        found.append([row.kind for row in signals(town, course_id)])
    assert found == [[], [], ["off_track"]]
    assert signals(town, course_id)[0].conversation_id == talks[-1]
    signs = select(Signal.kind).join(FollowUp, FollowUp.id == Signal.followup_id)
    assert rows(town, signs.where(FollowUp.course_id == course_id)) == [("off_track",)]


def test_a_signal_says_when_it_was_so_and_that_an_answer_has_come_since(town: Town, helper: FlaskClient) -> None:
    held = [utcnow() - days * DAY for days in (4, 3, 2, 1)]
    course_id, talks = make_course(town, held=held)
    for talk_id, mark in zip(talks[:3], ("8", "6", "7"), strict=True):
        answer(town, helper, talk_id, mark)
    ((signal_id, *_),) = signals(town, course_id)
    pages = [town.path(f"/feedback/signals/{signal_id}"), town.path(f"/courses/{course_id}")]
    said = f"by the conversation on {Dates(norwegian=False).day(held[2])}, two answers in a row were clearly lower than the first."
    for page in pages:
        assert said in get(helper, page) and "newer answer" not in get(helper, page)
    answer(town, helper, talks[3], "9", "alliance")
    assert "newer answer" not in get(helper, pages[0])
    answer(town, helper, talks[3], "9")
    for page in pages:
        assert said in get(helper, page) and "A newer answer has come since then." in get(helper, page)


@pytest.mark.parametrize(
    ("known", "says"), [(10, "lower than what is usual"), (9, "clearly lower than the first")]
)
def test_what_is_usual_is_said_only_where_the_model_spoke(
    town: Town, helper: FlaskClient, known: int, says: str
) -> None:
    course_id, talks = make_course(town, held=[utcnow() - days * DAY for days in (4, 3, 2)])
    add_answer(town, course_id, talks[2], 200)
    model = {"pack": OWN_PACK, "courses": 90, "answers": 300, "formula_version": "1"}
    signal = {"course_id": course_id, "kind": "off_track", "conversation_id": talks[2]}
    with inside(town):
        db.session.add(TrajectoryModel(fitted_at=utcnow(), parameters={"bands": {"adult": known}}, **model))
        db.session.add(FeedbackSignal(**signal, noticed_at=utcnow() + DAY))
    page = get(helper, town.path(f"/courses/{course_id}"))
    assert [each for each in ("lower than what is usual", "clearly lower than the first") if each in page] == [
        says
    ]


def test_a_low_mark_on_the_alliance_scale(town: Town, helper: FlaskClient) -> None:
    course_id, (talk_id,) = make_course(town)
    answer(town, helper, talk_id, "3", "alliance")
    assert [row.kind for row in signals(town, course_id)] == ["alliance_low"]
    page = get(helper, town.path(f"/courses/{course_id}"))
    assert "Follow-up: Something about the conversation was not as the citizen wished" in page
    assert 'id="signals"' in page and "Talk about this: The conversation was not as the citizen wished" in page


def test_two_looking_at_once_open_one_of_a_kind(town: Town) -> None:
    course_id, (talk_id,) = make_course(town)
    add_answer(town, course_id, talk_id, 120, scale="alliance")

    def one(_: int) -> None:
        with inside(town):
            notice(course_id, utcnow())

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(4)))
    assert [row.kind for row in signals(town, course_id)] == ["alliance_low"]
    assert len(rows(town, select(Signal.id))) == 1


def test_after_the_end_nothing_is_opened_but_whoever_held_it_is_told(town: Town, helper: FlaskClient) -> None:
    course_id, (talk_id,) = make_course(town)
    where = hand_over(helper, town, talk_id, "alliance")
    with inside(town):
        end_course(course_id, "mutual")
    sheet = {name: "2" if re.fullmatch(r"item\d", name) else "1" for name in ALL_ANSWERED}
    assert town.app.test_client().post(where, data=sheet).status_code == 303
    assert signals(town, course_id) == []
    assert "Not satisfied after the end" in get(helper, town.path("/notices"))


def test_after_the_end_only_what_came_now_is_told(town: Town, helper: FlaskClient) -> None:
    course_id, (talk_id,) = make_course(town)
    add_answer(town, course_id, talk_id, 120, scale="alliance")
    where = hand_over(helper, town, talk_id)
    with inside(town):
        end_course(course_id, "mutual")
    sheet = {name: "9" if re.fullmatch(r"item\d", name) else "1" for name in ALL_ANSWERED}
    assert town.app.test_client().post(where, data=sheet).status_code == 303
    assert "Not satisfied after the end" not in get(helper, town.path("/notices"))


def test_at_night_long_silence_is_found_and_no_no_is_a_silence(town: Town) -> None:
    silent, declined, ended = (waiting_course(town) for _ in range(3))
    with inside(town):
        decline(declined, utcnow())
        end_course(ended, "mutual")
    for _ in range(2):
        look(town)
    assert [row.kind for row in signals(town)] == ["no_answer"]
    assert [row.kind for row in signals(town, silent)] == ["no_answer"]
    assert len(rows(town, select(FollowUp.id))) == 1


def test_at_night_the_statements_do_not_grow_with_courses(town: Town) -> None:
    """But for each new signal: none of these has any."""
    counts = []
    for _ in range(2):
        for _ in range(3):
            course_id, (talk_id,) = make_course(town)
            add_answer(town, course_id, talk_id, 240)
        with counted_statements() as seen:
            look(town)
        counts.append(len(seen))
    assert counts[0] == counts[1] < 12 and signals(town) == []


def test_at_night_a_feature_that_is_off_hears_nothing(town: Town) -> None:
    switch_off_followups(town)
    waiting_course(town)
    look(town)
    assert len(signals(town)) == 1 and rows(town, select(FollowUp.id)) == []


def close(town: Town, client: FlaskClient, course_id: uuid.UUID) -> None:
    """Ends the course's follow-up with a conversation."""
    ((followup_id,),) = rows(
        town, select(FollowUp.id).where(FollowUp.course_id == course_id, FollowUp.closed_at.is_(None))
    )
    now = utcnow().astimezone(LOCAL)
    typed = {"held_date": now.date().isoformat(), "held_time": f"{now:%H:%M}", "words": "Det gikk for fort"}
    typed |= {"next_step": "Roligere", "next_date": tomorrow(), "next_time": "12:00"}
    assert post(client, town.path(f"/followups/{followup_id}"), typed).status_code == 303


def test_the_follow_ups_conversation_ends_the_courses_signals_and_no_others(
    town: Town, helper: FlaskClient
) -> None:
    course_id, other = waiting_course(town), waiting_course(town)
    look(town)
    close(town, helper, course_id)
    (ended,) = signals(town, course_id)
    assert (ended.done, ended.ended_by) == ("talked", town.helper.membership_id) and ended.ended_at is not None
    assert [row.ended_at for row in signals(town, other)] == [None]
    # What was known then is talked about: the next night does not bring it again.
    look(town)
    assert len(signals(town, course_id)) == 1
    # Afterwards it may be told once what was done.
    where = town.path(f"/feedback/signals/{ended.id}")
    assert post(helper, where, {"done": "way", "words": "Vi møtes ute"}).status_code == 303
    assert [(row.done, row.words) for row in signals(town, course_id)] == [("way", "Vi møtes ute")]
    late = post(helper, where, {"done": "goal", "words": "Noe annet"})
    assert late.status_code == 409 and "Noe annet" in late.text and "is not saved" in late.text
    page = get(helper, town.path(f"/courses/{course_id}"))
    assert "We changed the way we work" in page and "Vi møtes ute" in page


def test_the_course_page_asks_for_its_signals_once(town: Town, helper: FlaskClient) -> None:
    course_id = waiting_course(town)
    look(town)
    with counted_statements() as seen:
        get(helper, town.path(f"/courses/{course_id}"))
    assert sum("feedback_signals" in statement for statement in seen) == 1


def test_where_follow_ups_are_on_it_stands_once_on_the_day(town: Town, helper: FlaskClient) -> None:
    course_id = waiting_course(town)
    look(town)
    front = get(helper, town.path("/"))
    assert "/followups/" in front and f"/courses/{course_id}" not in front
    (signal,) = signals(town)
    page = get(helper, town.path(f"/feedback/signals/{signal.id}"))
    # The course's follow-up may have ended before the signal came: nothing is promised of one.
    assert 'name="done"' in page and "follow-up of the course" not in page


def test_where_follow_ups_are_off_it_is_on_the_day_and_ends_on_its_own_page(town: Town) -> None:
    town = make_town(town.app, extra_helpers=1)
    switch_off_followups(town)
    course_id = waiting_course(town)
    look(town)
    helper, taker = town.client(), town.people["helper2"].membership_id
    assert f"/courses/{course_id}" in get(helper, town.path("/")) and taker is not None
    with inside(town):
        pass_on(course_id, to_id=taker, at=utcnow())
    assert f"/courses/{course_id}" not in get(helper, town.path("/"))
    mine = town.client("helper2")
    front = get(mine, town.path("/"))
    assert "Ada Liksom" in front and "No whole answer for a while" in front
    (signal,) = signals(town)
    where = town.path(f"/feedback/signals/{signal.id}")
    for _ in range(2):
        assert post(mine, where, {"done": "go_on", "words": ""}).status_code == 303
    (ended,) = signals(town)
    assert (ended.done, ended.ended_by) == ("go_on", taker)
    assert f"/courses/{course_id}" not in get(mine, town.path("/"))


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"words": "Vi møtes ute"}, "done", "Choose what you did"),
        ({"done": "nothing", "words": "Vi møtes ute"}, "done", "Choose what you did"),
        ({"done": "other"}, "words", "Write what you did"),
        ({"done": "talked", "words": "x" * 2001}, "words", "At most 2000"),
    ],
)
def test_what_is_missing_is_told_at_its_field_and_nothing_is_lost(
    town: Town, helper: FlaskClient, typed: dict[str, str], field: str, message: str
) -> None:
    waiting_course(town)
    look(town)
    (signal,) = signals(town)
    page = post(helper, town.path(f"/feedback/signals/{signal.id}"), typed)
    assert page.status_code == 422 and re.search(rf'id="{field}-error"[^>]*>[^<]*{message}', page.text), page.text
    assert typed.get("words", "") in page.text and signals(town)[0].ended_at is None


def test_words_of_any_script_are_shown_as_words(town: Town, helper: FlaskClient) -> None:
    course_id = waiting_course(town)
    look(town)
    (signal,) = signals(town)
    words = "<b>تحدثنا</b> 🙂 \u202eomvendt"
    assert (
        post(helper, town.path(f"/feedback/signals/{signal.id}"), {"done": "other", "words": words}).status_code
        == 303
    )
    page = get(helper, town.path(f"/courses/{course_id}"))
    assert "&lt;b&gt;تحدثنا&lt;/b&gt; 🙂 omvendt" in page


def test_outside_the_circle_a_signal_asks_for_a_reason(town: Town) -> None:
    town = make_town(town.app, extra_helpers=1)
    course_id = waiting_course(town)
    look(town)
    (signal,) = signals(town)
    other = town.client("helper2")
    for met in (
        other.get(town.path(f"/feedback/signals/{signal.id}")),
        post(other, town.path(f"/feedback/signals/{signal.id}"), {"done": "talked"}),
    ):
        assert (met.status_code, met.location) == (303, town.path(f"/courses/{course_id}/reason"))
    assert signals(town)[0].ended_at is None


def test_only_whoever_answers_for_the_course_ends_a_signal(town: Town) -> None:
    """One who has answered for it before may read it still, and does not know what was done."""
    town = make_town(town.app, extra_helpers=1)
    course_id = waiting_course(town)
    look(town)
    ((signal_id, *_),) = signals(town)
    taker, where = town.people["helper2"].membership_id, town.path(f"/feedback/signals/{signal_id}")
    assert taker is not None
    with inside(town):
        pass_on(course_id, to_id=taker, at=utcnow())
    before, now = town.client(), town.client("helper2")
    assert 'name="done"' not in get(before, where) and 'name="done"' in get(now, where)
    assert post(before, where, {"done": "talked"}).status_code == 403
    assert signals(town)[0].ended_at is None
    assert post(now, where, {"done": "talked"}).status_code == 303


def test_followed_up_with_nothing_open_changes_nothing(town: Town) -> None:
    course_id, (talk_id,) = make_course(town)
    with inside(town):
        publish(FollowedUp(course_id, talk_id, utcnow()))
    assert signals(town) == []


def test_an_imported_past_is_no_news(town: Town) -> None:
    moments = [utcnow() - days * DAY for days in (60, 50, 45)]
    course_id, talks = make_course(town, held=moments)
    for talk_id, total, moment in zip(talks, (320, 200, 200), moments, strict=True):
        add_answer(town, course_id, talk_id, total)
        with inside(town):
            set_at(talk_id, moment)
    look(town)
    assert signals(town) == []
    with time_machine.travel(moments[-1] + DAY):
        look(town)
    assert [row.kind for row in signals(town)] == ["off_track"]


def set_at(talk_id: uuid.UUID, moment: datetime) -> None:
    db.session.execute(update(Answer).where(Answer.conversation_id == talk_id).values(answered_at=moment))
