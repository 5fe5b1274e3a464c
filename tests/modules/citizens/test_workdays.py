"""Working days of each country."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.citizens.workdays import easter, is_working_day, next_working_day

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


def test_easter_is_where_the_almanac_has_it() -> None:
    known = [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28), date(2038, 4, 25)]
    assert [easter(day.year) for day in known] == known


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 11, 24), "NO DK SE"),  # a Tuesday
        (date(2026, 11, 22), ""),  # a Sunday
        (date(2026, 5, 1), "DK SE"),  # 1 May, a Friday
        (date(2028, 5, 17), "DK SE"),  # 17 May, a Wednesday
        (date(2026, 4, 2), "SE"),  # Maundy Thursday
        (date(2026, 4, 6), "SE"),  # Easter Monday
        (date(2026, 5, 14), "SE"),  # Ascension Day
        (date(2026, 5, 25), "SE"),  # Whit Monday
        (date(2026, 12, 25), "SE"),
        (date(2024, 4, 26), "NO DK SE"),  # the Danish day of prayer, abolished in 2024
    ],
)
def test_days_as_the_almanac_has_them(day: date, working: str) -> None:
    assert [country for country in ("NO", "DK", "SE") if is_working_day(day, country)] == working.split()


@given(DAYS, st.sampled_from(("NO", "DK", "SE")))
def test_the_next_working_day_is_the_first_one(day: date, country: str) -> None:
    later = next_working_day(day, country)
    between = [day + timedelta(days=number) for number in range(1, (later - day).days)]
    assert is_working_day(later, country) and not any(is_working_day(one, country) for one in between)
