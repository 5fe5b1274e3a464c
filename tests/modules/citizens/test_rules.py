"""Who may read, and which agreed times can be right."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hjelpa.core.schemas import LOCAL
from modules.citizens.rules import (
    FURTHEST_AHEAD,
    Tie,
    find_time_problem,
    is_reason,
    may_end,
    may_read,
    missing_parts,
    reason_to_log,
)

MOMENTS = st.datetimes(datetime(2010, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@given(st.booleans(), st.one_of(st.none(), MOMENTS), MOMENTS)
def test_the_circle(responsible: bool, until: datetime | None, now: datetime) -> None:
    tie = Tie(responsible, "covering for a colleague" if until else None, until)
    holds = until is not None and now < until
    assert may_read(tie, now) == (responsible or holds)
    assert (reason_to_log(tie, now) is not None) == (holds and not responsible)


def test_a_reason_holds_until_its_last_moment_and_no_longer() -> None:
    tie = Tie(False, "covering for a colleague", NOW)
    assert may_read(tie, NOW - timedelta(microseconds=1)) and not may_read(tie, NOW)


def test_who_ends() -> None:
    assert may_end(responsible_now=True, oversees=False) and may_end(responsible_now=False, oversees=True)
    assert not may_end(responsible_now=False, oversees=False)


def test_a_reason_says_something() -> None:
    assert is_reason("I cover for Kari")
    assert not any(map(is_reason, ("", "short", "not quite")))


@given(st.text(max_size=3), st.text(max_size=3), st.text(max_size=3))
def test_half_an_agreement_lacks_the_rest(step: str, day: str, hour: str) -> None:
    missing = missing_parts(step, day, hour)
    if not step and not hour:
        assert missing == ()
    else:
        assert set(missing) == {
            n for n, v in (("next_step", step), ("next_date", day), ("next_time", hour)) if not v
        }


@given(MOMENTS, st.timedeltas(timedelta(days=-900), timedelta(days=900)))
def test_an_agreed_time_comes_after_what_it_follows(earliest: datetime, gap: timedelta) -> None:
    begin = earliest.astimezone(LOCAL).replace(tzinfo=None)
    agreed = begin + gap
    problem = find_time_problem(agreed.date(), agreed.time(), earliest)
    if agreed.date() < begin.date():
        assert problem == "day_passed"
    elif agreed < begin.replace(second=0, microsecond=0):
        assert problem == "time_passed"
    elif agreed.date() > begin.date() + FURTHEST_AHEAD:
        assert problem == "too_far"
    else:
        assert problem is None


def test_the_same_minute_is_not_too_late() -> None:
    earliest = datetime(2026, 11, 20, 12, 30, 59, tzinfo=UTC)
    assert find_time_problem(earliest.date(), time(13, 30), earliest) is None
    assert find_time_problem(earliest.date(), time(13, 29), earliest) == "time_passed"
