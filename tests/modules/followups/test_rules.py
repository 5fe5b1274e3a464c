"""The clock in working hours, in the municipality's own time, over weekends, holidays and the change of the clocks."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hjelpa.core.schemas import LOCAL, local_moment
from modules.citizens.workdays import is_working_day
from modules.followups.rules import (
    WORK_BEGINS,
    WORK_ENDS,
    clock,
    due_after,
    find_held_problem,
    which,
)

moments = st.datetimes(datetime(2024, 1, 1), datetime(2032, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC))
WORKDAY = 8 * 60


def worked(begin: datetime, end: datetime, country: str) -> int:
    """Working minutes between two moments, counted minute by minute on the clock on the wall."""
    at, last = begin.astimezone(LOCAL).replace(tzinfo=None), end.astimezone(LOCAL).replace(tzinfo=None)
    minutes = 0
    while at < last:
        minutes += is_working_day(at.date(), country) and WORK_BEGINS <= at.time() < WORK_ENDS
        at += timedelta(minutes=1)
    return minutes


countries = st.sampled_from(("NO", "DK", "SE"))


@given(moments.map(lambda moment: moment.replace(second=0, microsecond=0)), countries)
def test_there_is_one_working_day_between_a_sign_and_its_due_time(noticed: datetime, country: str) -> None:
    assert worked(noticed, due_after(noticed, country), country) == WORKDAY


@given(moments, countries)
def test_it_is_due_while_somebody_works(noticed: datetime, country: str) -> None:
    due = due_after(noticed, country).astimezone(LOCAL)
    assert is_working_day(due.date(), country) and WORK_BEGINS < due.time() <= WORK_ENDS
    assert due > noticed


@given(moments, st.timedeltas(timedelta(), timedelta(days=30)))
def test_a_later_sign_is_never_due_earlier(noticed: datetime, wait: timedelta) -> None:
    assert due_after(noticed + wait, "NO") >= due_after(noticed, "NO")


Wall = tuple[int, int, int, int, int]


def local(wall: Wall) -> datetime:
    year, month, day, hour, minute = wall
    return datetime(year, month, day, hour, minute, tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("noticed", "due"),
    [
        ((2026, 11, 24, 10, 15), (2026, 11, 25, 10, 15)),  # Tuesday
        ((2026, 11, 20, 13, 0), (2026, 11, 23, 13, 0)),  # Friday: over the weekend
        ((2026, 11, 21, 12, 0), (2026, 11, 23, 16, 0)),  # Saturday: all of Monday
        ((2026, 11, 24, 23, 30), (2026, 11, 25, 16, 0)),  # at night
        ((2026, 11, 24, 6, 0), (2026, 11, 24, 16, 0)),  # before anyone is at work
        ((2026, 3, 27, 14, 0), (2026, 3, 30, 14, 0)),  # the clocks go forward in between
        ((2026, 4, 1, 9, 0), (2026, 4, 7, 9, 0)),  # over Easter
        ((2026, 5, 13, 9, 0), (2026, 5, 15, 9, 0)),  # Ascension Day
    ],
)
def test_examples(noticed: Wall, due: Wall) -> None:
    assert due_after(local(noticed), "NO") == local(due)


def test_the_own_countrys_holidays_count() -> None:
    noticed = local((2027, 5, 14, 9, 0))  # the Friday before a 17 May that is Whit Monday in both countries
    assert [due_after(noticed, country).day for country in ("NO", "DK")] == [18, 18]
    noticed = local((2028, 5, 16, 9, 0))
    assert [due_after(noticed, country).day for country in ("NO", "DK")] == [18, 17]


@given(moments, st.timedeltas(timedelta(days=-40), timedelta(days=40)))
def test_the_clock_never_promises_more_time_than_there_is(now: datetime, ahead: timedelta) -> None:
    late, unit, count = clock(now + ahead, now)
    assert late is (ahead <= timedelta())
    said = timedelta(**{unit: count})
    assert said <= abs(ahead) < said + timedelta(**{unit: 1})
    assert count < {"minutes": 60, "hours": 24, "days": 50}[unit]


@given(moments, moments)
def test_a_conversation_ends_a_follow_up_only_between_its_beginning_and_now(
    begun: datetime, now: datetime
) -> None:
    for moment in (begun, now):
        local = moment.astimezone(LOCAL)
        problem = find_held_problem(local.date(), local.time().replace(second=0, microsecond=0), begun, now)
        floor = begun.replace(second=0, microsecond=0)
        assert (problem is None) is (floor <= moment.replace(second=0, microsecond=0) <= now)


def test_what_is_wrong_is_told_apart() -> None:
    begun, now = local_moment(date(2026, 11, 24), time(9)), local_moment(date(2026, 11, 25), time(12))
    assert find_held_problem(date(2026, 11, 26), time(8), begun, now) == "day_ahead"
    assert find_held_problem(date(2026, 11, 25), time(13), begun, now) == "time_ahead"
    assert find_held_problem(date(2026, 11, 24), time(8, 59), begun, now) == "before"
    assert find_held_problem(date(2026, 11, 24), time(9), begun, now) is None


def test_only_those_who_oversee_see_everyones() -> None:
    assert [which(asked, oversees=False) for asked in ("all", "mine", "ended", "x", None)] == [
        "mine",
        "mine",
        "ended",
        "mine",
        "mine",
    ]
    assert which("all", oversees=True) == "all"
