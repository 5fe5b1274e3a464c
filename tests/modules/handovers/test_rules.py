"""Deadlines of handovers, and what may be carried."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hjelpa.core.schemas import LOCAL, local_moment
from modules.citizens.workdays import is_working_day
from modules.handovers import rules

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
COUNTRIES = st.sampled_from(("NO", "DK", "SE"))
SPANS = st.timedeltas(timedelta(minutes=1), timedelta(days=31))


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-11-16 09:00", date(2026, 11, 18)),  # Monday
        ("2026-11-16 16:00", date(2026, 11, 19)),
        ("2026-11-19 09:00", date(2026, 11, 23)),  # Thursday, over the weekend
        ("2026-11-20 15:00", date(2026, 11, 25)),
        ("2026-11-21 12:00", date(2026, 11, 24)),  # Saturday
        ("2026-03-27 09:00", date(2026, 3, 31)),  # over the change to summer time
    ],
)
def test_two_working_days(now: str, day: date) -> None:
    assert rules.default_day(datetime.fromisoformat(now).replace(tzinfo=LOCAL), "NO") == day


def test_the_own_countrys_holidays_count() -> None:
    now = datetime(2028, 5, 16, 9, tzinfo=LOCAL)
    assert rules.default_day(now, "NO") == date(2028, 5, 19)
    assert rules.default_day(now, "DK") == date(2028, 5, 18)
    assert rules.find_deadline_problem(date(2028, 5, 17), now, "NO") == "day_off"
    assert rules.find_deadline_problem(date(2028, 5, 17), now, "DK") is None


@given(MOMENTS, COUNTRIES)
def test_the_suggested_deadline_is_always_a_possible_one(now: datetime, country: str) -> None:
    day = rules.default_day(now, country)
    assert is_working_day(day, country) and rules.find_deadline_problem(day, now, country) is None
    today = now.astimezone(LOCAL).date()
    # Two whole working days lie between, counted anew.
    days = [today + timedelta(days=number) for number in range(1, (day - today).days + 1)]
    assert sum(is_working_day(each, country) for each in days) in (2, 3)


@given(MOMENTS, st.integers(-400, 400))
def test_every_day_is_judged_as_a_person_would(now: datetime, away: int) -> None:
    day = now.astimezone(LOCAL).date() + timedelta(days=away)
    problem = rules.find_deadline_problem(day, now, "NO")
    late = away == 0 and now >= local_moment(day, rules.ANSWER_HOUR)
    wanted = "day_passed" if away < 0 else "too_far" if away > 30 else None
    if wanted is None and not is_working_day(day, "NO"):
        wanted = "day_off"
    elif wanted is None and late:
        wanted = "too_late_today"
    assert problem == wanted
    if problem is None:
        assert rules.deadline_of(day) > now


@given(MOMENTS, SPANS, st.timedeltas(timedelta(0), timedelta(days=60)))
def test_a_reminder_comes_before_the_deadline_and_the_leader_after_it(
    proposed: datetime, span: timedelta, passed: timedelta
) -> None:
    due, now = proposed + span, proposed + passed
    at = rules.remind_at(proposed, due)
    assert proposed < at < due and due - at <= timedelta(days=1)
    reminds = rules.is_to_remind(proposed, due, None, now)
    escalates = rules.is_to_escalate(due, None, now)
    assert not (reminds and escalates)
    assert reminds == (at <= now < due) and escalates == (now >= due)
    assert not rules.is_to_remind(proposed, due, now, now) and not rules.is_to_escalate(due, now, now)


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.text(max_size=5), st.text(max_size=5)), max_size=6),
    st.sets(st.sampled_from("abcd")),
)
def test_nothing_is_carried_that_was_not_agreed_to(parts: list[tuple[str, str, str]], agreed: set[str]) -> None:
    carried = rules.carried_parts(parts, agreed)
    assert carried == [(title, words) for part, title, words in parts if part in agreed and words.strip()]


@given(*[st.booleans()] * 5)
def test_who_may_do_what(asked: bool, at_door: bool, sender: bool, responsible: bool, oversees: bool) -> None:
    party = rules.Party(asked, at_door, sender, responsible, oversees)
    # To be the leader lets one answer, but not read past the circle.
    assert rules.may_read_letter(party) == ((asked or at_door) and not responsible)
    assert rules.may_answer(party) == ((asked or at_door or oversees) and not responsible)
    assert rules.may_withdraw(party) == (sender or responsible or oversees)
