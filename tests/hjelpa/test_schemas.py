"""What people type, as it is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hjelpa.core.schemas import printable

TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize("turn", list(TURNS))
def test_nothing_typed_turns_the_page_around(turn: str) -> None:
    assert printable(f"Ola{turn} Liksom") == "Ola Liksom"


def test_marks_that_names_may_need_are_kept() -> None:
    name = "\u05d0\u05d1\u200e A\u200f"
    assert printable(name) == name


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = printable(text)
    assert printable(once) == once
    assert not set(once) & set(TURNS)
