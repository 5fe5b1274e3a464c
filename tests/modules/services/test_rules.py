"""When a text is old, which addresses lead anywhere, and months."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.citizens.unnamed import names_a_number
from modules.services.rules import (
    dialable,
    due_on,
    is_old,
    month_of,
    months_back,
    next_month,
    web_address,
    year_before,
)

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@given(DAYS)
def test_a_text_is_old_from_the_day_it_is_asked_about(checked_on: date) -> None:
    due = due_on(checked_on)
    assert is_old(checked_on, due) and not is_old(checked_on, due - timedelta(days=1))
    assert 365 <= (due - checked_on).days <= 366


@given(DAYS)
def test_a_year_before_is_a_year_before(day: date) -> None:
    assert 365 <= (day - year_before(day)).days <= 366


@given(DAYS, st.integers(1, 30))
def test_months_follow_each_other(today: date, count: int) -> None:
    months = list(months_back(today, count))
    assert len(months) == count and months[0] == today.replace(day=1)
    assert all(next_month(earlier) == later for later, earlier in pairwise(months))
    assert all(month_of(f"{month:%Y-%m}") == month for month in months)


@pytest.mark.parametrize("typed", [None, "", "2026", "2026-13", "2026-1", "x", "2026-11-01", "٢٠٢٦-١١"])
def test_what_is_no_month_is_none(typed: str | None) -> None:
    assert month_of(typed) is None


@pytest.mark.parametrize(
    ("typed", "opened"),
    [
        ("www.example.no", "https://www.example.no"),
        ("http://example.no/sti?a=1", "http://example.no/sti?a=1"),
        ("https://øvre-eiker.example.no", "https://øvre-eiker.example.no"),
        ("javascript:alert(1)", None),
        ("data://example.no", None),
        ("ftp://example.no", None),
        ("https://user@example.no", None),
        ("https://", None),
        ("localhost", None),
        ("https://[::1]", None),
        ("https://[", None),
        ("example.no/a b", None),
        ('example.no/"onload', None),
    ],
)
def test_only_what_a_browser_can_open_is_an_address(typed: str, opened: str | None) -> None:
    assert web_address(typed) == opened


@given(st.text(max_size=300))
def test_no_text_makes_an_address_of_another_kind(typed: str) -> None:
    opened = web_address(typed)
    assert opened is None or (opened.startswith(("http://", "https://")) and not set(opened) & set('"<> \n\t'))


@pytest.mark.parametrize(
    ("phone", "digits"),
    [("116 123", "116123"), ("+47 000 11 222", "+4700011222"), ("Ring Kari", None), ("", None), ("١١٦", None)],
)
def test_a_number_can_be_dialled(phone: str, digits: str | None) -> None:
    assert dialable(phone) == digits


@given(st.lists(st.sampled_from("0123456789"), min_size=8, max_size=11), st.sampled_from(["", " ", "-", "."]))
def test_numbers_of_people_are_seen(digits: list[str], between: str) -> None:
    assert names_a_number(f"om {between.join(digits)}, takk")


@pytest.mark.parametrize("words", ["3 barn på 12, 14 og 16 år", "klokka 10.30 i 2026", "5. klasse", ""])
def test_other_numbers_may_stand(words: str) -> None:
    assert not names_a_number(words)
