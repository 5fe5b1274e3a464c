"""The expected trajectory: what it expects of invented municipalities, where it is silent, and its way to JSON and back."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.feedback.trajectory.fitting import fit
from modules.feedback.trajectory.model import MINIMUM_COURSES, MINIMUM_IN_BAND, Expected, Model, Track
from tests.modules.feedback.trajectory.trials import draw_town, lay_out, run, try_on
from tests.modules.feedback.trajectory.truths import TRUTHS

BY_NAME = {truth.name: truth for truth in TRUTHS}


@pytest.fixture(scope="module")
def town() -> list[Track]:
    return draw_town(BY_NAME["exponential"], 800, 7)


@pytest.fixture(scope="module")
def model(town: list[Track]) -> Model:
    found = fit(town)
    assert found is not None
    return found


@pytest.mark.parametrize("name", ["exponential", "heterogeneous", "satisfied_leave", "ceiling"])
def test_new_courses_lie_where_they_are_expected(name: str) -> None:
    """The short form of tests/prove/test_trajectory.py."""
    trials = run(BY_NAME[name], 1_000, 2, new=800)
    assert 0.76 <= np.mean([trial.covered for trial in trials]) <= 0.84
    assert 0.92 <= np.mean([trial.slope for trial in trials]) <= 1.08


def test_it_learns_the_curve_and_not_only_its_mean(model: Model) -> None:
    """The truth: about 9 points up for an adult who begins in the middle, most of it early, less for those who begin high."""
    low, middle, high = (
        [model.expect("adult", start, n).middle - start for n in (3, 12)] for start in (12, 19, 30)
    )
    assert 2 < middle[0] < 7 < middle[1] < 11
    assert low[1] > middle[1] > high[1]
    assert model.expect("adolescent", 19.0, 12).middle > model.expect("child", 19.0, 12).middle + 2


def test_the_range_widens_with_time(model: Model) -> None:
    early, late = model.expect("adult", 19.0, 2), model.expect("adult", 19.0, 15)
    assert late.high - late.low > early.high - early.low


def test_how_it_held_is_told_as_new_courses_find_it(model: Model) -> None:
    trial = try_on(model, BY_NAME["exponential"].draw(1_500, 999))
    assert model.check.covered == pytest.approx(trial.covered, abs=0.03)
    assert model.check.slope == pytest.approx(trial.slope, abs=0.1)
    assert model.check.distance < model.check.unmoved / 1.5


def test_few_courses_are_drawn_to_the_whole() -> None:
    """An age band of a dozen that by chance rose much more is believed a little; one of hundreds is believed."""

    def gap(children: int) -> float:
        random = np.random.default_rng(3)

        def track(band: str, gain: float) -> Track:
            start = random.uniform(10, 25)
            level = random.normal(0, 3)
            later = ((n, float(np.clip(start + gain + level + random.normal(0, 2.5), 0, 40))) for n in range(2, 6))
            return Track(band, ((1, float(start)), *later))

        town = [track("adult", 3.0) for _ in range(300)] + [track("child", 7.0) for _ in range(children)]
        found = fit(town)
        assert found is not None
        return found.expect("child", 18.0, 4).middle - found.expect("adult", 18.0, 4).middle

    assert gap(12) < gap(400)
    assert gap(400) == pytest.approx(4.0, abs=1.0)


def test_below_the_stated_number_there_is_none(town: list[Track]) -> None:
    assert fit(town[: MINIMUM_COURSES - 1]) is None
    assert fit(town[:MINIMUM_COURSES]) is not None
    once = [Track(track.age_band, track.totals[:1]) for track in town]
    assert fit(once) is None and fit([]) is None
    assert fit(once + town[: MINIMUM_COURSES - 1]) is None


def test_it_is_silent_about_an_age_it_has_not_met(town: list[Track]) -> None:
    adults = [track for track in town if track.age_band == "adult"][:200]
    children = [track for track in town if track.age_band == "child"]
    some = fit(adults + children[: MINIMUM_IN_BAND - 1])
    enough = fit(adults + children[:MINIMUM_IN_BAND])
    assert some.expect("child", 20.0, 4) is None and some.expect("child", 20.0, 1) is None
    assert some.expect("adolescent", 20.0, 4) is None and some.expect("adult", 20.0, 4) is not None
    assert enough.expect("child", 20.0, 4) is not None


def test_the_first_answer_is_what_it_is_and_later_numbers_count_from_it(model: Model) -> None:
    assert model.expect("adult", 17.3, 1) == Expected(17.3, 17.3, 17.3)
    assert model.expect("adult", 17.3, 3, first=3) == Expected(17.3, 17.3, 17.3)
    assert model.expect("adult", 17.3, 6, first=3) == model.expect("adult", 17.3, 4)


def test_later_than_almost_anybody_has_come_it_is_held_flat(model: Model) -> None:
    last = model.basis.knots[-1]
    at, after = model.expect("adult", 19.0, last + 1), model.expect("adult", 19.0, last + 40)
    assert not at.held and after.held
    assert (at.low, at.middle, at.high) == (after.low, after.middle, after.high)


@given(st.sampled_from(["child", "adolescent", "adult"]), st.floats(0, 40), st.integers(1, 200))
def test_expectations_stay_on_the_scale_and_in_order(model: Model, band: str, start: float, session: int) -> None:
    expected = model.expect(band, start, session)
    assert 0 <= expected.low <= expected.middle <= expected.high <= 40


def test_many_at_once_are_the_same_as_one_by_one(model: Model) -> None:
    bands, starts, lapses, _ = lay_out(BY_NAME["exponential"].draw(40, 5))
    for row in zip(bands, starts, lapses, *model.expect_many(bands, starts, lapses), strict=True):
        expected = model.expect(row[0], row[1], int(row[2]) + 1)
        assert (expected.low, expected.middle, expected.high) == pytest.approx(row[3:])
    finer = model.expect_many(["adult"], np.array([17.25]), np.array([4]))
    assert model.expect("adult", 17.25, 5).middle == pytest.approx(finer[1][0])


def test_it_survives_json_and_the_order_of_courses(town: list[Track], model: Model) -> None:
    kept = json.loads(json.dumps(model.to_json()))
    again = Model.from_json(kept)
    assert again == model and again.expect("adult", 12.5, 6) == model.expect("adult", 12.5, 6)
    assert fit(town[::-1]).to_json() == model.to_json()
    assert Model.from_json({**kept, "formula_version": "0"}) is None and Model.from_json({}) is None


def test_sessions_out_of_order_are_refused() -> None:
    for totals in (((2, 10.0), (1, 12.0)), ((1, 10.0), (1, 12.0))):
        with pytest.raises(ValueError, match="sessions must rise"):
            fit([Track("adult", totals)])


_totals = st.lists(st.integers(0, 400), min_size=2, max_size=6).map(
    lambda tenths: tuple((number, value / 10) for number, value in enumerate(tenths, 1))
)


@settings(max_examples=25, deadline=None)
@given(st.lists(_totals, min_size=MINIMUM_COURSES, max_size=MINIMUM_COURSES + 10), st.integers(0, 40))
def test_no_answers_break_it(totals: list[tuple[tuple[int, float], ...]], start: int) -> None:
    """Whatever people answer, all the same answer included."""
    model = fit([Track("adult", each) for each in totals])
    expected = model.expect("adult", float(start), 4)
    assert 0 <= expected.low <= expected.middle <= expected.high <= 40


def test_answers_that_are_all_alike_expect_the_same() -> None:
    model = fit([Track("adult", ((1, 20.0), (2, 20.0), (3, 20.0)))] * MINIMUM_COURSES)
    assert model.expect("adult", 20.0, 3).middle == pytest.approx(20.0, abs=0.01)
    assert model.check.slope is None
