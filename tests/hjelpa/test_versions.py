"""Versions of what has no number of its own: stable, different for different content, and such as a form can send."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hjelpa.core.versions import DIGITS, Version, version_of

contents = st.lists(st.one_of(st.text(), st.booleans(), st.integers(), st.none()), max_size=4)


@given(contents)
def test_a_version_comes_back_from_a_form_as_it_was_sent(values: list[object]) -> None:
    version = version_of(*values)
    assert version == version_of(*values) and len(str(version)) <= DIGITS
    assert Version().deserialize(str(version)) == version
    assert (version == 0) is not any(values)


@given(contents, contents)
def test_other_content_is_another_version(one: list[object], other: list[object]) -> None:
    same = repr(one) == repr(other) or not (any(one) or any(other))
    assert (version_of(*one) == version_of(*other)) is same


@pytest.mark.parametrize("sent", ["", "x", "-1", "1.5", "1" * (DIGITS + 1)])
def test_nonsense_counts_as_no_version(sent: str) -> None:
    assert Version().deserialize(sent) == 0
