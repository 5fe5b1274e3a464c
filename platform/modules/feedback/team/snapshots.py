"""The figures of a period: worked out for the page where that is quick, and by night where it is not."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from hjelpa.core.contract import Job, Period, Schedule
from hjelpa.core.database import db
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import new_id, utcnow
from modules.feedback.metrics.records import AGE_BANDS
from modules.feedback.signals.times import list_talks
from modules.feedback.team import queries
from modules.feedback.team.courses import TeamCourse, bounds_of, list_courses, within
from modules.feedback.team.funnel import count_leaves
from modules.feedback.team.kept import Snapshot, from_json, to_json
from modules.feedback.team.models import TeamFigures
from modules.feedback.team.periods import ALL, list_choices, period_named
from modules.feedback.team.working import Basis, Worked, talk_metrics, work_out

# Up to so many courses of help a page's figures take some tenths of a second, and are always those of the moment.
QUICK = 2_000


def find_snapshot(period: Period, band: str) -> tuple[Snapshot, datetime | None]:
    """The figures of a period, and when they were worked out: None for just now."""
    kept = db.session.scalars(select(TeamFigures).where(TeamFigures.period == period.id)).one_or_none()
    if kept is not None and kept.courses > QUICK:
        snapshot = from_json(kept.figures)
        if snapshot is not None:
            return snapshot, kept.computed_at
    return take(period, queries.find_basis(), bands=(band,)), None


def take(
    period: Period,
    basis: Basis,
    *,
    bands: Sequence[str] = ("", *AGE_BANDS),
    everything: Sequence[TeamCourse] | None = None,
) -> Snapshot:
    """Works out all figures of a period; `everything` are all courses where they have been read already."""
    arrivals = queries.list_arrivals(period)
    also = arrivals.courses if arrivals else ()
    if everything is None:
        everything = list_courses(period, basis.forms, also=also)
    counted = [course for course in everything if course.begun or course.over]
    records = {course.id: course.record for course in everything} if arrivals else {}
    behind = {
        band: queries.count_behind([course.id for course in counted if band in ("", course.record.age_band)])
        for band in bands
    }
    leaves = count_leaves(arrivals, records) if arrivals else None
    worked = work_out(counted, basis)
    talks = talk_metrics(list_talks(*bounds_of(period)))
    together = Worked({**worked.metrics, **talks}, worked.regressions)
    return Snapshot(together, basis.threshold, leaves, behind, basis.own_targets)


def keep_snapshots(payload: Mapping[str, Any]) -> None:
    """By night: the periods that pages offer, where there are too many courses for working them out at once."""
    now, basis = utcnow(), queries.find_basis()
    courses = list_courses(ALL, basis.forms)
    for name in list_choices(now.astimezone(LOCAL).date(), ALL.id) if len(courses) > QUICK else ():
        period = period_named(name)
        tagged = [within(course, period) for course in courses]
        _keep(
            period,
            sum(course.begun or course.over for course in tagged),
            take(period, basis, everything=tagged),
            now,
        )


def _keep(period: Period, courses: int, snapshot: Snapshot, now: datetime) -> None:
    values = {"courses": courses, "figures": to_json(snapshot), "computed_at": now}
    row = insert(TeamFigures).values(id=new_id(), tenant_id=get_tenant_id(), period=period.id, **values)
    db.session.execute(row.on_conflict_do_update(index_elements=["tenant_id", "period"], set_=values))


JOBS = (Job("feedback.team_figures", keep_snapshots, schedule=Schedule(daily_at=(3, 10))),)
