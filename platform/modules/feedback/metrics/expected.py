"""The expected trajectory as a target: its middle at the session of each course's last complete total."""

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from modules.feedback.metrics.records import CourseRecord
from modules.feedback.metrics.scale import TENTHS
from modules.feedback.trajectory.fitting import fit
from modules.feedback.trajectory.model import Model, Track


class ExpectedMiddles:
    """A target for the ended courses among `records`, all worked out at once, which takes a fraction of the time."""

    def __init__(self, model: Model, records: Iterable[CourseRecord]) -> None:
        found = [(record, pair) for record in records if record.ended_on and (pair := record.pair()) is not None]
        self._middles: dict[str, float] = {}
        if not found:
            return
        starts = np.array([first.total / TENTHS for _, (first, _) in found])
        lapses = np.array([last.session - first.session for _, (first, last) in found], dtype=np.int64)
        _, middles, _ = model.expect_many([record.age_band for record, _ in found], starts, lapses)
        for (record, _), middle in zip(found, middles, strict=True):
            if not np.isnan(middle):
                self._middles[record.key] = float(middle)

    def target(self, record: CourseRecord) -> float | None:
        return self._middles.get(record.key)


def fit_trajectory(records: Sequence[CourseRecord]) -> Model | None:
    """The model fitted to the records themselves, the same in whatever order they come; None for too few courses."""
    in_order = sorted((record for record in records if record.sessions), key=_when)
    return fit([Track(record.age_band, _points(record)) for record in in_order])


def _when(record: CourseRecord) -> tuple[date, str]:
    return record.sessions[0].first_on, record.key


def _points(record: CourseRecord) -> tuple[tuple[int, float], ...]:
    return tuple((complete.session, complete.total / TENTHS) for complete in record.totals())
