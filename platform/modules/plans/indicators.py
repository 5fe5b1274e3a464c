"""Plans evaluated on time, and help without a formal decision: counts of people, each once."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Subquery, and_, func, null, or_, select, union_all

from hjelpa.core.contract import Counts, Indicator, Period
from hjelpa.core.database import db
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from modules.plans.due import has_course_on
from modules.plans.models import Evaluation, Measure, Plan
from modules.plans.rules import GRACE


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


def count_on_time(period: Period, today: date | None = None) -> Counts:
    """People whose evaluations in the period were all held within seven days after the agreed day.

    What can still be held in time counts neither for nor against, but among those the figure is about.
    """
    now = today or utcnow().astimezone(LOCAL).date()
    due = _due(period)
    decided = or_(due.c.held_on.is_not(None), due.c.due_on + GRACE.days < now)
    late = or_(due.c.held_on.is_(None), due.c.held_on > due.c.due_on + GRACE.days)
    people = (
        select(func.bool_and(decided).label("decided"), func.bool_or(and_(decided, late)).label("late"))
        .select_from(due)
        .group_by(due.c.plan_id)
        .subquery()
    )
    known = or_(people.c.decided, people.c.late)
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


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="plans_evaluated_on_time",
        version=1,
        title=_l("Plans evaluated on time"),
        definition=_l(
            "Of those in whose plan an evaluation fell in the period, of the whole or of a measure: how many had every "
            "one of them held at the latest seven days after the agreed day. What can still be held in time is left out."
        ),
        caution=_l(
            "The figure says that somebody asked whether it helps, not what the answer was. Places with few plans, or "
            "with far-off evaluation days, come out well easily."
        ),
        count=count_on_time,
    ),
    Indicator(
        id="help_without_decision",
        version=1,
        title=_l("Help without a formal decision"),
        definition=_l(
            "Of those for whom measures in the plan began in the period: how many got all of them without a formal "
            "decision. Own effort and help from the community count like what the municipality does."
        ),
        caution=_l(
            "Some help needs a formal decision by law, and it protects people's rights. A high figure is good only "
            "where the help is right."
        ),
        count=count_without_decision,
    ),
)
