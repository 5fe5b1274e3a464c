"""What a course's answers are held against."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.feedback.course.against import Against, cut_off_of, expect, limit_of, place_marks
from modules.feedback.metrics.messages import message
from modules.feedback.metrics.threshold import Threshold
from modules.feedback.scales.forms import Constant, Form, FormWords, Item, ItemWords
from modules.feedback.scales.registry import own_form
from modules.feedback.trajectory.model import Expected

DAY = date(2026, 3, 2)
ESTIMATED = Threshold(6.0, True, 5.0, 0.9, 300, DAY)


def form(**more) -> Form:
    words = {"en": ItemWords("One", "", "bad", "good")}
    items = tuple(Item(f"item{number}", words) for number in range(4))
    return Form("own.outcome", "own", "outcome", 1, ("adult",), {"en": FormWords("?", "")}, items, **more)


@pytest.mark.parametrize(("state", "found"), [("verified", 25), ("estimated", None), ("unverified", None)])
def test_only_a_verified_cut_off_is_drawn(state, found) -> None:
    held = form(cut_offs={"adult": Constant(25, "a manual", state)})
    assert cut_off_of(held, "adult") == found
    assert cut_off_of(held, "child") is None
    assert cut_off_of(own_form("outcome", "adult"), "adult") is None


def test_the_forms_own_limit_goes_before_the_estimate() -> None:
    none = message("none")
    own = form(reliable_change=Constant(5, "a manual", "verified"))
    assert limit_of(own, ESTIMATED) == Threshold(5, False, source="a manual", verification="verified")
    assert limit_of(form(reliable_change=Constant(5, "hearsay", "unverified")), ESTIMATED) == ESTIMATED
    assert limit_of(form(), none) == none


@pytest.mark.parametrize(("change", "said"), [(60, False), (61, True), (-60, False), (-61, True), (0, False)])
def test_a_change_counts_when_it_is_strictly_greater(change: int, said: bool) -> None:
    assert Against(limit=ESTIMATED).is_reliable(change) is said
    assert Against(limit=message("none")).is_reliable(change) is None


class Flat:
    """A model that expects what people began with, three points to either side; silent for children."""

    def expect(self, age_band: str, start: float, session: int, *, first: int = 1) -> Expected | None:
        return None if age_band == "child" else Expected(start - 3, start, start + 3)


@pytest.mark.parametrize(
    ("totals", "standing"),
    [
        ([None, 200, None], None),
        ([None, 200, 170, None], "within"),
        ([200, 169], "below"),
        ([200, None, 230], "within"),
        ([200, 231], "above"),
        ([], None),
    ],
)
def test_the_last_answer_against_what_is_usual(totals: list[int | None], standing: str | None) -> None:
    expected, silent = expect(Flat(), form(), "adult", totals)
    assert silent is None
    assert Against(expected=expected, silent=silent).standing(totals) == standing
    first = next((place for place, total in enumerate(totals) if total is not None), len(totals))
    assert [one is None for one in expected] == [place < first for place in range(len(expected))]


@pytest.mark.parametrize(
    ("model", "held", "band", "words"),
    [
        (None, form(), "adult", "at least 60 courses"),
        (Flat(), form(), "child", "for this age"),
        (Flat(), form(item_maximum=50), "adult", "from 0 to 40"),
        (Flat(), form(higher_is_better=False), "adult", "from 0 to 40"),
    ],
)
def test_where_nothing_is_expected_it_says_why(model, held: Form, band: str, words: str) -> None:
    expected, silent = expect(model, held, band, [200, 210])
    assert expected == ()
    assert silent is not None and words in str(silent)


offsets = st.integers(-5, 40).map(timedelta)


@given(st.lists(offsets, max_size=6), st.lists(offsets, max_size=8), st.none() | offsets)
def test_each_mark_stands_where_it_may_show(talks, marks, end) -> None:
    held = sorted(DAY + talk for talk in talks)
    told = [(DAY + mark, str(number)) for number, mark in enumerate(marks)]
    ended_on = None if end is None else DAY + end
    placed = place_marks(held, told, ended_on)
    inside = [
        (day, what) for day, what in told if held and day >= held[0] and (ended_on is None or day <= ended_on)
    ]
    assert sorted(what for _, what in placed) == sorted(what for _, what in inside)
    assert [place for place, _ in placed] == sorted(place for place, _ in placed)
    for day, what in inside:
        place = next(place for place, told_there in placed if told_there == what)
        assert held[place] >= day or place == len(held) - 1
        assert place == 0 or held[place - 1] < day
