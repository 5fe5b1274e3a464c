"""What a course's last total is held against: the scale's cut-off, or else the expected trajectory."""

from typing import Protocol

from modules.feedback.metrics.records import CourseRecord
from modules.feedback.metrics.scale import ScaleRules


class Target(Protocol):
    """Gives the total (points) that a course with at least two complete totals should have reached by its last."""

    def target(self, record: CourseRecord) -> float | None: ...


class ScaleTarget:
    """The cut-off of the age band where the scale has one that may be used, else what `otherwise` says."""

    def __init__(self, rules: ScaleRules, otherwise: Target | None = None) -> None:
        self._cut_offs = {band: constant.value for band in rules.cut_offs if (constant := rules.cut_off(band))}
        self._otherwise = otherwise

    def target(self, record: CourseRecord) -> float | None:
        cut_off = self._cut_offs.get(record.age_band)
        if cut_off is None and self._otherwise is not None:
            return self._otherwise.target(record)
        return cut_off
