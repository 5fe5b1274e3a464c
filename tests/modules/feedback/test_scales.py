"""The scales as they are shipped: four lines each, complete, and in nobody else's words."""

from dataclasses import FrozenInstanceError
from itertools import pairwise

import pytest
from flask import Flask

from modules.feedback.models import ITEMS
from modules.feedback.models import SCALES as KINDS
from modules.feedback.scales import SCALES, TOTAL_MAXIMUM

# Word groups of protected scales, which may stand nowhere in ours.
PROTECTED = (
    "personal well-being",
    "family, close relationships",
    "work, school, friendships",
    "general sense of well-being",
    "heard, understood, and respected",
    "worked on and talked about",
    "good fit for me",
    "right for me",
    "something missing",
)


def words_of(app: Flask) -> list[str]:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        return [
            str(text)
            for scale in SCALES.values()
            for text in (
                scale.question,
                scale.lead,
                *(t for i in scale.items for t in (i.title, i.text, i.left, i.right)),
            )
        ]


def test_both_scales_have_four_lines_from_0_to_40() -> None:
    assert tuple(SCALES) == KINDS
    assert TOTAL_MAXIMUM == 400
    for scale in SCALES.values():
        assert tuple(item.name for item in scale.items) == ITEMS


def test_no_two_lines_of_a_scale_ask_the_same(app: Flask) -> None:
    with app.test_request_context():
        for scale in SCALES.values():
            assert all(
                str(one.text) != str(two.text)
                for one, two in pairwise(sorted(scale.items, key=lambda i: str(i.text)))
            )
            assert all(str(item.left) != str(item.right) for item in scale.items)


def test_no_protected_wording(app: Flask) -> None:
    said = " ".join(words_of(app)).lower()
    assert [words for words in PROTECTED if words in said] == []


def test_a_scale_cannot_be_changed_while_running() -> None:
    with pytest.raises(FrozenInstanceError):
        SCALES["outcome"].version = 2  # type: ignore[misc]
