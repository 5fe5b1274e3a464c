"""What a change depends on, as columns of numbers: time since the first answer, starting level and age band.

Every coefficient but the first four is drawn towards nothing, within its family (`Basis.families`), by as much as the
data say (`shrinking`). So a small municipality gets few and smooth curves, and a large one gets what it has seen.
Penalised splines as in Ruppert, Wand & Carroll, *Semiparametric Regression* (2003), chapters 3 to 5.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Codes = NDArray[np.int64]

# Sessions since the first answer where a curve may bend; near the beginning, where most happens, they lie close.
KNOTS = (1, 2, 3, 5, 8, 13, 21, 34)
# Shares of the courses below each place on the scale where the effect of the starting level may bend.
BENDS = (0.2, 0.4, 0.6, 0.8)
# Points per unit of starting level: with it all coefficients are of one size.
UNIT = 10.0
# Rows turned into columns at a time, which bounds the memory however many answers there are.
CHUNK = 20_000

FREE = "free"


@dataclass(frozen=True, slots=True)
class Rows:
    """One row per complete answer after a course's first; a course's rows lie together."""

    course: Codes
    lapse: Codes
    start: Numbers
    band: Codes
    total: Numbers

    def __len__(self) -> int:
        return len(self.course)

    def take(self, kept: slice | NDArray[np.bool_]) -> "Rows":
        return Rows(self.course[kept], self.lapse[kept], self.start[kept], self.band[kept], self.total[kept])

    def chunks(self) -> Iterator["Rows"]:
        """In parts of about `CHUNK` rows that keep each course whole."""
        begins = np.flatnonzero(np.diff(self.course, prepend=-1))
        at = 0
        while at < len(self):
            later = begins[begins >= at + CHUNK]
            end = int(later[0]) if len(later) else len(self)
            yield self.take(slice(at, end))
            at = end


@dataclass(frozen=True)
class Basis:
    """Where curves may bend: `knots` in sessions since the first answer, `bends` and `centre` in points."""

    knots: tuple[int, ...]
    bends: tuple[float, ...]
    centre: float
    bands: tuple[str, ...]

    @cached_property
    def families(self) -> tuple[str, ...]:
        """The family of each column, in order; `FREE` ones are not drawn towards nothing."""
        steps = len(self.knots) - 1
        return (
            *[FREE] * 4,
            *["shape"] * steps,
            *["slope"] * steps,
            *["bend"] * (2 * len(self.bends)),
            *["band level", *["band shape"] * steps, "band slope"] * len(self.bands),
        )

    def columns(self, lapse: Codes, start: Numbers, band: Codes) -> Numbers:
        """The columns for sessions since the first answer, starting levels (points) and age bands (places in `bands`)."""
        time, growth = self.rise(lapse), self.growth(lapse)[:, None]
        level = ((start - self.centre) / UNIT)[:, None]
        above = np.maximum(0.0, (start[:, None] - np.array(self.bends)[None, :]) / UNIT)
        whole = np.ones((len(lapse), 1))
        parts = [whole, growth, level, level * growth, time[:, 1:], level * time[:, 1:], above, above * growth]
        for place in range(len(self.bands)):
            own = (band == place)[:, None]
            parts += [time * own, level * own]
        return np.concatenate(parts, axis=1)

    def rise(self, lapse: Codes) -> Numbers:
        """1, and for each stretch between knots how much of it is behind: 0 before it, 1 after it."""
        whole = np.ones((len(lapse), len(self.knots)))
        for place, (low, high) in enumerate(zip(self.knots, self.knots[1:], strict=False), 1):
            whole[:, place] = np.clip((lapse - low) / (high - low), 0.0, 1.0)
        return whole

    def growth(self, lapse: Codes) -> Numbers:
        """From 0 at the first session after the start to 1 at the last knot, even in the logarithm."""
        last = self.knots[-1]
        if last == 1:
            return np.zeros(len(lapse))
        return np.asarray(np.log(np.clip(lapse, 1, last)) / np.log(last), dtype=np.float64)


def choose_basis(rows: Rows, starts: Numbers, bands: Sequence[str], *, fewest: int) -> Basis:
    """Curves reach as far as `fewest` courses do. `starts` are the courses' first totals."""
    ends = np.flatnonzero(np.diff(rows.course, append=-1))
    reached = np.sort(rows.lapse[ends])[::-1]
    last = max(1, int(reached[min(fewest, len(reached)) - 1]))
    knots = [knot for knot in KNOTS if knot == 1 or knot <= 0.8 * last]
    if last > 1:
        knots.append(last)
    bends = np.unique(np.round(np.quantile(starts, BENDS), 1))
    return Basis(tuple(knots), tuple(float(bend) for bend in bends), float(np.mean(starts)), tuple(bands))
