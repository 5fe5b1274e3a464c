"""What gives a signal and what does not: recomputed by a second route, over invented courses."""

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.feedback.scales.forms import Constant
from modules.feedback.scales.registry import OWN_PACK, youngest_form
from modules.feedback.signals.rules import ASLEEP, FRESH, KINDS, LONG, STANDSTILL, find, is_low
from modules.feedback.signals.stories import Meeting, Story, measure_of
from modules.feedback.signals.wording import DONE, SENTENCES, TITLES
from tests.modules.feedback.signals.stories import ALLIANCE, BEGAN, OUTCOME, WEEK, Flat, last, reply, story

DAY = timedelta(days=1)
totals = st.lists(st.none() | st.integers(0, 400), max_size=9)


def kinds(told: Story, now: datetime | None = None) -> list[str]:
    return [found.kind for found in find(told, now or last(told))] if told.meetings else []


@given(totals)
def test_without_a_model_two_in_a_row_clearly_below_the_first_are_off_track(given: list[int | None]) -> None:
    known = [total for total in given if total is not None]
    told = story(given)
    stale = (
        bool(known)
        and last(told) - max(each.held_at for each in told.meetings if each.outcome is not None) > FRESH
    )
    expected = len(known) > 2 and max(known[-2:]) <= known[0] - 40 and not stale
    assert ("off_track" in kinds(told)) is expected


@pytest.mark.parametrize(
    ("limit", "answers", "found"),
    [
        (None, [300, 299, 299], False),
        (None, [300, 260, 261], False),
        (None, [300, 260, 260], True),
        (70, [300, 230, 230], False),
        (70, [300, 229, 229], True),
    ],
)
def test_without_a_model_a_little_lower_is_nothing(limit: int | None, answers: list[int], found: bool) -> None:
    assert ("off_track" in kinds(story(answers, changes=limit))) is found


@given(st.lists(st.integers(0, 400), min_size=1, max_size=9), st.integers(0, 40))
def test_with_a_model_two_in_a_row_below_its_range_are_off_track(given: list[int], low: int) -> None:
    told = story(given, model=Flat(low, 40.0))
    assert ("off_track" in kinds(told)) is (len(given) > 2 and all(total < low * 10 for total in given[-2:]))


@given(st.lists(st.integers(0, 400), min_size=1, max_size=9), st.none() | st.integers(1, 400))
def test_deteriorated_is_beyond_the_limit_and_never_without_one(given: list[int], limit: int | None) -> None:
    expected = limit is not None and given[0] - given[-1] > limit
    assert ("deteriorated" in kinds(story(given, changes=limit))) is expected


@pytest.mark.parametrize(
    ("limit", "to", "kinds_found"),
    [(50, 250, []), (50, 249, ["alliance_fell"]), (None, 261, []), (None, 260, ["alliance_fell"])],
)
def test_a_limit_must_be_passed_and_our_own_part_only_reached(
    limit: int | None, to: int, kinds_found: list[str]
) -> None:
    assert kinds(story(alliance=[300, to], changes=limit)) == kinds_found
    assert ("deteriorated" in kinds(story([300, to], changes=limit))) is (to == 249)


@given(st.lists(st.none() | st.integers(0, 100), min_size=4, max_size=4))
def test_a_mark_nearer_to_not_good_is_low_whichever_way_the_line_goes(items: list[int | None]) -> None:
    low = any(value is not None and value < 100 - value for value in items)
    assert is_low(reply(None, BEGAN, form=ALLIANCE, items=items)) is low
    backwards = replace(ALLIANCE, items=tuple(replace(item, reversed_=True) for item in ALLIANCE.items))
    turned = [None if value is None else 100 - value for value in items]
    assert is_low(reply(None, BEGAN, form=backwards, items=turned)) is low
    worse = replace(ALLIANCE, higher_is_better=False)
    assert is_low(reply(None, BEGAN, form=worse, items=turned)) is low


@pytest.mark.parametrize(("total", "cut_off", "low"), [(280, 300, True), (300, 300, False), (280, None, False)])
def test_a_total_below_a_cut_off_that_may_be_used_is_low(total: int, cut_off: float | None, low: bool) -> None:
    assert is_low(reply(total, BEGAN, form=ALLIANCE, cut_off=cut_off)) is low


def test_only_checked_constants_are_used_and_an_own_limit_goes_before_the_estimate() -> None:
    for state, cut_off, change in (("verified", 360, 50), ("unverified", None, 70)):
        constant = Constant(36, "invented", state)  # type: ignore[arg-type]  # one of the three words
        form = replace(OUTCOME, cut_offs={"adult": constant}, reliable_change=replace(constant, value=5))
        measure = measure_of(form, "adult", estimated=7, model=None)
        assert (measure.cut_off, measure.change) == (cut_off, change)
        assert measure_of(form, "child", estimated=None, model=None).cut_off is None
    assert measure_of(ALLIANCE, "adult", estimated=None, model=Flat(1, 2)).model is None
    assert OUTCOME.pack == OWN_PACK


@given(st.lists(st.integers(200, 400), min_size=1, max_size=6), st.none() | st.integers(1, 100))
def test_the_alliance_fell_from_one_time_to_the_next(given: list[int], limit: int | None) -> None:
    fall = given[-2] - given[-1] if len(given) > 1 else 0
    expected = fall > limit if limit is not None else fall >= 40
    assert ("alliance_fell" in kinds(story(alliance=given, changes=limit))) is expected


@given(
    st.lists(st.integers(0, 400), min_size=1, max_size=10),
    st.none() | st.integers(1, 200),
    st.none() | st.integers(0, 40),
)
def test_no_movement_is_six_near_the_first_of_them(
    given: list[int], limit: int | None, middle: int | None
) -> None:
    six, near = given[-STANDSTILL:], 40 if limit is None else limit
    expected = len(six) == STANDSTILL and all(abs(total - six[0]) <= near for total in six)
    expected = expected and six[0] + near < 400 and (middle is None or six[-1] < middle * 10)
    model = None if middle is None else Flat(0, middle)
    assert ("no_movement" in kinds(story(given, changes=limit, model=model))) is expected


@pytest.mark.parametrize(("total", "found"), [(359, True), (360, False), (390, False)])
def test_where_there_is_no_room_above_nothing_is_missing(total: int, found: bool) -> None:
    assert ("no_movement" in kinds(story([total] * STANDSTILL))) is found


@given(st.lists(st.sampled_from(["whole", "part", "none"]), max_size=7), st.integers(0, 150), st.booleans())
def test_no_answer_is_three_in_vain_or_one_and_a_long_time(given: list[str], days: int, declined: bool) -> None:
    meetings = []
    for place, way in enumerate(given):
        held_at = BEGAN + place * WEEK
        answer = None if way == "none" else reply(200 if way == "whole" else None, held_at, items=[50, None, 1, 2])
        meetings.append(Meeting(place + 1, uuid.UUID(int=place + 1), held_at, answer))
    told = Story(uuid.UUID(int=1), "adult", tuple(meetings), declined=declined)
    now = BEGAN + days * DAY
    held = [meeting for meeting in meetings if meeting.held_at <= now - 2 * DAY]
    whole = [place for place, way in enumerate(given) if way == "whole"]
    in_vain = [meeting for meeting in held if not whole or meeting.number > whole[-1] + 1]
    expected = bool(in_vain) and not declined and now - in_vain[-1].held_at <= ASLEEP
    expected = expected and (len(in_vain) >= 3 or now - in_vain[0].held_at >= LONG)
    assert ("no_answer" in kinds(told, now)) is expected


@pytest.mark.parametrize(
    ("given", "days", "found"),
    [
        ([None, None, None], 2, True),
        ([None, None, None], 1, False),
        ([None, None, 200, None], 10, False),
        ([200, None, None, None], 2, True),
        ([200, None], 41, False),
        ([200, None], 42, True),
        ([None, None, None], 90, True),
        ([None, None, None], 91, False),
    ],
)
def test_a_complete_answer_begins_the_count_anew(given: list[int | None], days: int, found: bool) -> None:
    told = story(given)
    assert ("no_answer" in kinds(told, last(told) + days * DAY)) is found


def test_a_form_that_is_not_scored_is_answered_by_any_mark() -> None:
    given = reply(None, BEGAN, form=youngest_form(), items=[50])
    meetings = tuple(Meeting(place, uuid.UUID(int=place), BEGAN + place * WEEK, given) for place in range(1, 5))
    assert kinds(Story(uuid.UUID(int=1), "child", meetings), BEGAN + 9 * WEEK) == []
    skipped = tuple(replace(meeting, outcome=given._replace(state="skipped", items=())) for meeting in meetings)
    assert kinds(Story(uuid.UUID(int=1), "child", skipped), BEGAN + 9 * WEEK) == ["no_answer"]


def test_after_a_no_was_taken_back_only_what_comes_then_counts() -> None:
    told = story([None] * 6)
    now = last(told) + 3 * DAY
    assert kinds(told, now) == ["no_answer"]
    assert kinds(replace(told, resumed_at=BEGAN + 4 * WEEK), now) == []
    assert kinds(replace(told, resumed_at=BEGAN + 2 * WEEK), now) == ["no_answer"]


WORSE = {
    "off_track": story([300, 200, 190]),
    "deteriorated": story([300, 280, 240], changes=50),
    "alliance_low": story(alliance=[120]),
    "alliance_fell": story(alliance=[400, 300]),
    "no_answer": story([None, None, None]),
    "no_movement": story([200] * 6),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_comes_alone_once_and_not_again_for_what_was_talked_about(kind: str) -> None:
    told, now = WORSE[kind], last(WORSE[kind]) + 3 * DAY
    assert kind in kinds(told, now)
    assert kind not in kinds(replace(told, waiting=frozenset({kind})), now)
    assert kind not in kinds(replace(told, settled={kind: now}), now)
    # What is older says nothing more than it did then.
    assert kind in kinds(replace(told, settled={kind: BEGAN - DAY}), now)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "no_answer"])
def test_an_old_answer_is_no_news(kind: str) -> None:
    told = WORSE[kind]
    assert kind in kinds(told, last(told) + FRESH)
    assert kind not in kinds(told, last(told) + FRESH + DAY)


def test_after_it_was_talked_about_it_takes_something_new() -> None:
    settled = BEGAN + 2 * WEEK + DAY
    for answers, again in (([300, 200, 190, 180], False), ([300, 200, 190, 180, 170], True)):
        assert ("off_track" in kinds(story(answers, settled={"off_track": settled}))) is again
    for answers, again in (([300, 200, 190, 191], False), ([300, 200, 190, 189], True)):
        told = story(answers, changes=50, settled={"deteriorated": settled})
        assert ("deteriorated" in kinds(told)) is again


def test_what_another_answers_counts_for_the_alliance_alone() -> None:
    other = uuid.uuid4()
    low = reply(120, BEGAN, form=ALLIANCE, rater_id=other)
    fine = reply(360, BEGAN, form=ALLIANCE)
    told = Story(uuid.uuid4(), "adult", (Meeting(1, uuid.uuid4(), BEGAN, None, (fine, low)),))
    assert kinds(told) == ["alliance_low"]
    # It is no answer of the citizen's own, and no part of the citizen's own curve.
    later = replace(told.meetings[0], number=2, held_at=BEGAN + WEEK, alliance=(low,))
    assert "alliance_fell" not in kinds(replace(told, meetings=(*told.meetings, later)))


def test_what_somebody_said_later_stands_for_what_they_said_before() -> None:
    assert kinds(story(alliance=[120, 360])) == []
    # Later is when it was given: what was written on paper for the first conversation came last.
    told = story(alliance=[120, 360])
    first, second = told.meetings
    on_paper = first.alliance[0]._replace(answered_at=second.held_at + DAY)
    late = replace(told, meetings=(replace(first, alliance=(on_paper,)), second))
    assert [each.conversation_id for each in find(late, second.held_at + DAY)] == [first.conversation_id]


@pytest.mark.parametrize(("middle", "found"), [(20.1, True), (20.0, False)])
def test_who_is_where_people_are_by_then_has_moved_enough(middle: float, found: bool) -> None:
    assert ("no_movement" in kinds(story([200] * STANDSTILL, model=Flat(0, middle)))) is found


@given(totals, totals, st.none() | st.integers(1, 100), st.integers(0, 200))
def test_the_same_story_gives_the_same_and_at_most_one_of_each(
    outcome: list[int | None], alliance: list[int | None], limit: int | None, days: int
) -> None:
    told = story(outcome, alliance=alliance, changes=limit)
    now = BEGAN + days * DAY + 9 * WEEK
    found = find(told, now)
    assert [each.kind for each in found] == [kind for kind in KINDS if kind in {each.kind for each in found}]
    assert find(told, now) == found
    for each in found:
        assert any(meeting.conversation_id == each.conversation_id for meeting in told.meetings)
        assert find(replace(told, settled={each.kind: now}), now) == tuple(one for one in found if one != each)


def test_every_kind_has_words_that_say_talk() -> None:
    assert set(TITLES) == set(SENTENCES) == set(KINDS) and len(DONE) == 6
    assert all(str(sentence).startswith("Talk about this: ") for sentence in SENTENCES.values())
