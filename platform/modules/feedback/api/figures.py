"""The municipality's own figures as a program gets them: those of the team's page, in the command's shape."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from hjelpa.core.contract import Period
from hjelpa.core.database import db
from modules.feedback.metrics.compute import Metric
from modules.feedback.metrics.document import FORMAT, say_metric
from modules.feedback.metrics.messages import Message
from modules.feedback.metrics.threshold import Threshold
from modules.feedback.team.courses import list_courses
from modules.feedback.team.definitions import ALL_FORMULAS
from modules.feedback.team.kept import from_json
from modules.feedback.team.models import TeamFigures
from modules.feedback.team.queries import find_basis
from modules.feedback.team.snapshots import QUICK
from modules.feedback.team.working import work_out


def find_figures(period: Period, band: str) -> dict[str, Any]:
    """Every figure of a period; with a band only that one's, under the same keys as in the file of the command."""
    metrics, limit, computed_at = _find(period)
    ending = f":{band}"
    chosen = {key: metric for key, metric in metrics.items() if not band or key.endswith(ending)}
    return {
        "format": FORMAT,
        "period": period.id,
        "band": band or None,
        "computed_at": computed_at,
        "reliable_change": _say_limit(limit),
        "metrics": {key: say_metric(metric) for key, metric in sorted(chosen.items())},
        "formulas": {
            key: {"version": formula.version, "words": formula.words}
            for key, formula in ALL_FORMULAS.items()
            if any(each.partition(":")[0] == key for each in chosen)
        },
    }


def _find(period: Period) -> tuple[Mapping[str, Metric], Threshold | Message, datetime | None]:
    """What the team's page shows: of the moment, or worked out by night where there are many courses."""
    kept = db.session.scalars(select(TeamFigures).where(TeamFigures.period == period.id)).one_or_none()
    snapshot = from_json(kept.figures) if kept is not None and kept.courses > QUICK else None
    if kept is not None and snapshot is not None:
        return snapshot.worked.metrics, snapshot.limit, kept.computed_at
    basis = find_basis()
    return work_out(list_courses(period, basis.forms), basis).metrics, basis.threshold, None


def _say_limit(limit: Threshold | Message) -> dict[str, Any]:
    if isinstance(limit, Message):
        return {"value": None, "reason": str(limit)}
    as_of: date | None = limit.as_of
    return {
        "value": limit.points,
        "verification": "estimated" if limit.estimated else limit.verification,
        "sd": limit.sd,
        "reliability": limit.reliability,
        "n": limit.n,
        "date": as_of.isoformat() if as_of else None,
    }
