"""Trials of the model against invented truths. As a program it writes the table of docs/trajectory-model.md:

python -m tests.modules.feedback.trajectory.trials [replications]
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from modules.feedback.trajectory.fitting import fit
from modules.feedback.trajectory.model import MINIMUM_COURSES, Model, Track
from tests.modules.feedback.trajectory.truths import TRUTHS, Truth

SMALL, LARGE = MINIMUM_COURSES, 20_000
# New courses that a model is tried on.
NEW = 1_500
# Seeds of new courses begin here, far from those of the courses that models are made from.
OTHERS = 1_000_000


@dataclass(frozen=True)
class Trial:
    """Of answers that a model had not seen: the share inside its range, and the slope of answers on expectations."""

    covered: float
    slope: float
    answers: int


def lay_out(tracks: Iterable[Track]) -> tuple[list[str], np.ndarray, np.ndarray, np.ndarray]:
    rows = [
        (track.age_band, track.totals[0][1], session - track.totals[0][0], total)
        for track in tracks
        for session, total in track.totals[1:]
    ]
    bands, starts, lapses, totals = zip(*rows, strict=True)
    return list(bands), np.array(starts), np.array(lapses), np.array(totals)


def try_on(model: Model, tracks: Iterable[Track]) -> Trial:
    """Counts only what the model has an opinion on."""
    bands, starts, lapses, totals = lay_out(tracks)
    low, middle, high = model.expect_many(bands, starts, lapses)
    said = ~np.isnan(middle)
    inside = (low[said] <= totals[said]) & (totals[said] <= high[said])
    slope = np.polyfit(middle[said], totals[said], 1)[0]
    return Trial(float(inside.mean()), float(slope), int(said.sum()))


def draw_town(truth: Truth, courses: int, seed: int) -> list[Track]:
    """Exactly so many courses with two complete answers."""
    tracks = [track for track in truth.draw(courses * 2 + 100, seed) if len(track.totals) > 1]
    assert len(tracks) >= courses
    return tracks[:courses]


def run(truth: Truth, courses: int, replications: int, *, new: int = NEW) -> list[Trial]:
    """Each municipality is tried on new courses of its own."""
    return [
        try_on(model_of(truth, courses, seed), truth.draw(new, seed=OTHERS + seed)) for seed in range(replications)
    ]


def model_of(truth: Truth, courses: int, seed: int) -> Model:
    model = fit(draw_town(truth, courses, seed))
    assert model is not None
    return model


def had_nobody_left(truth: Truth, courses: int, seed: int) -> Trial:
    """The model tried on all that would have been answered had nobody stopped."""
    return try_on(model_of(truth, courses, seed), [whole for _, whole in truth.draw_with_rest(NEW, OTHERS)])


def _say(numbers: Sequence[float]) -> str:
    low, high = np.quantile(numbers, [0.05, 0.95])
    return f"{np.mean(numbers):.3f} ({low:.3f}–{high:.3f})"


def main(replications: int) -> None:
    for courses, times in ((SMALL, replications), (300, replications // 2), (LARGE, 1)):
        new = NEW if courses < LARGE else 4 * NEW
        print(f"\n{courses} courses, {times} replications: mean (5–95 %)")
        for truth in TRUTHS:
            trials = run(truth, courses, max(times, 1), new=new)
            covered, slope = [trial.covered for trial in trials], [trial.slope for trial in trials]
            print(f"| {truth.name} | {_say(covered)} | {_say(slope)} |", flush=True)
    print(f"\nHad nobody left, {LARGE} courses")
    for truth in TRUTHS:
        trial = had_nobody_left(truth, LARGE, 0)
        print(f"| {truth.name} | {trial.covered:.3f} | {trial.slope:.3f} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
