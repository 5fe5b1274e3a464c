"""All figures of a period together, and their way to JSON and back. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from modules.feedback.metrics.compute import Metric, Regression
from modules.feedback.metrics.messages import Message
from modules.feedback.metrics.threshold import Threshold
from modules.feedback.team.working import Worked

VERSION = 2


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a team's page shows of a period.

    `leaves` are people by where they are after making contact, None where nobody is received. `behind` is by age band
    ("" for all) how many helpers answer for the courses; only the bands that were asked for. `own_targets` are those of
    `working.Basis`.
    """

    worked: Worked
    limit: Threshold | Message
    leaves: Mapping[str, int] | None
    behind: Mapping[str, int]
    own_targets: tuple[str, ...] = ()


def to_json(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "version": VERSION,
        "metrics": {key: asdict(metric) for key, metric in snapshot.worked.metrics.items()},
        "regressions": {band: asdict(found) for band, found in snapshot.worked.regressions.items()},
        "limit": _write_limit(snapshot.limit),
        "leaves": None if snapshot.leaves is None else dict(snapshot.leaves),
        "behind": dict(snapshot.behind),
        "own_targets": list(snapshot.own_targets),
    }


def from_json(kept: Mapping[str, Any]) -> Snapshot | None:
    """The snapshot again; None where it was written by another version."""
    if kept.get("version") != VERSION:
        return None
    metrics = {key: _read_metric(values) for key, values in kept["metrics"].items()}
    regressions = {band: Regression(**values) for band, values in kept["regressions"].items()}
    limit, own_targets = _read_limit(kept["limit"]), tuple(kept["own_targets"])
    return Snapshot(Worked(metrics, regressions), limit, kept["leaves"], kept["behind"], own_targets)


def _read_metric(values: Mapping[str, Any]) -> Metric:
    reason = values["reason"]
    return Metric(**{**values, "reason": Message(**reason) if reason else None})


def _write_limit(limit: Threshold | Message) -> dict[str, Any]:
    if isinstance(limit, Message):
        return {"reason": asdict(limit)}
    return asdict(limit) | {"as_of": limit.as_of.isoformat() if limit.as_of else None}


def _read_limit(values: Mapping[str, Any]) -> Threshold | Message:
    if "reason" in values:
        return Message(**values["reason"])
    day = values["as_of"]
    return Threshold(**{**values, "as_of": date.fromisoformat(day) if day else None})
