"""What may be published: periods, the gate a cell must pass, rounding, dominance and quartiles.

Everything here is decided from counts alone. Arithmetic is exact (whole numbers and fractions), so that the same
counts give the same release on every machine.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from hjelpa.core.contract import IndicatorKind, Period

Status = Literal["published", "withheld"]
Figure = int | Decimal

# A period is counted once it has been over for two weeks: a week for the last people to be met, one to write it down.
SETTLING = timedelta(days=14)

_PERIOD = re.compile(r"(?P<year>[12][0-9]{3})(?:-Q(?P<quarter>[1-4]))?")


def period_of(period_id: str) -> Period:
    """The calendar year ("2026") or quarter ("2026-Q3") of that name; raises ValueError for anything else."""
    found = _PERIOD.fullmatch(period_id)
    if found is None:
        raise ValueError(f"{period_id!r} is neither a year nor a quarter")
    year, quarter = int(found["year"]), found["quarter"]
    if quarter is None:
        return Period(period_id, date(year, 1, 1), date(year + 1, 1, 1))
    first = 3 * (int(quarter) - 1) + 1
    end = date(year + 1, 1, 1) if first == 10 else date(year, first + 3, 1)
    return Period(period_id, date(year, first, 1), end)


def is_period(period_id: str) -> bool:
    return _PERIOD.fullmatch(period_id) is not None


def list_periods(start: date, today: date) -> tuple[Period, ...]:
    """Whole years and quarters from `start` that were settled by `today`, in the order in which they ended."""
    names = [
        name
        for year in range(start.year, today.year + 1)
        for name in (*(f"{year}-Q{quarter}" for quarter in range(1, 5)), str(year))
    ]
    periods = (period_of(name) for name in names)
    return tuple(period for period in periods if period.start >= start and is_settled(period, today))


def is_settled(period: Period, today: date) -> bool:
    return period.end + SETTLING <= today


def quarter_of(day: date) -> str:
    """The quarter that a day is in: "2026-Q3"."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def latest_quarters(today: date, count: int) -> tuple[str, ...]:
    """The quarter under way and those before it, the latest first."""
    number = 4 * today.year + (today.month - 1) // 3
    return tuple(f"{each // 4}-Q{each % 4 + 1}" for each in range(number, number - count, -1))


def is_year(period_id: str) -> bool:
    return "-" not in period_id


@dataclass(frozen=True, slots=True)
class Policy:
    """The thresholds of a release, stored and shown with it. Raise `version` whenever one of them changes.

    The steps are in persons, percentage points and, for ratios, tenths; `dominance` is a share of the weight in per
    cent, and `kinds` names the indicators that are not shares.
    """

    version: int = 2
    contributors: int = 4
    persons: int = 10
    numerator: int = 5
    complement: int = 5
    person_step: int = 5
    percent_step: int = 5
    dominance: int = 50
    quartile_contributors: int = 12
    quartile_step: int = 5
    ratio_step: int = 5
    kinds: Mapping[str, IndicatorKind] = field(default_factory=dict)

    def kind(self, indicator: str) -> IndicatorKind:
        return self.kinds.get(indicator, "share")

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Policy":
        """The policy of an earlier release; what it did not know yet has today's default."""
        known = {item.name for item in fields(cls)}
        return cls(**{name: value for name, value in stored.items() if name in known})


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """One municipality's counts in a cell.

    In a `count` the persons are in the numerator and the denominator is 0; in a `ratio` they are in the numerator too,
    and the denominator is hundredths of something that is not persons.
    """

    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What is said about a cell. A withheld one says nothing more, whatever the reason.

    A ratio is a number with one decimal and says nothing of how many persons there are: a count of the very same
    persons is published beside it, for more municipalities, and the difference would be those of the others.
    """

    status: Status
    contributors: int | None = None
    persons: int | None = None
    value: Figure | None = None
    q1: Figure | None = None
    median: Figure | None = None
    q3: Figure | None = None


WITHHELD = Decision("withheld")


def decide(parts: Iterable[Part], kind: IndicatorKind, policy: Policy) -> Decision:
    """Publishes or withholds one cell. Municipalities without a single person in it do not count as contributors."""
    if kind == "count":
        return _decide_count(sorted(part for part in parts if part.numerator > 0), policy)
    if kind == "ratio":
        return _decide_ratio(sorted(part for part in parts if part.numerator > 0 and part.denominator > 0), policy)
    return _decide_share(sorted(part for part in parts if part.denominator > 0), policy)


def _decide_count(parts: Sequence[Part], policy: Policy) -> Decision:
    total = sum(part.numerator for part in parts)
    if len(parts) < policy.contributors or total < max(policy.persons, policy.numerator):
        return WITHHELD
    rounded = to_step(Fraction(total), policy.person_step)
    return Decision("published", len(parts), rounded, rounded)


def _decide_ratio(parts: Sequence[Part], policy: Policy) -> Decision:
    total, whole = sum(part.numerator for part in parts), sum(part.denominator for part in parts)
    if len(parts) < policy.contributors or total < max(policy.persons, policy.numerator):
        return WITHHELD
    ratios = sorted(Fraction(100 * part.numerator, part.denominator) for part in parts)
    dominated = _is_dominated(parts, policy) or _weighs_most([part.numerator for part in parts], policy)
    # Of persons as they are rounded elsewhere: what is not persons may be known, and must not lead back to them.
    pooled = Fraction(100 * to_step(Fraction(total), policy.person_step), whole)
    value = sum(ratios, Fraction()) / len(ratios) if dominated else pooled
    spread = quartiles([10 * ratio for ratio in ratios], policy, step=policy.ratio_step)
    tenths = (to_step(10 * value, policy.ratio_step), *spread)
    return Decision("published", len(parts), None, *(None if each is None else _tenths(each) for each in tenths))


def _tenths(number: int) -> Decimal:
    return Decimal(number) / 10


def _decide_share(parts: Sequence[Part], policy: Policy) -> Decision:
    # A numerator above its denominator is no share: nothing is published from a cell that holds one.
    if len(parts) < policy.contributors or any(part.numerator > part.denominator for part in parts):
        return WITHHELD
    numerator = sum(part.numerator for part in parts)
    persons = sum(part.denominator for part in parts)
    if persons < policy.persons or numerator < policy.numerator or persons - numerator < policy.complement:
        return WITHHELD
    shares = sorted(Fraction(100 * part.numerator, part.denominator) for part in parts)
    value = (
        sum(shares, Fraction()) / len(shares)
        if _is_dominated(parts, policy)
        else Fraction(100 * numerator, persons)
    )
    return Decision(
        "published",
        len(parts),
        to_step(Fraction(persons), policy.person_step),
        to_step(value, policy.percent_step),
        *quartiles(shares, policy),
    )


def _is_dominated(parts: Sequence[Part], policy: Policy) -> bool:
    """Whether one municipality carries so much of the pooled value that it would in effect be its own figure."""
    return _weighs_most([part.denominator for part in parts], policy)


def _weighs_most(weights: Sequence[int], policy: Policy) -> bool:
    return 100 * max(weights) >= policy.dominance * sum(weights)


def quartiles(
    shares: Sequence[Fraction], policy: Policy, *, step: int | None = None
) -> tuple[int | None, int | None, int | None]:
    """First quartile, median and third quartile of sorted shares, or nothing for too few municipalities.

    Rounded to `step`, the policy's for shares unless given.

    Each is the mean of the three values around its place, since an exact quartile is one municipality's own value.
    """
    if len(shares) < policy.quartile_contributors:
        return None, None, None
    first, middle, third = (
        _smoothed(shares, Fraction(quarter, 4), step or policy.quartile_step) for quarter in (1, 2, 3)
    )
    return first, middle, third


def _smoothed(shares: Sequence[Fraction], place: Fraction, step: int) -> int:
    nearest = to_step(place * (len(shares) - 1), 1)
    return to_step(sum(shares[nearest - 1 : nearest + 2], Fraction()) / 3, step)


def to_step(value: Fraction, step: int) -> int:
    """The nearest multiple of a step; halves go up."""
    return step * int((value / step + Fraction(1, 2)).__floor__())
