"""Reading courses of help as figures take them: one row a course, in one statement however many there are."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import CTE, ColumnElement, Row, Select, Subquery, and_, exists, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, UUID
from sqlalchemy.sql.expression import bindparam

from hjelpa.core.contract import Period
from hjelpa.core.database import db
from hjelpa.core.schemas import LOCAL, local_moment
from modules.citizens.models import Citizen, Conversation, Course, Responsibility
from modules.feedback.metrics.records import (
    ALLIANCE_ANSWERED,
    OUTCOME_ANSWERED,
    CourseRecord,
    SessionFacts,
)
from modules.feedback.models import Answer, Refusal
from modules.feedback.team.periods import ALL

# A session's number and its total in one whole number, so that the first and the last complete answer are a least and a
# greatest and nothing needs to be sorted. A total is a small integer.
PLACES = 1 << 16


class TeamCourse(NamedTuple):
    """A course, whether it began and ended in the period, and its record. `ended` says how it ended here."""

    id: uuid.UUID
    record: CourseRecord
    begun: bool
    over: bool
    opened_at: datetime
    closed_at: datetime | None
    ending: str | None


def list_courses(
    period: Period, forms: Sequence[str], *, also: Sequence[uuid.UUID] = (), helper: uuid.UUID | None = None
) -> list[TeamCourse]:
    """The courses that began or ended in a period, and those named in `also`.

    `forms` are the keys of the forms whose totals count. With `helper`, only the courses that they answer for, or did
    when the course ended. The records hold what figures need and no more: the first and last session and complete answer.
    """
    rows = db.session.execute(_statement(period, forms, also, helper))
    found = (TeamCourse(row[0], _record(row), True, row[2] is not None, row[1], row[2], row[3]) for row in rows)
    return list(found) if period.id == ALL.id else [within(course, period) for course in found]


def within(course: TeamCourse, period: Period) -> TeamCourse:
    """The course, with whether it began and ended in a period."""
    begin, end = bounds_of(period)
    over = course.closed_at is not None and begin <= course.closed_at < end
    return course._replace(begun=begin <= course.opened_at < end, over=over)


@lru_cache(maxsize=64)
def bounds_of(period: Period) -> tuple[datetime, datetime]:
    """The moments between which a period lies."""
    return local_moment(period.start, time()), local_moment(period.end, time())


def _statement(
    period: Period, forms: Sequence[str], also: Sequence[uuid.UUID], helper: uuid.UUID | None
) -> Select[*tuple[Any, ...]]:
    chosen = _chosen(period, also, helper)
    facts = _facts(_talks(chosen), forms)
    declined = exists().where(
        Refusal.tenant_id == chosen.c.tenant_id, Refusal.course_id == chosen.c.id, Refusal.ended_at.is_(None)
    )
    return (
        select(
            chosen.c.id,
            chosen.c.opened_at,
            chosen.c.closed_at,
            chosen.c.ending,
            Citizen.age_band,
            _local_day(chosen.c.closed_at),
            declined,
            *(column for column in facts.c if column.name != "course_id"),
        )
        .select_from(chosen)
        .join(Citizen, and_(Citizen.tenant_id == chosen.c.tenant_id, Citizen.id == chosen.c.citizen_id))
        .outerjoin(facts, facts.c.course_id == chosen.c.id)
    )


def _chosen(period: Period, also: Sequence[uuid.UUID], helper: uuid.UUID | None) -> CTE:
    columns = (Course.tenant_id, Course.id, Course.citizen_id, Course.opened_at, Course.closed_at, Course.ending)
    chosen = select(*columns)
    if period.id != ALL.id:
        begin, end = bounds_of(period)
        began = and_(Course.opened_at >= begin, Course.opened_at < end)
        ended = and_(Course.closed_at >= begin, Course.closed_at < end)
        named = [Course.id == func.any(bindparam(None, list(also), type_=ARRAY(UUID())))] if also else []
        chosen = chosen.where(or_(began, ended, *named))
    if helper is not None:
        chosen = chosen.where(_answered_for(helper))
    return chosen.cte("chosen")


def _answered_for(helper: uuid.UUID) -> ColumnElement[bool]:
    return exists().where(
        Responsibility.tenant_id == Course.tenant_id,
        Responsibility.course_id == Course.id,
        Responsibility.membership_id == helper,
        Responsibility.until_at.is_not_distinct_from(Course.closed_at),
    )


def _talks(chosen: CTE) -> Subquery:
    """The conversations of these courses with their number, from 1, and local date."""
    in_time = (Conversation.held_at, Conversation.id)
    number = func.row_number().over(partition_by=Conversation.course_id, order_by=in_time)
    return (
        select(
            Conversation.tenant_id,
            Conversation.course_id,
            Conversation.id,
            _local_day(Conversation.held_at).label("day"),
            number.label("number"),
        )
        .join(chosen, and_(chosen.c.tenant_id == Conversation.tenant_id, chosen.c.id == Conversation.course_id))
        .subquery()
    )


def _local_day(moment: Any) -> ColumnElement[date]:
    return func.date(func.timezone(str(LOCAL), moment))


def _facts(talks: Subquery, forms: Sequence[str]) -> CTE:
    """By course: its last session, and what the citizen answered in all of them."""
    own = and_(
        Answer.tenant_id == talks.c.tenant_id,
        Answer.conversation_id == talks.c.id,
        Answer.rater_id.is_(None),
        Answer.state == "answered",
    )
    outcome, alliance = Answer.scale == "outcome", Answer.scale == "alliance"
    complete = and_(outcome, Answer.total.is_not(None), Answer.form.in_(forms))
    place = talks.c.number * PLACES + Answer.total
    return (
        select(
            talks.c.course_id,
            func.max(talks.c.number).label("sessions"),
            func.min(talks.c.day).label("first_on"),
            func.max(talks.c.day).label("last_on"),
            func.min(place).filter(complete).label("first"),
            func.max(place).filter(complete).label("last"),
            func.bool_or(and_(outcome, talks.c.number == 1)).label("early"),
            func.bool_or(outcome).label("outcome"),
            func.bool_or(alliance).label("alliance"),
        )
        .outerjoin(Answer, own)
        .group_by(talks.c.course_id)
        .cte("facts")
        # Else a planner that takes the tables for small works it all out again for every course.
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )


def _record(row: Row[*tuple[Any, ...]]) -> CourseRecord:
    id, _, _, ending, band, closed_on, declined, *facts = row
    return CourseRecord(
        key=str(id),
        age_band=band,
        ended_on=closed_on,
        # Handed over to another municipality: the citizen agreed to that.
        ending=None if ending is None else "unilateral" if ending == "unilateral" else "mutual",
        sessions=_sessions(*facts) if facts[0] is not None else (),
        declined=declined,
    )


def _sessions(
    number: int,
    first_on: date,
    last_on: date,
    first: int | None,
    last: int | None,
    early: bool | None,
    outcome: bool | None,
    alliance: bool | None,
) -> list[SessionFacts]:
    """The first and last session, and those of the first and last complete answer between them."""
    totals = {place // PLACES: place % PLACES for place in (first, last) if place is not None}
    found = []
    for each in sorted({1, number, *totals}):
        # That something was answered later is all that matters, not in which session.
        marks = OUTCOME_ANSWERED * bool(early if each == 1 else outcome)
        if each == number and alliance:
            marks |= ALLIANCE_ANSWERED
        found.append(
            SessionFacts(
                each,
                first_on if each == 1 else last_on,
                last_on if each > 1 else first_on,
                marks,
                totals.get(each),
            )
        )
    return found
