"""Counting evaluations and measures for the figures, and listing the people behind one."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Subquery,
    and_,
    case,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from hjelpa.core.contract import Counts, Period
from hjelpa.core.database import db
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from modules.citizens.models import Citizen, Course, Responsibility
from modules.citizens.paging import PAGE_SIZE
from modules.citizens.queries import CITIZEN, HOLDER, AnyRow, in_circle
from modules.plans.due_queries import has_course_on
from modules.plans.models import Evaluation, Measure, Plan
from modules.plans.rules import GRACE
from tenants.identity.models import Membership

# Which of the people behind the figure: all of them, those on time, or those who were not.
Part = Literal["all", "on_time", "late"]


def _in(column: Any, period: Period) -> Any:
    return and_(column >= period.start, column < period.end)


def _due(period: Period) -> Subquery:
    """Each evaluation that fell in a period, once: whose plan, which measure if any, the day, and when it was held."""
    held = select(Evaluation.plan_id, Evaluation.measure_id, Evaluation.due_on, Evaluation.held_on).where(
        _in(Evaluation.due_on, period)
    )
    whole = select(Plan.id, null(), Plan.evaluate_on, null()).where(
        _in(Plan.evaluate_on, period), has_course_on(Plan.citizen_id, Plan.evaluate_on)
    )
    single = (
        select(Measure.plan_id, Measure.id, Measure.evaluate_on, null())
        .join(Plan, and_(Plan.tenant_id == Measure.tenant_id, Plan.id == Measure.plan_id))
        .where(
            Measure.ended_on.is_(None),
            Measure.author_adult_id.is_(None),
            _in(Measure.evaluate_on, period),
            has_course_on(Plan.citizen_id, Measure.evaluate_on),
        )
    )
    found = union_all(held, whole, single).subquery()
    return (
        select(found.c.plan_id, found.c.due_on, func.min(found.c.held_on).label("held_on"))
        .group_by(found.c.plan_id, found.c.measure_id, found.c.due_on)
        .subquery()
    )


def _people(period: Period, today: date) -> Subquery:
    """Each plan with an evaluation in a period: how many, how many of them were not on time, since when, and whether
    all of them are decided. What can still be held in time is not decided."""
    due = _due(period)
    decided = or_(due.c.held_on.is_not(None), due.c.due_on + GRACE.days < today)
    late = and_(decided, or_(due.c.held_on.is_(None), due.c.held_on > due.c.due_on + GRACE.days))
    return (
        select(
            due.c.plan_id,
            func.count().label("evaluations"),
            func.count().filter(late).label("missed"),
            func.min(due.c.due_on).filter(late).label("missed_on"),
            func.bool_and(decided).label("decided"),
            func.bool_or(late).label("late"),
        )
        .group_by(due.c.plan_id)
        .subquery()
    )


def _is_in(people: Subquery, part: Part) -> ColumnElement[bool]:
    parts: dict[Part, ColumnElement[bool]] = {
        "all": or_(people.c.decided, people.c.late),
        "on_time": and_(people.c.decided, ~people.c.late),
        "late": people.c.late,
    }
    return parts[part]


def _latest_course() -> ScalarSelect[uuid.UUID]:
    """The course of a plan's citizen that began last."""
    theirs = select(Course.id).where(Course.citizen_id == Plan.citizen_id).correlate(Plan)
    return theirs.order_by(Course.opened_at.desc(), Course.id).limit(1).scalar_subquery()


def count_on_time(period: Period, today: date | None = None) -> Counts:
    """People whose evaluations in the period were all held within seven days after the agreed day.

    What can still be held in time counts neither for nor against, but among those the figure is about.
    """
    people = _people(period, today or utcnow().astimezone(LOCAL).date())
    known = _is_in(people, "all")
    eligible, denominator, late_ones = db.session.execute(
        select(func.count(), func.count().filter(known), func.count().filter(people.c.late)).select_from(people)
    ).one()
    return Counts(numerator=denominator - late_ones, denominator=denominator, eligible=eligible)


def count_without_decision(period: Period) -> Counts:
    """People for whom measures began in the period, and those of them for whom none needed a formal decision."""
    people = (
        select(func.bool_or(Measure.needs_decision).label("needed"))
        .where(_in(Measure.begins_on, period))
        .group_by(Measure.plan_id)
        .subquery()
    )
    helped, needed = db.session.execute(
        select(func.count(), func.count().filter(people.c.needed)).select_from(people)
    ).one()
    return Counts(numerator=helped - needed, denominator=helped, eligible=helped)


def list_evaluated(
    period: Period, part: Part, reader: uuid.UUID, page: int, *, today: date | None = None
) -> Sequence[AnyRow]:
    """One page of the people whom `count_on_time` counts, those whose evaluation was missed longest ago on top.

    (course_id, name, evaluations, missed, missed_on, holder, total): the citizen's latest course and who answers for
    it now, and the name only where the reader may see it. `total` stands on every row.
    """
    now = utcnow()
    people = _people(period, today or now.astimezone(LOCAL).date())
    turns = and_(Responsibility.tenant_id == Course.tenant_id, Responsibility.course_id == Course.id)
    query = (
        select(
            Course.id.label("course_id"),
            case((in_circle(Citizen.id, reader, now), Citizen.name), else_=literal("")).label("name"),
            people.c.evaluations,
            people.c.missed,
            people.c.missed_on,
            Membership.name.label("holder"),
            func.count().over().label("total"),
        )
        .select_from(people)
        .join(Plan, Plan.id == people.c.plan_id)
        .join(Course, and_(Course.tenant_id == Plan.tenant_id, Course.id == _latest_course()))
        .join(Citizen, CITIZEN)
        .outerjoin(Responsibility, and_(turns, Responsibility.until_at.is_(None)))
        .outerjoin(Membership, HOLDER)
        .where(_is_in(people, part))
        .order_by(people.c.missed_on.nulls_last(), Course.id)
    )
    return db.session.execute(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
