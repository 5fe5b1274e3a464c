"""How the model fares where the truth is known: the figures that its card shows, held by tests/prove/test_trajectory.py.

Over twelve invented truths (docs/trajectory-model.md): the lowest and highest mean over replications.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Simulated:
    """`covered`: share of new courses' answers inside the range; `slope`: of answers on expectations."""

    courses: int
    covered: tuple[float, float]
    slope: tuple[float, float]


SIMULATED = (
    Simulated(60, (0.81, 0.83), (0.92, 1.09)),
    Simulated(20_000, (0.80, 0.81), (0.99, 1.01)),
)
