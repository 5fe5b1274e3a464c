"""Reading plans. Everything that shows a part asks here with its reader: what they may not see is not loaded."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Row, and_, func, or_, select, true

from hjelpa.core.database import db
from modules.plans.models import Agreement, Area, Evaluation, Goal, Measure, Plan, Progress, Words
from modules.plans.models_access import Address, Adult, Change, PlanDecision
from modules.plans.rules import Author
from tenants.identity.models import Membership

AnyRow = Row[*tuple[Any, ...]]

Part = TypeVar("Part", Goal, Measure, Agreement)

MOST_CHANGES = 200


class Step(NamedTuple):
    """Where somebody stood on the way to a goal."""

    at: datetime
    value: int
    by_name: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A plan's parts as one reader may see them. `words` are by area: the shared ones first, then each adult's own."""

    areas: Sequence[AnyRow]
    words: dict[uuid.UUID, list[AnyRow]]
    goals: Sequence[Goal]
    steps: dict[uuid.UUID, list[Step]]
    measures: Sequence[AnyRow]
    agreements: Sequence[Agreement]
    evaluations: Sequence[AnyRow] = field(default_factory=tuple)

    @property
    def open_goals(self) -> list[Goal]:
        return [goal for goal in self.goals if goal.state == "open"]

    @property
    def next_agreement(self) -> Agreement | None:
        """The next agreed step: what is not done, the earliest first."""
        return next((agreed for agreed in self.agreements if agreed.done_at is None), None)


def seen_by(part: Any, reader: Author) -> ColumnElement[bool]:
    """`rules.may_see` as a condition."""
    if reader.kind != "adult":
        return true()
    return or_(part.author_adult_id.is_(None), part.author_adult_id == reader.id)


def read_sheet(plan_id: uuid.UUID, reader: Author) -> Sheet:
    """All parts of a plan that the reader may see, in six statements. Only after the read has been logged."""
    areas, words = read_canvas(plan_id, reader)
    goals, steps = read_goals(plan_id, reader)
    return Sheet(
        areas, words, goals, steps, list_measures(plan_id, reader), list_agreements(plan_id, reader),
        list_evaluations(plan_id, reader),
    )  # fmt: skip


def read_canvas(plan_id: uuid.UUID, reader: Author) -> tuple[Sequence[AnyRow], dict[uuid.UUID, list[AnyRow]]]:
    """The canvas: its areas in order, and what stands under each, with the adult's name on an adult's own words."""
    mine = and_(Words.tenant_id == Area.tenant_id, Words.area_id == Area.id, seen_by(Words, reader))
    adult = and_(Adult.tenant_id == Words.tenant_id, Adult.id == Words.author_adult_id)
    rows = db.session.execute(
        select(
            Area.id.label("area_id"),
            Area.key,
            Area.heading,
            Words.id,
            Words.works,
            Words.hard,
            Words.wish,
            Words.version,
            Words.author_adult_id,
            Adult.name.label("adult"),
        )
        .select_from(Area)
        .outerjoin(Words, mine)
        .outerjoin(Adult, adult)
        .where(Area.plan_id == plan_id)
        .order_by(Area.position, Area.id, Words.author_adult_id.is_not(None), Words.id)
    ).all()
    areas = {row.area_id: row for row in reversed(rows)}
    words: dict[uuid.UUID, list[AnyRow]] = {}
    for row in rows:
        if row.id is not None:
            words.setdefault(row.area_id, []).append(row)
    return list(reversed(areas.values())), words


def read_goals(plan_id: uuid.UUID, reader: Author) -> tuple[Sequence[Goal], dict[uuid.UUID, list[Step]]]:
    """Goals in the order in which they were made, and the way to each, the earliest first."""
    way = and_(Progress.tenant_id == Goal.tenant_id, Progress.goal_id == Goal.id, seen_by(Progress, reader))
    rows = db.session.execute(
        select(Goal, Progress.at, Progress.value, Progress.by_name)
        .outerjoin(Progress, way)
        .where(Goal.plan_id == plan_id, seen_by(Goal, reader))
        .order_by(Goal.created_at, Goal.id, Progress.at, Progress.id)
    ).all()
    steps: dict[uuid.UUID, list[Step]] = {}
    for goal, at, value, by_name in rows:
        if at is not None:
            steps.setdefault(goal.id, []).append(Step(at, value, by_name))
    return list({goal.id: goal for goal, *_ in rows}.values()), steps


def list_measures(plan_id: uuid.UUID, reader: Author) -> Sequence[AnyRow]:
    """Measures with the colleague's name, all kinds in one list: what runs first, then what has ended."""
    holder = and_(Membership.tenant_id == Measure.tenant_id, Membership.id == Measure.membership_id)
    return db.session.execute(
        select(
            Measure.id,
            Measure.what,
            Measure.kind,
            Measure.who,
            Membership.name.label("colleague"),
            Measure.goal_id,
            Measure.begins_on,
            Measure.evaluate_on,
            Measure.needs_decision,
            Measure.ended_on,
            Measure.author_adult_id,
        )
        .outerjoin(Membership, holder)
        .where(Measure.plan_id == plan_id, seen_by(Measure, reader))
        .order_by(Measure.ended_on.is_not(None), Measure.begins_on, Measure.id)
    ).all()


def list_agreements(plan_id: uuid.UUID, reader: Author) -> Sequence[Agreement]:
    """What is not done first, by its day."""
    query = select(Agreement).where(Agreement.plan_id == plan_id, seen_by(Agreement, reader))
    return db.session.scalars(query.order_by(Agreement.done_at.is_not(None), Agreement.due_on, Agreement.id)).all()


def list_evaluations(plan_id: uuid.UUID, reader: Author) -> Sequence[AnyRow]:
    """Evaluations of the whole and of measures, the newest first."""
    about = and_(Measure.tenant_id == Evaluation.tenant_id, Measure.id == Evaluation.measure_id)
    return db.session.execute(
        select(Evaluation, Measure.what.label("what"))
        .outerjoin(Measure, about)
        .where(Evaluation.plan_id == plan_id, seen_by(Evaluation, reader))
        .order_by(Evaluation.held_on.desc(), Evaluation.created_at.desc())
        .limit(50)
    ).all()


def find_area(plan_id: uuid.UUID, area_id: uuid.UUID, author: Author) -> tuple[Area, Words | None] | None:
    """An area of the canvas, and what this author writes under it: the shared words, or an adult's own."""
    own = Words.author_adult_id.is_not_distinct_from(author.adult_id)
    row = db.session.execute(
        select(Area, Words)
        .outerjoin(Words, and_(Words.tenant_id == Area.tenant_id, Words.area_id == Area.id, own))
        .where(Area.plan_id == plan_id, Area.id == area_id)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def find_part(model: type[Part], plan_id: uuid.UUID, part_id: uuid.UUID, reader: Author) -> Part | None:
    """One part of this plan that the reader may see."""
    query = select(model).where(model.plan_id == plan_id, model.id == part_id, seen_by(model, reader))
    return db.session.scalars(query).one_or_none()


def list_changes(plan_id: uuid.UUID, reader: Author) -> Sequence[Change]:
    """The latest changes that the reader may see, the newest first."""
    query = select(Change).where(Change.plan_id == plan_id, seen_by(Change, reader))
    return db.session.scalars(query.order_by(Change.id.desc()).limit(MOST_CHANGES)).all()


def list_adults(plan_id: uuid.UUID) -> Sequence[Adult]:
    """Adults named in a child's plan, with and without access. For helpers: contact details stand in it."""
    query = select(Adult).where(Adult.plan_id == plan_id)
    return db.session.scalars(query.order_by(Adult.withdrawn_at.is_not(None), Adult.given_at)).all()


def find_adult(plan_id: uuid.UUID, adult_id: uuid.UUID) -> Adult | None:
    return db.session.scalars(select(Adult).where(Adult.plan_id == plan_id, Adult.id == adult_id)).one_or_none()


def list_addresses(plan_id: uuid.UUID) -> dict[uuid.UUID | None, str]:
    """Addresses by adult, the citizen's own under None. For the page of access only."""
    rows = db.session.execute(select(Address.adult_id, Address.address).where(Address.plan_id == plan_id))
    return {row.adult_id: row.address for row in rows}


def find_address(plan_id: uuid.UUID, adult_id: uuid.UUID | None) -> str:
    """Where the citizen (None) or an adult lives; empty where nobody has said. For the page of access only."""
    same = Address.adult_id.is_not_distinct_from(adult_id)
    found = select(Address.address).where(Address.plan_id == plan_id, same)
    return db.session.scalars(found).one_or_none() or ""


def find_deciding_age() -> int | None:
    """The age from which a young person decides here; None until the municipality has set it."""
    newest = select(PlanDecision.youth_decides_from_age).order_by(PlanDecision.created_at.desc()).limit(1)
    return db.session.scalars(newest).one_or_none()


@dataclass(frozen=True, slots=True)
class Summary:
    """What a course's page shows of the plan."""

    evaluate_on: date | None
    goals: Sequence[tuple[uuid.UUID, str, int | None]]


def summarise(citizen_id: Any) -> Summary | None:
    """The next evaluation and the open goals with where they stand, in one statement; None without a plan."""
    stood = (
        select(Progress.value)
        .where(Progress.goal_id == Goal.id, Progress.author_adult_id.is_(None))
        .order_by(Progress.at.desc(), Progress.id.desc())
        .limit(1)
        .correlate(Goal)
        .scalar_subquery()
    )
    next_measure = (
        select(func.min(Measure.evaluate_on))
        .where(Measure.plan_id == Plan.id, Measure.ended_on.is_(None))
        .correlate(Plan)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(func.least(Plan.evaluate_on, next_measure), Goal.id, Goal.words, stood)
        .select_from(Plan)
        .outerjoin(Goal, and_(Goal.tenant_id == Plan.tenant_id, Goal.plan_id == Plan.id, Goal.state == "open"))
        .where(Plan.citizen_id == citizen_id)
        .order_by(Goal.created_at, Goal.id)
    ).all()
    if not rows:
        return None
    return Summary(rows[0][0], [(id, words, value) for _, id, words, value in rows if id is not None])
