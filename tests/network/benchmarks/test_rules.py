"""The gate and its neighbours, for any counts: what is published keeps every rule, what is withheld says nothing."""

from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.benchmarks.rules import (
    WITHHELD,
    Part,
    Policy,
    decide,
    is_settled,
    is_year,
    list_periods,
    period_of,
    quartiles,
    to_step,
)

POLICY = Policy()

small_shares = st.builds(
    lambda denominator, part: Part(round(denominator * part), denominator), st.integers(0, 12), st.floats(0, 1)
)
shares = st.builds(
    lambda denominator, part: Part(round(denominator * part), denominator), st.integers(0, 900), st.floats(0, 1)
)
cells = st.lists(small_shares | shares, max_size=30)
counts = st.lists(st.builds(lambda number: Part(number, 0), st.integers(0, 40)), max_size=30)
ratios = st.lists(
    st.builds(Part, st.integers(0, 12) | st.integers(0, 900), st.sampled_from([0, 10]) | st.integers(50, 4000)),
    max_size=20,
)


def evenly(contributors: int, numerator: int, denominator: int) -> list[Part]:
    """A cell with these totals, spread over so many municipalities that each has at least one person."""
    parts = []
    for index in range(contributors):
        persons = denominator // contributors + (index < denominator % contributors)
        yes = numerator // contributors + (index < numerator % contributors)
        parts.append(Part(yes, persons))
    assert sum(p.numerator for p in parts) == numerator and sum(p.denominator for p in parts) == denominator
    return parts


@given(cells)
@settings(max_examples=400, deadline=None)
def test_a_published_share_keeps_every_rule(parts: list[Part]) -> None:
    decision = decide(parts, "share", POLICY)
    with_people = [part for part in parts if part.denominator > 0]
    persons = sum(part.denominator for part in with_people)
    numerator = sum(part.numerator for part in with_people)
    passes = len(with_people) >= 4 and persons >= 10 and numerator >= 5 and persons - numerator >= 5
    assert (decision.status == "published") is passes
    if not passes:
        return
    assert decision.contributors == len(with_people)
    assert decision.persons is not None and abs(decision.persons - persons) <= 2.5 and decision.persons % 5 == 0
    assert decision.value is not None and 0 <= decision.value <= 100 and decision.value % 5 == 0
    spread = (decision.q1, decision.median, decision.q3)
    if len(with_people) < 12:
        assert spread == (None, None, None)
    else:
        q1, median, q3 = (value for value in spread if value is not None)
        assert 0 <= q1 <= median <= q3 <= 100
        assert all(value % 5 == 0 for value in (q1, median, q3))


@given(counts)
@settings(max_examples=200, deadline=None)
def test_a_published_count_keeps_every_rule(parts: list[Part]) -> None:
    decision = decide(parts, "count", POLICY)
    total = sum(part.numerator for part in parts)
    contributors = sum(part.numerator > 0 for part in parts)
    assert (decision.status == "published") is (contributors >= 4 and total >= 10)
    if decision.status == "published":
        assert decision.value == decision.persons and decision.value is not None
        assert decision.value % 5 == 0 and abs(Fraction(decision.value) - total) <= Fraction(5, 2)
        assert (decision.q1, decision.median, decision.q3) == (None, None, None)


@given(ratios)
@settings(max_examples=300, deadline=None)
def test_a_published_ratio_keeps_every_rule(parts: list[Part]) -> None:
    """Small cells are those of persons; what they are divided by is no person and protects nobody."""
    decision = decide(parts, "ratio", POLICY)
    counted = [part for part in parts if part.numerator > 0 and part.denominator > 0]
    persons, whole = sum(part.numerator for part in counted), sum(part.denominator for part in counted)
    assert (decision.status == "published") is (len(counted) >= 4 and persons >= 10)
    if decision.status == "withheld":
        return
    assert decision.contributors == len(counted) and decision.persons is None
    assert decision.value is not None and (10 * decision.value) % 5 == 0
    for weights in ([float(part.numerator) for part in counted], [float(part.denominator) for part in counted]):
        if 2 * max(weights) >= sum(weights):
            mean = sum((Fraction(100 * part.numerator, part.denominator) for part in counted), Fraction()) / len(
                counted
            )
            assert abs(Fraction(decision.value) - mean) <= Fraction(1, 4)
            break
    else:
        # Half a rounding step of the persons, and half a step of the ratio itself.
        assert abs(Fraction(decision.value) - Fraction(100 * persons, whole)) <= Fraction(250, whole) + Fraction(
            1, 4
        )
    spread = (decision.q1, decision.median, decision.q3)
    if len(counted) < 12:
        assert spread == (None, None, None)
    else:
        values = [value for value in spread if value is not None]
        assert values == sorted(values) and len(values) == 3 and all((10 * value) % 5 == 0 for value in values)


@given(ratios)
@settings(deadline=None)
def test_a_ratio_says_no_more_of_persons_than_their_rounding(parts: list[Part]) -> None:
    """Other persons that round alike, in the same places: the pooled ratio is the same to the last decimal."""
    decision = decide(parts, "ratio", POLICY)
    counted = sorted(part for part in parts if part.numerator > 0 and part.denominator > 0)
    if decision.status == "withheld":
        return
    persons = sum(part.numerator for part in counted)
    for more in (-2, -1, 1, 2):
        largest = counted[-1]
        others = [*counted[:-1], replace(largest, numerator=largest.numerator + more)]
        alike = to_step(Fraction(persons), 5) == to_step(Fraction(persons + more), 5)
        if alike and largest.numerator + more > 0 and not any(map(dominates, (counted, others))):
            assert decide(others, "ratio", POLICY).value == decision.value


def dominates(parts: list[Part]) -> bool:
    weights = ([part.numerator for part in parts], [part.denominator for part in parts])
    return any(2 * max(each) >= sum(each) for each in weights)


@pytest.mark.parametrize(
    ("parts", "value"),
    [
        (
            [Part(30, 150), Part(20, 100), Part(40, 200), Part(33, 150)],
            Decimal("21.0"),
        ),  # 125 of 6 positions: 20.8
        ([Part(30, 150), Part(20, 100), Part(40, 200)], None),
        ([Part(30, 150), Part(20, 100), Part(40, 200), Part(33, 0)], None),
        ([Part(30, 150), Part(20, 100), Part(40, 200), Part(0, 150)], None),
        ([Part(3, 150), Part(2, 100), Part(2, 200), Part(2, 150)], None),
        # The last has more than half of the positions: each counts the same, (20 + 20 + 20 + 41) / 4.
        ([Part(20, 100), Part(20, 100), Part(20, 100), Part(1640, 4000)], Decimal("25.5")),
    ],
)
def test_a_ratio_by_hand(parts: list[Part], value: Decimal | None) -> None:
    assert decide(parts, "ratio", POLICY).value == value


@given(cells | counts | ratios, st.sampled_from(["share", "count", "ratio"]))
@settings(deadline=None)
def test_what_is_withheld_says_nothing(parts: list[Part], kind: str) -> None:
    decision = decide(parts, kind, POLICY)
    if decision.status == "withheld":
        assert decision == WITHHELD
        assert all(getattr(decision, item.name) is None for item in fields(decision) if item.name != "status")


@given(st.data(), st.lists(shares, min_size=4, max_size=20))
@settings(deadline=None)
def test_the_order_of_the_municipalities_does_not_matter(data: st.DataObject, parts: list[Part]) -> None:
    shuffled = data.draw(st.permutations(parts))
    assert decide(shuffled, "share", POLICY) == decide(parts, "share", POLICY)
    assert decide(shuffled, "count", POLICY) == decide(parts, "count", POLICY)
    assert decide(shuffled, "ratio", POLICY) == decide(parts, "ratio", POLICY)


@given(cells)
@settings(deadline=None)
def test_municipalities_without_people_change_nothing(parts: list[Part]) -> None:
    assert decide([*parts, Part(0, 0), Part(0, 0)], "share", POLICY) == decide(parts, "share", POLICY)


@pytest.mark.parametrize(
    ("parts", "published"),
    [
        (evenly(4, 20, 40), True),
        (evenly(3, 20, 40), False),
        ([*evenly(3, 20, 40), Part(0, 0)], False),
        (evenly(4, 5, 10), True),
        (evenly(4, 5, 9), False),
        (evenly(4, 4, 40), False),
        (evenly(4, 5, 40), True),
        (evenly(4, 36, 40), False),
        (evenly(4, 35, 40), True),
    ],
)
def test_each_threshold_holds_at_its_edge(parts: list[Part], published: bool) -> None:
    assert (decide(parts, "share", POLICY).status == "published") is published


@pytest.mark.parametrize(
    ("numbers", "published"), [([4, 2, 2, 2], True), ([4, 2, 2, 1], False), ([9, 9, 9], False)]
)
def test_a_count_is_held_to_contributors_and_persons(numbers: list[int], published: bool) -> None:
    decision = decide([Part(number, 0) for number in numbers], "count", POLICY)
    assert (decision.status == "published") is published


def test_a_share_above_the_whole_is_never_published() -> None:
    assert decide([*evenly(6, 30, 60), Part(7, 6)], "share", POLICY) == WITHHELD


def test_a_municipality_with_half_of_the_people_does_not_decide_the_value() -> None:
    small = [Part(2, 10), Part(2, 10), Part(2, 10)]
    assert decide([*small, Part(24, 29)], "share", POLICY).value == 50  # pooled: 30 of 59
    # From half of the weight on every municipality counts the same: (20 + 20 + 20 + 80) / 4.
    assert decide([*small, Part(24, 30)], "share", POLICY).value == 35


def test_quartiles_are_means_of_three_and_need_twelve() -> None:
    values = [Fraction(value) for value in (0, 8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 100)]
    assert quartiles(values[:11], POLICY) == (None, None, None)
    # Around the places 3, 6 and 8 of 0 to 11: means of 16, 24, 32; of 40, 48, 56; and of 56, 64, 72.
    assert quartiles(values, POLICY) == (25, 50, 65)


@given(st.lists(st.fractions(0, 100), min_size=12, max_size=40), st.integers(0, 39), st.fractions(0, 100))
@settings(deadline=None)
def test_no_single_municipality_decides_a_quartile(values: list[Fraction], index: int, other: Fraction) -> None:
    """Whatever one municipality changes its value by, a quartile follows by a third of it at most, and the step."""
    before = quartiles(sorted(values), POLICY)
    at = index % len(values)
    after = quartiles(sorted([*values[:at], other, *values[at + 1 :]]), POLICY)
    for one, changed in zip(before, after, strict=True):
        assert one is not None and changed is not None
        assert abs(changed - one) <= abs(other - values[at]) / 3 + POLICY.quartile_step


@given(st.fractions(0, 1000), st.sampled_from([1, 2, 5, 10]))
def test_rounding_goes_to_the_nearest_step(value: Fraction, step: int) -> None:
    rounded = to_step(value, step)
    assert rounded % step == 0 and abs(rounded - value) <= Fraction(step, 2)


def test_halves_go_up() -> None:
    assert [to_step(Fraction(number, 2), 5) for number in (4, 5, 15, 24)] == [0, 5, 10, 10]


def test_periods_have_their_bounds() -> None:
    assert (period_of("2026").start, period_of("2026").end) == (date(2026, 1, 1), date(2027, 1, 1))
    assert (period_of("2026-Q4").start, period_of("2026-Q4").end) == (date(2026, 10, 1), date(2027, 1, 1))
    assert (period_of("2026-Q2").start, period_of("2026-Q2").end) == (date(2026, 4, 1), date(2026, 7, 1))
    assert is_year("2026") and not is_year("2026-Q1")


@pytest.mark.parametrize(
    "wrong", ["", "26", "2026-Q5", "2026-Q0", "2026-q1", "2026-01", " 2026", "2026-Q1\n", "٢٠٢٦"]
)
def test_other_names_are_no_periods(wrong: str) -> None:
    with pytest.raises(ValueError, match="neither a year nor a quarter"):
        period_of(wrong)


def test_only_settled_periods_are_counted() -> None:
    names = [period.id for period in list_periods(date(2025, 1, 1), date(2026, 7, 14))]
    assert names == ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2025", "2026-Q1"]
    assert [period.id for period in list_periods(date(2026, 1, 1), date(2026, 7, 15))] == ["2026-Q1", "2026-Q2"]


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_quarters_tile_the_years(today: date) -> None:
    periods = list_periods(date(2020, 1, 1), today)
    assert all(is_settled(period, today) for period in periods)
    quarters = [period for period in periods if not is_year(period.id)]
    assert all(one.end == other.start for one, other in pairwise(quarters))
    if quarters:
        assert today - quarters[-1].end < timedelta(days=92 + 14)


def test_a_policy_comes_back_from_its_release() -> None:
    policy = replace(POLICY, version=7, kinds={"people_helped": "count"})
    assert Policy.from_json(policy.to_json() | {"later": 1}) == policy
    assert policy.kind("people_helped") == "count" and policy.kind("anything") == "share"
