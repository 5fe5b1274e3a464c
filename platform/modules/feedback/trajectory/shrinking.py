"""Partial pooling: how much each family of coefficients is drawn towards nothing, decided by the data themselves.

The scores of ordinary least squares, `X'y`, have mean `A·b` (`A = X'X`) and a covariance `M` in which answers of the same course
belong together. With `b ~ N(0, v)` within each family, `v` is found by restricted maximum likelihood (the free coefficients
have a flat prior) and `b` is its posterior mean: empirical Bayes as in Efron & Morris (1975), for clustered data.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from modules.feedback.trajectory.design import FREE, Basis, Numbers, Rows

STEPS = 40
NEAR_STEPS = 5
# A variance is never thought to be nothing at all from a handful of coefficients: one more, of this size (points²).
PRIOR_WEIGHT, PRIOR_VARIANCE = 1.0, 0.2
# A free coefficient may be as large as this (points).
WIDE = 100.0
# What is so much smaller than the largest direction holds no information.
SMALL = 1e-9


@dataclass(frozen=True, slots=True)
class Spread:
    """Variances (points²) of answers around the expected: shared by a course, growing in it with time, and each answer's own."""

    course: float
    growing: float
    own: float


@dataclass(frozen=True, slots=True)
class Sums:
    """What the estimates need of the answers, however many: sums over rows, and over courses of products of their sums."""

    rows: int
    squares: Numbers
    scores: Numbers
    courses: Numbers
    growing: Numbers

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.rows + other.rows,
            self.squares + other.squares,
            self.scores + other.scores,
            self.courses + other.courses,
            self.growing + other.growing,
        )

    def __sub__(self, other: "Sums") -> "Sums":
        return self + Sums(-other.rows, -other.squares, -other.scores, -other.courses, -other.growing)


def sum_up(basis: Basis, rows: Rows) -> Sums:
    """Reads the rows once, in chunks."""
    size = len(basis.families)
    total = Sums(0, np.zeros((size, size)), np.zeros(size), np.zeros((size, size)), np.zeros((size, size)))
    for part in rows.chunks():
        columns = basis.columns(part.lapse, part.start, part.band)
        begins = np.flatnonzero(np.diff(part.course, prepend=-1))
        level = np.add.reduceat(columns, begins)
        growing = np.add.reduceat(columns * basis.growth(part.lapse)[:, None], begins)
        change = part.total - part.start
        total += Sums(len(part), columns.T @ columns, columns.T @ change, level.T @ level, growing.T @ growing)
    return total


@dataclass(frozen=True, slots=True)
class Pooled:
    """Coefficients, each drawn towards nothing as its family's `variance` (by column, points²) says."""

    coefficients: Numbers
    variance: Numbers


def shrink(sums: Sums, spread: Spread, families: Sequence[str], near: Pooled | None = None) -> Pooled:
    """The coefficients from the sums. `near`: what is known to be close, such as nearly the same courses gave."""
    clustered = spread.course * sums.courses + spread.growing * sums.growing + spread.own * sums.squares
    weight = sums.squares @ _invert(clustered)
    information, found = weight @ sums.squares, weight @ sums.scores
    places = {name: [i for i, family in enumerate(families) if family == name] for name in dict.fromkeys(families)}
    variance = near.variance.copy() if near else np.array([WIDE**2 if name == FREE else 1.0 for name in families])
    coefficients = np.zeros(len(families))
    for _ in range(NEAR_STEPS if near else STEPS):
        covariance = np.linalg.inv(information + np.diag(1 / variance))
        coefficients = covariance @ found
        for name, own in places.items():
            if name != FREE:
                size = float(np.sum(coefficients[own] ** 2) + np.sum(np.diag(covariance)[own]))
                variance[own] = (size + PRIOR_WEIGHT * PRIOR_VARIANCE) / (len(own) + PRIOR_WEIGHT)
    return Pooled(np.asarray(coefficients, dtype=np.float64), variance)


def _invert(matrix: Numbers) -> Numbers:
    """The pseudo-inverse: an age band's columns add up to the whole's, so some directions are empty."""
    values, vectors = np.linalg.eigh(matrix)
    kept = values > SMALL * values[-1]
    return np.asarray((vectors[:, kept] / values[kept]) @ vectors[:, kept].T, dtype=np.float64)


def measure_spread(basis: Basis, rows: Rows, residuals: Numbers) -> Spread:
    """The variances by the method of moments, from products of residuals of different answers of the same course."""
    begins = np.flatnonzero(np.diff(rows.course, prepend=-1))
    growth = basis.growth(rows.lapse)
    once, twice = np.ones(len(rows)), growth**2
    sums = [np.add.reduceat(part, begins) for part in (residuals, growth * residuals, once, growth, twice)]
    level, growing, count, grown, squared = (float(np.sum(part**2)) for part in sums)
    products = np.array([level - np.sum(residuals**2), growing - np.sum(twice * residuals**2)])
    pairs = np.array(
        [[count - len(rows), grown - np.sum(twice)], [grown - np.sum(twice), squared - np.sum(twice**2)]]
    )
    shared, growth_variance = np.maximum(0.0, np.linalg.lstsq(pairs, products, rcond=None)[0])
    whole = float(np.mean(residuals**2))
    own = max(0.1 * whole, whole - shared - growth_variance * float(np.mean(twice)), 1e-6)
    return Spread(float(shared), float(growth_variance), float(own))
