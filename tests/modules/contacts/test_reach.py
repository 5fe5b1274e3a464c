"""Text as people type it: numbers, addresses, and signs that nobody sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.contacts.reach import Reach, is_blank, read_reach


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("900 00 000", Reach("900 00 000", "")),
        ("+47 900 00 000", Reach("+47 900 00 000", "")),
        ("kari@example.no", Reach("", "kari@example.no")),
        ("kari@example.no, 900 00 000", Reach("900 00 000", "kari@example.no")),
        ("ring 90000000 etter 12", Reach("ring 90000000 etter 12", "")),
        ("kari@example", Reach("", "")),
        ("vet ikke", Reach("", "")),
        ("113", Reach("", "")),
        ("", Reach("", "")),
        ("٩٠٠ ٠٠ ٠٠٠", Reach("٩٠٠ ٠٠ ٠٠٠", "")),
    ],
)
def test_a_number_an_address_or_both(typed: str, found: Reach) -> None:
    assert read_reach(typed) == found


@given(st.text(max_size=200))
def test_anything_may_be_typed(typed: str) -> None:
    phone, email = read_reach(typed)
    assert len(phone) <= len(typed) and (not email or email in typed)


@given(st.text("\u200b\u200c\u200d\u2060\ufeff \n\t\u00a0\u00ad", max_size=20))
def test_what_nobody_sees_is_nothing(typed: str) -> None:
    assert is_blank(typed)
    for seen in ("a", "🙂", "👩‍👧", "مرحبا", "?", "7"):
        assert not is_blank(typed + seen)
