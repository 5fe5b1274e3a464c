"""Invented municipalities whose truth is known: how people really change, what of it is answered, and who stays."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from modules.feedback.trajectory.model import Track

BANDS = ("adolescent", "adult", "child")
BAND_SHARES = (0.3, 0.55, 0.15)
LONGEST = 30
Random = np.random.Generator


@dataclass(frozen=True)
class Truth:
    """`move(random, level, band, sessions)` gives the true level (points) of each course at each session, (courses, sessions).

    `leaves(scores)` is how likely people are to stop after each score; `missing` the share of answers never given.
    `noise` is the error of one answer in points.
    """

    name: str
    move: Callable[[Random, np.ndarray, np.ndarray, np.ndarray], np.ndarray]
    mean: float = 19.0
    deviation: float = 6.5
    noise: float = 2.5
    missing: float = 0.15
    first_missing: float = 0.05
    hazard: float = 0.12
    leaves: Callable[[np.ndarray], np.ndarray] | None = None
    bands: Sequence[float] = field(default=BAND_SHARES)

    def draw(self, courses: int, seed: int) -> list[Track]:
        """That many courses, as they are answered."""
        return [track for track, _ in self.draw_with_rest(courses, seed)]

    def draw_with_rest(self, courses: int, seed: int) -> list[tuple[Track, Track]]:
        """Each course as it was answered, and with what would have been answered had nobody left."""
        random = np.random.default_rng(seed)
        band = random.choice(len(BANDS), size=courses, p=self.bands)
        level = random.normal(self.mean + np.array([1.5, 0.0, 4.0])[band], self.deviation)
        level = np.clip(level, 1.0, 39.0)
        sessions = np.arange(LONGEST, dtype=float)
        true = self.move(random, level[:, None], band[:, None], sessions[None, :])
        scores = np.round(np.clip(true + random.normal(0, self.noise, true.shape), 0, 40), 1)
        hazard = np.full(scores.shape, self.hazard) if self.leaves is None else self.leaves(scores)
        there = np.cumprod(random.random(scores.shape) >= hazard, axis=1).astype(bool)
        there = np.concatenate([np.ones((courses, 1), dtype=bool), there[:, :-1]], axis=1)
        given = random.random(scores.shape) >= self.missing
        given[:, 0] = random.random(courses) >= self.first_missing
        return [
            (_track(band[i], scores[i], given[i] & there[i]), _track(band[i], scores[i], given[i]))
            for i in range(courses)
        ]


def _track(band: int, scores: np.ndarray, given: np.ndarray) -> Track:
    return Track(BANDS[band], tuple((int(at) + 1, float(scores[at])) for at in np.flatnonzero(given)))


def _effect(band: np.ndarray) -> np.ndarray:
    return np.take(np.array([1.2, 1.0, 0.6]), band)


def exponential(random, level, band, sessions):
    """Quick at first, then slower, less to gain for those who start high; people differ in how far and how fast."""
    gain = (9.0 - 0.35 * (level - 19)) * _effect(band) + random.normal(0, 3.5, level.shape)
    pace = random.uniform(2, 6, level.shape)
    return level + gain * (1 - np.exp(-sessions / pace))


def linear(random, level, band, sessions):
    return level + (0.45 * _effect(band) + random.normal(0, 0.3, level.shape)) * sessions


def plateau(random, level, band, sessions):
    """Steady until a session of their own, then nothing more."""
    end = random.integers(3, 10, level.shape)
    return level + (1.3 * _effect(band) + random.normal(0, 0.5, level.shape)) * np.minimum(sessions, end)


def heterogeneous(random, level, band, sessions):
    """Four ways: better, slowly better, the same, worse; and a walk of good and bad weeks of each one's own."""
    way = random.choice(4, size=level.shape, p=[0.45, 0.2, 0.23, 0.12])
    gain = np.array([12.0, 8.0, 0.0, -8.0])[way] * np.where(way < 2, _effect(band), 1.0)
    pace = np.array([2.0, 6.0, 3.0, 3.0])[way]
    walk = np.cumsum(random.normal(0, 0.8, (len(level), sessions.shape[1])), axis=1)
    return level + gain * (1 - np.exp(-sessions / pace)) + walk - walk[:, :1]


def unmoved(random, level, band, sessions):
    """Nothing happens but weeks that differ: all that is seen is regression to the mean."""
    return level + random.normal(0, 0.5, level.shape) * np.ones_like(sessions)


def satisfied(scores):
    """Many stop when it goes well."""
    return 0.03 + 0.4 / (1 + np.exp(-(scores - 30) / 2))


def discouraged(scores):
    """Many stop when it goes badly."""
    return 0.03 + 0.35 / (1 + np.exp((scores - 14) / 2))


TRUTHS = (
    Truth("exponential", exponential),
    Truth("linear", linear),
    Truth("plateau", plateau),
    Truth("heterogeneous", heterogeneous),
    Truth("unmoved", unmoved),
    Truth("many_missing", exponential, missing=0.45, first_missing=0.3),
    Truth("satisfied_leave", exponential, leaves=satisfied),
    Truth("discouraged_leave", heterogeneous, leaves=discouraged),
    Truth("ceiling", exponential, mean=29.0, deviation=7.0),
    Truth("floor", linear, mean=7.0, deviation=5.0),
    Truth("one_band", exponential, bands=(0.0, 1.0, 0.0)),
    Truth("noisy_long", linear, noise=4.0, hazard=0.04),
)
