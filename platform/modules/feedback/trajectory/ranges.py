"""How far from the expected an answer may lie: the range that holds eight of ten answers of new courses.

The distance depends on time since the start, on the age band and on how near the expected is to an end of the scale. Its shape is
not assumed to be normal: the limits are quantiles of distances in courses that the expectation was not made from, as in
split conformal prediction (Lei et al. 2018), with the small-sample correction by courses, since a course's answers follow each other.
"""

from dataclasses import dataclass

import numpy as np

from modules.feedback.trajectory.design import Basis, Codes, Numbers

COVERED = 0.8
STEPS = 25
NEAR = 1e-7
# How strongly the scale's coefficients are held near nothing, as so many answers would.
HELD = 20.0
MIDDLE, UNIT = 20.0, 10.0
# Parts of the expected levels whose limits differ, and the courses that count as much as all the rest together.
PARTS = 3
TRUST = 100.0


@dataclass(frozen=True, slots=True)
class Range:
    """`scale`: logarithms of the mean distance; `levels` (points) with the `low` and `high` limits there, in mean distances."""

    scale: tuple[float, ...]
    levels: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    def limits(self, features: Numbers, middle: Numbers) -> tuple[Numbers, Numbers]:
        """The lower and upper limit (points, not clipped) around `middle`."""
        scale = np.exp(features @ np.array(self.scale))
        low = np.interp(middle, self.levels, self.low)
        high = np.interp(middle, self.levels, self.high)
        return middle + scale * np.minimum(low, 0.0), middle + scale * np.maximum(high, 0.0)


def features_of(basis: Basis, lapse: Codes, band: Codes, middle: Numbers) -> Numbers:
    """What the scale of distances depends on."""
    level = (middle - MIDDLE) / UNIT
    bands = (band[:, None] == np.arange(len(basis.bands))[None, :]).astype(np.float64)
    return np.column_stack([np.ones(len(lapse)), basis.growth(lapse), level, level**2, bands])


def fit_range(features: Numbers, middle: Numbers, residuals: Numbers, course: Codes) -> Range:
    """The range from distances (`residuals`, points) in courses that `middle` was not made from."""
    scale = _fit_scale(features, np.abs(residuals))
    distances = residuals / np.exp(features @ scale)
    edges = np.quantile(middle, np.arange(1, PARTS) / PARTS)
    part = np.searchsorted(edges, middle)
    whole = _quantiles(distances, course)
    levels, limits = [], []
    for place in range(PARTS):
        own = part == place
        if not own.any():
            continue
        share = (count := len(np.unique(course[own]))) / (count + TRUST)
        levels.append(float(np.median(middle[own])))
        limits.append(whole + share * (_quantiles(distances[own], course[own]) - whole))
    low, high = np.array(limits).T
    return Range(_round(scale), _round(levels), _round(low), _round(high))


def _fit_scale(features: Numbers, distances: Numbers) -> Numbers:
    """Logarithms of the mean distance, linear in the features: a gamma regression, held near a constant."""
    mean = max(float(np.mean(distances)), 1e-3)
    found = np.zeros(features.shape[1])
    found[0] = np.log(mean)
    holding = np.diag([0.0, *[HELD] * (features.shape[1] - 1)])
    information = features.T @ features + holding
    for _ in range(STEPS):
        ratio = np.minimum(distances / np.exp(features @ found), 10.0)
        step = np.linalg.solve(information, features.T @ (ratio - 1) - holding @ found)
        found = found + np.clip(step, -0.5, 0.5)
        if float(np.max(np.abs(step))) < NEAR:
            break
    return found


def _quantiles(distances: Numbers, course: Codes) -> Numbers:
    tail = (1 - COVERED) / 2
    wanted = min(1.0, (1 - tail) * (1 + 1 / len(np.unique(course))))
    return np.asarray(np.quantile(distances, [1 - wanted, wanted]), dtype=np.float64)


def _round(numbers: Numbers | list[float]) -> tuple[float, ...]:
    return tuple(round(float(number), 9) for number in numbers)
