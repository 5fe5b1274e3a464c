"""Pages of a list whose counting stops."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.citizens.paging import COUNTED, DEEPEST_PAGE, PAGE_SIZE, Page, page_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (None, 1),
        ("", 1),
        ("2", 2),
        ("0", 1),
        ("-3", 1),
        ("1e3", 1),
        ("٣", 3),
        ("²", 1),
        ("99999", DEEPEST_PAGE),
        ("9" * 5000, 1),
        ("' or 1", 1),
    ],
)
def test_page_numbers(typed: str | None, number: int) -> None:
    assert page_number(typed) == number


@given(st.text())
def test_any_text_is_some_page(typed: str) -> None:
    assert 1 <= page_number(typed) <= DEEPEST_PAGE


@given(st.integers(0, 3000), st.integers(1, 60))
def test_every_row_has_a_page_and_no_page_is_empty(rows: int, number: int) -> None:
    shown = max(0, min(PAGE_SIZE, rows - (number - 1) * PAGE_SIZE))
    page = Page(number, min(rows, COUNTED + 1), shown)
    pages = max(1, -(-rows // PAGE_SIZE))
    if number > pages:
        return
    assert page.more == (rows > COUNTED)
    if not page.more:
        assert page.last == pages
    elif number < pages:
        assert page.last > number  # there is always a way on
