"""The expected trajectory on invented truths: new courses lie where it says, in small and in large municipalities.

What is stated on the page of the model (`SIMULATED`) is what is found here. The table by truth, with the spread from one
municipality to the next: `python -m tests.modules.feedback.trajectory.trials`.
"""

import time
import tracemalloc

import numpy as np
import pytest

from modules.feedback.trajectory.fitting import fit
from modules.feedback.trajectory.simulated import SIMULATED
from tests.modules.feedback.trajectory.trials import LARGE, NEW, SMALL, Trial, draw_town, run
from tests.modules.feedback.trajectory.truths import TRUTHS, Truth

pytestmark = pytest.mark.prove

# How many municipalities the mean is over; one large one is enough.
REPLICATIONS = {SMALL: 60, 300: 10, LARGE: 1}
STATED = {size.courses: size for size in SIMULATED}


def _mean(trials: list[Trial]) -> tuple[float, float]:
    return float(np.mean([trial.covered for trial in trials])), float(np.mean([trial.slope for trial in trials]))


@pytest.mark.parametrize("courses", list(REPLICATIONS))
@pytest.mark.parametrize("truth", TRUTHS, ids=lambda truth: truth.name)
def test_the_range_holds_and_the_slope_is_near_one(truth: Truth, courses: int) -> None:
    covered, slope = _mean(run(truth, courses, REPLICATIONS[courses], new=6_000 if courses == LARGE else NEW))
    assert 0.75 <= covered <= 0.85
    assert 0.9 <= slope <= 1.1
    if courses in STATED:
        stated = STATED[courses]
        assert stated.covered[0] - 0.005 <= covered <= stated.covered[1] + 0.005
        assert stated.slope[0] - 0.005 <= slope <= stated.slope[1] + 0.005


def test_a_large_municipality_takes_seconds_and_little_memory() -> None:
    tracks = draw_town(TRUTHS[0], LARGE, 1)
    begun = time.process_time()
    assert fit(tracks) is not None
    assert time.process_time() - begun < 15
    tracemalloc.start()
    try:
        fit(tracks)
        assert tracemalloc.get_traced_memory()[1] < 150 * 2**20
    finally:
        tracemalloc.stop()
