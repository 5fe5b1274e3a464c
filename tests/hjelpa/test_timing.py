"""When work is due, and when it is given up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hjelpa.core.contract import Schedule
from hjelpa.core.timing import LONGEST_RETRY, is_exhausted, latest_tick, retry_delay, tick_key

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


@given(MOMENTS, st.integers(1, 60 * 24 * 7))
def test_a_tick_is_the_latest_point_of_the_grid(now: datetime, minutes: int) -> None:
    schedule = Schedule(every_minutes=minutes)
    tick = latest_tick(schedule, now)
    assert tick <= now < tick + timedelta(minutes=minutes)
    assert latest_tick(schedule, tick) == tick


@given(MOMENTS, st.integers(0, 23), st.integers(0, 59))
def test_a_daily_tick_is_the_last_time_the_clock_showed_it(now: datetime, hour: int, minute: int) -> None:
    tick = latest_tick(Schedule(daily_at=(hour, minute)), now)
    assert (tick.hour, tick.minute) == (hour, minute)
    assert tick <= now < tick + timedelta(days=1)


def test_a_schedule_without_a_time_is_refused() -> None:
    with pytest.raises(ValueError, match="needs"):
        latest_tick(Schedule(), datetime(2026, 1, 1, tzinfo=UTC))


def test_a_key_names_job_and_tick() -> None:
    assert tick_key("a.b", datetime(2026, 1, 1, tzinfo=UTC)) == "schedule:a.b:2026-01-01T00:00:00+00:00"


@given(st.integers(0, 1000))
def test_waiting_grows_and_ends_at_an_hour(attempts: int) -> None:
    assert timedelta(seconds=1) < retry_delay(attempts) <= retry_delay(attempts + 1) <= LONGEST_RETRY


def test_given_up_after_so_many_attempts() -> None:
    assert [is_exhausted(n, 3) for n in (1, 2, 3, 4)] == [False, False, True, True]
