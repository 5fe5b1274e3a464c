"""The limit for a reliable change, estimated from first answers, or the reason for having none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.feedback.metrics.messages import Message
from modules.feedback.metrics.threshold import FEWEST, Threshold, estimate


@given(seed=st.integers(0, 10_000), count=st.integers(FEWEST, 400), lines=st.integers(2, 6))
def test_it_is_what_the_covariance_matrix_says(seed: int, count: int, lines: int) -> None:
    draw = np.random.default_rng(seed)
    items = (
        np.clip(draw.normal(50, 15, (count, 1)) + draw.normal(0, 12, (count, lines)), 0, 100).round().astype(int)
    )
    found = estimate(items.tolist())
    covariance = np.cov(items / 10, rowvar=False)
    alpha = lines / (lines - 1) * (1 - np.trace(covariance) / covariance.sum())
    sd = np.sqrt(covariance.sum())
    assert isinstance(found, Threshold)
    assert (found.sd, found.reliability, found.n) == pytest.approx((sd, alpha, count))
    assert found.points == pytest.approx(1.96 * sd * np.sqrt(2) * np.sqrt(1 - alpha))
    assert estimate(items[::-1].tolist()) == found


def reason(items: list) -> str:
    found = estimate(items)
    assert isinstance(found, Message)
    return str(found)


def test_without_enough_to_go_by_there_is_a_reason() -> None:
    spread = [[n % 50, n % 50, n % 50, (n * 7) % 50] for n in range(FEWEST)]
    assert isinstance(estimate(spread), Threshold)
    assert "there are 199" in reason(spread[1:])
    assert "there are 0" in reason([])
    assert "alike" in reason([[50, 50, 50, 50]] * FEWEST)
    # No two lines go together at all, and worse: one rises as another falls.
    assert "do not go together" in reason([[n % 2 * 10, 60 - n % 2 * 10 - n % 3, 5, 5] for n in range(FEWEST)])
    assert "one line" in reason([[n % 50] for n in range(FEWEST)])


def test_lines_that_are_copies_leave_no_room_for_chance() -> None:
    found = estimate([[n % 7 + 0.1] * 3 for n in range(FEWEST)])
    assert isinstance(found, Threshold)
    assert (found.reliability, found.points) == pytest.approx((1, 0), abs=1e-5)
