"""How much a total must change before it counts, estimated from first answers.

1.96 · SD · √2 · √(1 − α): the change that measurement error alone would pass in one of twenty (Jacobson & Truax 1991;
Evans, Margison & Barkham 1998). SD is that of the first complete totals (n − 1), α is Cronbach's alpha of their lines.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import sqrt

from modules.feedback.metrics.messages import Message, message
from modules.feedback.metrics.messages import mark as _
from modules.feedback.metrics.scale import TENTHS

FORMULA_VERSION = "1"
FEWEST = 200
NORMAL_95 = 1.96

_TOO_FEW = _(
    "The limit for a reliable change is estimated from at least %(fewest)s first answers; there are %(count)s."
)
_NO_SPREAD = _("No limit for a reliable change: all first answers are alike.")
_ONE_LINE = _("No limit for a reliable change can be estimated for a scale with one line.")
_NO_RELIABILITY = _("No limit for a reliable change: the lines of the first answers do not go together.")


@dataclass(frozen=True, slots=True)
class Threshold:
    """A change counts when it is strictly greater than `points`. What is estimated says from what."""

    points: float
    estimated: bool
    sd: float | None = None
    reliability: float | None = None
    n: int | None = None
    as_of: date | None = None
    source: str = ""
    verification: str = "estimated"
    formula_version: str = FORMULA_VERSION

    @property
    def tenths(self) -> float:
        """The limit in tenths, without the dust of binary fractions, so that a change just as large is not greater."""
        return round(self.points * TENTHS, 9)


@dataclass(slots=True)
class FirstAnswers:
    """Sums over first answers (tenths, all lines answered): exact and the same in any order, as scores are whole."""

    n: int = 0
    sums: list[float] = field(default_factory=list)
    squares: list[float] = field(default_factory=list)
    total: float = 0
    total_square: float = 0

    def add(self, items: Sequence[float]) -> None:
        if not self.n:
            self.sums, self.squares = [0] * len(items), [0] * len(items)
        self.n += 1
        total: float = 0
        for place, value in enumerate(items):
            self.sums[place] += value
            self.squares[place] += value * value
            total += value
        self.total += total
        self.total_square += total * total

    def estimate(self, as_of: date | None = None) -> Threshold | Message:
        """The threshold, or why there is none."""
        if self.n < FEWEST:
            return message(_TOO_FEW, fewest=FEWEST, count=self.n)
        lines = len(self.sums)
        if lines < 2:
            return message(_ONE_LINE)
        variance = variance_of(self.n, self.total, self.total_square)
        if variance <= 0:
            return message(_NO_SPREAD)
        own = sum(variance_of(self.n, *sums) for sums in zip(self.sums, self.squares, strict=True))
        alpha = lines / (lines - 1) * (1 - own / variance)
        if alpha <= 0:
            return message(_NO_RELIABILITY)
        # Lines that are copies of each other have an alpha of one, and rounding may carry it past that.
        alpha = min(alpha, 1.0)
        sd = sqrt(variance) / TENTHS
        return Threshold(NORMAL_95 * sd * sqrt(2) * sqrt(1 - alpha), True, sd, alpha, self.n, as_of)


def estimate(first_items: Iterable[Sequence[float]], as_of: date | None = None) -> Threshold | Message:
    """The threshold from the lines (tenths) of each course's first complete outcome answer, or why there is none.

    `as_of` is the date that is shown with it.
    """
    answers = FirstAnswers()
    for items in first_items:
        answers.add(items)
    return answers.estimate(as_of)


def variance_of(n: int, total: float, square: float) -> float:
    """The variance (n − 1) from a sum and a sum of squares; exact until the last division where scores are whole."""
    return (n * square - total * total) / (n * (n - 1))
