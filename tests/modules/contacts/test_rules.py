"""Which list, how long, and when consent is needed."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hjelpa.core.schemas import LOCAL
from modules.citizens.rules import end_of_day
from modules.contacts.models import MADE_BY
from modules.contacts.rules import (
    FURTHEST_BACK,
    ORDERS,
    SHOWN,
    climbs_due,
    days_waited,
    find_arrival_problem,
    needs_consent,
    order_of,
    stands_today,
    wait_in_days,
    which,
)

MOMENTS = st.datetimes(datetime(2010, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))


@given(st.one_of(st.none(), st.text()))
def test_nonsense_shows_those_who_wait(asked: str | None) -> None:
    assert which(asked) == (asked if asked in SHOWN else "waiting")
    assert order_of(asked) == (asked if asked in ORDERS else "arrival")


@given(MOMENTS, st.timedeltas(timedelta(), timedelta(days=4000)))
def test_waiting_grows_with_time_and_is_never_negative(received: datetime, wait: timedelta) -> None:
    days = days_waited(received, received + wait)
    assert abs(days - wait / timedelta(days=1)) <= 1 + 1 / 24  # a day is an hour longer or shorter twice a year
    assert days_waited(received + wait, received) == 0


def test_midnight_is_the_readers_midnight() -> None:
    late, later = datetime(2026, 1, 5, 22, 59, tzinfo=UTC), datetime(2026, 1, 5, 23, 1, tzinfo=UTC)
    assert days_waited(late, later) == 1


def test_only_calling_for_oneself_needs_nobodys_yes() -> None:
    assert [who for who in MADE_BY if not needs_consent(who)] == ["self"]


def test_waits_are_told_in_days_with_one_decimal() -> None:
    assert [wait_in_days(seconds) for seconds in (0, 4319, 4320, 86_400, 86_400 * 2.25)] == [
        0.0,
        0.0,
        0.1,
        1.0,
        2.3,
    ]


@given(MOMENTS, st.timedeltas(timedelta(days=-200), timedelta(days=200)), st.booleans())
def test_today_is_what_is_due_by_midnight(now: datetime, ahead: timedelta, mine: bool) -> None:
    due = (now + ahead).astimezone(LOCAL).date() <= now.astimezone(LOCAL).date()
    assert stands_today(now + ahead, now, mine=mine, answered=True) == (mine and due)
    assert stands_today(now + ahead, now, mine=mine, answered=False) == mine


def test_the_last_minute_of_today_is_today() -> None:
    now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert end_of_day(now) == datetime(2026, 11, 22, 23, tzinfo=UTC)
    last = datetime(2026, 11, 22, 22, 59, tzinfo=UTC)
    assert stands_today(last, now, mine=True, answered=True)
    assert not stands_today(last + timedelta(minutes=1), now, mine=True, answered=True)


@given(MOMENTS, st.timedeltas(timedelta(days=-200), timedelta(days=200)))
def test_contact_was_made_some_time_in_the_last_months(now: datetime, gap: timedelta) -> None:
    today = now.astimezone(LOCAL).replace(tzinfo=None)
    said = today + gap
    problem = find_arrival_problem(said.date(), said.time(), now)
    if said.date() > today.date():
        assert problem == "day_ahead"
    elif said > today:
        assert problem == "time_ahead"
    else:
        assert problem == ("too_long_ago" if today.date() - said.date() > FURTHEST_BACK else None)


@given(MOMENTS, st.integers(1, 168), st.lists(st.timedeltas(timedelta(), timedelta(days=20)), max_size=12))
def test_an_unanswered_contact_climbs_once_each_step_however_often_it_is_looked_at(
    received: datetime, hours: int, looked: list[timedelta]
) -> None:
    answer_by = received + timedelta(hours=hours)
    done: list[tuple[str, datetime]] = []
    for now in sorted(received + gap for gap in looked):
        told = {step for step, _ in done}
        due = climbs_due(received, answer_by, now, deputy_told="deputy" in told, leader_told="leader" in told)
        done += [(step, now) for step in due]
    steps = [step for step, _ in done]
    latest = max(looked, default=timedelta())
    wanted = ["deputy"] * (bool(looked) and latest >= timedelta(hours=hours) / 2)
    wanted += ["leader"] * (bool(looked) and latest >= timedelta(hours=hours))
    assert steps == wanted  # the deputy first, never too early, never twice
    for step, at in done:
        assert at >= (answer_by if step == "leader" else received + timedelta(hours=hours) / 2)
