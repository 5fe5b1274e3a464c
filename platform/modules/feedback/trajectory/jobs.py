"""By night: the model and the limit for a change are made anew when there is something new to make them from."""

from collections.abc import Mapping
from typing import Any

from hjelpa.core.contract import Job, Schedule
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from modules.feedback.metrics.threshold import FORMULA_VERSION as THRESHOLD_VERSION
from modules.feedback.metrics.threshold import Threshold, estimate
from modules.feedback.trajectory import queries
from modules.feedback.trajectory.fitting import fit
from modules.feedback.trajectory.model import FORMULA_VERSION


def fit_trajectory(payload: Mapping[str, Any]) -> None:
    """Makes the model where answers have come, gone or been completed since, or the formula is another."""
    material, kept = queries.count_material(), queries.find_kept()
    if kept is None:
        if not material.answers:
            return
    elif (kept.answers, kept.latest_answer_at, kept.formula_version) == (
        material.answers,
        material.latest_at,
        FORMULA_VERSION,
    ):
        return
    tracks = queries.list_tracks()
    queries.keep_model(fit(tracks), material, len(tracks), utcnow())


def estimate_threshold(payload: Mapping[str, Any]) -> None:
    """Estimates how much the outcome scale must change before it counts, and keeps it where it is not what it was."""
    now, items, kept = utcnow(), queries.list_first_items(), queries.find_threshold()
    found = estimate(items, now.astimezone(LOCAL).date())
    threshold = found if isinstance(found, Threshold) else None
    if kept is None and threshold is None:
        return
    new = (threshold.points, threshold.sd, threshold.reliability) if threshold else (None, None, None)
    if kept is not None and (*new, len(items), THRESHOLD_VERSION) == (
        kept.threshold,
        kept.sd,
        kept.reliability,
        kept.n,
        kept.formula_version,
    ):
        return
    if kept is not None and kept.threshold is None and threshold is None:
        return
    queries.keep_threshold(threshold, len(items), now)


JOBS = (
    Job("feedback.fit_trajectory", fit_trajectory, schedule=Schedule(daily_at=(1, 30))),
    Job("feedback.estimate_threshold", estimate_threshold, schedule=Schedule(daily_at=(1, 50))),
)
