"""The expected trajectory: what courses with the same start, at the same session, usually answer in this municipality.

`fitting.fit` makes a model from courses; this is the model itself: what it expects, and its way to JSON and back. It is about
courses that still answer at that session, not about everybody who ever began. Described in docs/trajectory-model.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np

from modules.feedback.trajectory.design import Basis, Codes, Numbers
from modules.feedback.trajectory.ranges import Range, features_of
from modules.feedback.trajectory.shrinking import Spread

FORMULA_VERSION = "1"
# Points.
LOWEST, HIGHEST = 0.0, 40.0
# Totals are whole in these parts of a point.
FINENESS = 10
# Courses with at least two complete answers; with fewer there is no model at all, and with fewer in an age band none for it.
MINIMUM_COURSES = 60
MINIMUM_IN_BAND = 10


@dataclass(frozen=True, slots=True)
class Track:
    """One course: (session number from 1, total in points) for each complete answer of the citizen's own."""

    age_band: str
    totals: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """Points. `low` to `high` holds eight of ten answers of new courses. `held`: so late that too few have come there,
    and what was expected last is held flat."""

    low: float
    middle: float
    high: float
    held: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """How expectations fared against `answers` in courses that they were not made from.

    `slope`: of answers on expectations, 1 when they are neither too bold nor too timid. `below` and `above`: shares
    outside the range. `distance`: mean absolute distance from the middle in points, and `unmoved` the same if everybody
    were expected to stay where they began.
    """

    answers: int
    slope: float | None
    below: float
    above: float
    distance: float
    unmoved: float

    @property
    def covered(self) -> float:
        return 1 - self.below - self.above


@dataclass(frozen=True)
class Model:
    """What `fit` found. `bands`: courses by age band, all of them; `answers` those after each course's first."""

    basis: Basis
    coefficients: tuple[float, ...]
    spread: Spread
    range: Range
    bands: Mapping[str, int]
    answers: int
    check: Check

    @property
    def courses(self) -> int:
        return sum(self.bands.values())

    def expect(self, age_band: str, start: float, session: int, *, first: int = 1) -> Expected | None:
        """What to expect at a session, for a course whose first complete answer was `start` points at session `first`.

        None where the model is silent: an age band that it has met too seldom. At the first answer itself: that answer.
        """
        if self.bands.get(age_band, 0) < MINIMUM_IN_BAND:
            return None
        if session <= first:
            return Expected(start, start, start)
        last = self.basis.knots[-1]
        lapse, place = min(session - first, last), start * FINENESS
        if (age_band, lapse) not in self._tables:
            self._tables[age_band, lapse] = self._tabulate(age_band, lapse)
        # Totals are tenths, but a file may have finer ones.
        exact = abs(place - round(place)) < 1e-6 and LOWEST <= start <= HIGHEST
        low, middle, high = (
            self._tables[age_band, lapse][round(place)]
            if exact
            else (float(part[0]) for part in self.expect_many([age_band], np.array([start]), np.array([lapse])))
        )
        return Expected(low, middle, high, held=session - first > last)

    @cached_property
    def _tables(self) -> dict[tuple[str, int], list[tuple[float, float, float]]]:
        """By age band and sessions since the start, what has been worked out: figures ask thousands of times."""
        return {}

    def _tabulate(self, age_band: str, lapse: int) -> list[tuple[float, float, float]]:
        """For every starting level in tenths."""
        starts = np.arange(round(HIGHEST * FINENESS) + 1) / FINENESS
        parts = self.expect_many([age_band] * len(starts), starts, np.full(len(starts), lapse))
        return list(zip(*(part.tolist() for part in parts), strict=True))

    def expect_many(
        self, age_bands: Sequence[str], starts: Numbers, lapses: Codes
    ) -> tuple[Numbers, Numbers, Numbers]:
        """Low, middle and high for many at once; `lapses` are sessions since the first answer, from 1. NaN where silent."""
        places = {
            name: place for place, name in enumerate(self.basis.bands) if self.bands[name] >= MINIMUM_IN_BAND
        }
        band = np.array([places.get(name, -1) for name in age_bands], dtype=np.int64)
        columns = self.basis.columns(lapses, starts, band)
        middle = np.clip(starts + columns @ np.array(self.coefficients), LOWEST, HIGHEST)
        low, high = self.range.limits(features_of(self.basis, lapses, band, middle), middle)
        silent = band < 0
        low, high = np.clip(low, LOWEST, HIGHEST), np.clip(high, LOWEST, HIGHEST)
        return tuple(np.where(silent, np.nan, part) for part in (low, middle, high))  # type: ignore[return-value]  # three of them

    def to_json(self) -> dict[str, Any]:
        """Plain values, to be kept; the same model always gives the same."""
        return {"formula_version": FORMULA_VERSION, **asdict(self)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Model | None":
        """The model again; None where it was made by another version of the formula, and must be made anew."""
        if kept.get("formula_version") != FORMULA_VERSION:
            return None
        basis, limits = kept["basis"], kept["range"]
        return cls(
            basis=Basis(tuple(basis["knots"]), tuple(basis["bends"]), basis["centre"], tuple(basis["bands"])),
            coefficients=tuple(kept["coefficients"]),
            spread=Spread(**kept["spread"]),
            range=Range(**{name: tuple(numbers) for name, numbers in limits.items()}),
            bands=dict(kept["bands"]),
            answers=kept["answers"],
            check=Check(**kept["check"]),
        )
