"""Invented plans for a part of the courses: goals on their way, measures of every kind, evaluations in time and late."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from hjelpa.core.database import Base, db
from hjelpa.core.demo import Town
from hjelpa.core.schemas import LOCAL
from modules.citizens.demo_tools import at, insert_rows, make_id
from modules.citizens.models import Citizen, Course, Responsibility
from modules.plans.demo_family import write_family
from modules.plans.demo_words import AGREEMENTS, CHANGES, GOALS, HARD, MATTERS, MEASURES, WANTED, WISH, WORKS
from modules.plans.models import Agreement, Area, Evaluation, Goal, Measure, Plan, Progress, Words
from modules.plans.models_access import PlanDecision
from modules.plans.wording import AREAS
from tenants.identity.models import Membership

# Which part of the courses that began within the last two years have a plan.
SHARE = 0.35
YEARS_BACK = timedelta(days=500)
MONTHLY = timedelta(days=35)


@dataclass(slots=True)
class Rows:
    """Rows by table, in the order in which they must be written."""

    by_model: dict[type[Base], list[dict[str, Any]]] = field(
        default_factory=lambda: {
            model: [] for model in (Plan, Area, Words, Goal, Progress, Measure, Agreement, Evaluation)
        }
    )

    def add(self, model: type[Base], *, id: uuid.UUID, **row: Any) -> uuid.UUID:
        self.by_model[model].append({"id": id, **row})
        return id

    def write(self) -> None:
        for model, rows in self.by_model.items():
            insert_rows(model, rows)


@dataclass(frozen=True, slots=True)
class Life:
    """The course that a plan belongs to."""

    random: Random
    citizen_id: uuid.UUID
    age_band: str
    begun: date
    until: date
    open: bool
    helper: uuid.UUID
    helper_name: str


def fill(town: Town) -> None:
    """Writes plans for some of the courses, and what the municipality has decided about young people."""
    if town.opened_on is None:
        return
    db.session.add(
        PlanDecision(membership_id=town.leader, youth_decides_from_age=town.random.choice((12, 14, 15, 16)))
    )
    prompt, rows = town.random.uniform(0.6, 0.95), Rows()
    family = None
    for life in _lives(town):
        if town.slug == "stange" and family is None and _is_family(town, life):
            family = life
            continue
        _plan(rows, life, prompt, town.today)
    rows.write()
    if family is not None:
        write_family(family.citizen_id, family.helper, family.helper_name, town.today)


def _is_family(town: Town, life: Life) -> bool:
    return life.open and life.helper == town.helpers[0] and life.age_band == "adolescent"


def _lives(town: Town) -> Iterable[Life]:
    """Some of the courses, one a citizen. Read apart: joins of tables that were just filled are planned badly."""
    bands = {row.id: row.age_band for row in db.session.execute(select(Citizen.id, Citizen.age_band))}
    names = {row.id: row.name for row in db.session.execute(select(Membership.id, Membership.name))}
    turns = select(Responsibility.course_id, Responsibility.membership_id).order_by(Responsibility.since_at)
    helpers = {row.course_id: row.membership_id for row in db.session.execute(turns)}
    seen: set[uuid.UUID] = set()
    query = select(Course.id, Course.citizen_id, Course.opened_at, Course.closed_at)
    for course in db.session.execute(query.order_by(Course.opened_at.desc(), Course.id)):
        random, begun = Random(f"plan:{course.id}"), course.opened_at.astimezone(LOCAL).date()
        until = course.closed_at.astimezone(LOCAL).date() if course.closed_at else town.today
        helper = helpers[course.id]
        mine = helper == town.helpers[0] and course.closed_at is None
        if course.citizen_id in seen or begun < town.today - YEARS_BACK or (until - begun).days < 10:
            continue
        if random.random() > SHARE and not mine:
            continue
        seen.add(course.citizen_id)
        open_now = course.closed_at is None
        band = bands[course.citizen_id]
        yield Life(random, course.citizen_id, band, begun, until, open_now, helper, names[helper])


def _plan(rows: Rows, life: Life, prompt: float, today: date) -> None:
    """One plan, begun a week into the course."""
    random, begun = life.random, life.begun + timedelta(days=7)
    plan_id = rows.add(
        Plan,
        id=_id(random, begun),
        citizen_id=life.citizen_id,
        matters=random.choice(MATTERS[life.age_band]),
        evaluate_on=_next_day(random, today, prompt) if life.open else None,
        created_at=at(begun, 12),
    )
    _canvas(rows, life, plan_id, begun)
    goals = [
        _goal(rows, life, plan_id, begun, words)
        for words in random.sample(GOALS[life.age_band], random.choice((1, 2)))
    ]
    for kind, what, who in random.sample(MEASURES, random.choice((1, 2, 3))):
        _measure(rows, life, plan_id, random.choice([*goals, None]), (kind, what, who), prompt, today)
    for what, who in random.sample(AGREEMENTS, random.choice((1, 2))):
        _agreement(rows, life, plan_id, what, who, today)


def _canvas(rows: Rows, life: Life, plan_id: uuid.UUID, begun: date) -> None:
    random = life.random
    areas = [
        rows.add(
            Area, id=_id(random, begun), plan_id=plan_id, key=key, position=position, created_at=at(begun, 12)
        )
        for position, key in enumerate(AREAS, start=1)
    ]
    for area_id in random.sample(areas, 2):
        texts = {"works": random.choice(WORKS), "hard": random.choice(HARD), "wish": random.choice(WISH)}
        rows.add(Words, id=_id(random, begun), plan_id=plan_id, area_id=area_id, **texts)


def _goal(rows: Rows, life: Life, plan_id: uuid.UUID, begun: date, words: str) -> uuid.UUID:
    random, value, day = life.random, life.random.choice((1, 2, 3, 4)), begun
    state = "open" if life.open or random.random() < 0.3 else "reached"
    goal_id = rows.add(
        Goal, id=_id(random, begun), plan_id=plan_id, words=words, state=state, created_at=at(begun, 12)
    )
    while day <= life.until:
        rows.add(
            Progress,
            id=_id(random, day),
            plan_id=plan_id,
            goal_id=goal_id,
            value=value,
            by_name=life.helper_name,
            at=at(day, 13),
        )
        value = min(10, max(0, value + random.choice((-1, 0, 1, 1, 2))))
        day += MONTHLY
    return goal_id


def _measure(
    rows: Rows,
    life: Life,
    plan_id: uuid.UUID,
    goal_id: uuid.UUID | None,
    said: tuple[str, str, str],
    prompt: float,
    today: date,
) -> None:
    """A measure from its beginning: an evaluation every other month, in time or late, until the course ends."""
    random, (kind, what, who) = life.random, said
    begins = min(life.until, life.begun + timedelta(days=random.randrange(7, 30)))
    measure_id, due, days = _id(random, begins), begins + timedelta(days=42), []
    while (held := due + timedelta(days=_delay(random, prompt))) < life.until:
        days.append((due, held))
        due = held + timedelta(days=60)
    ended = None if life.open else life.until
    rows.add(
        Measure,
        id=measure_id,
        plan_id=plan_id,
        goal_id=goal_id,
        kind=kind,
        what=what,
        who=who,
        membership_id=None if who else life.helper,
        begins_on=begins,
        evaluate_on=due,
        needs_decision=kind == "municipality" and random.random() < 0.2,
        ended_on=ended,
        created_at=at(begins, 12),
    )
    for number, (due_on, held_on) in enumerate(days, start=1):
        _evaluation(rows, life, plan_id, measure_id, due_on, held_on, last=number == len(days) and not life.open)


def _evaluation(
    rows: Rows, life: Life, plan_id: uuid.UUID, measure_id: uuid.UUID, due_on: date, held_on: date, *, last: bool
) -> None:
    random = life.random
    rows.add(
        Evaluation,
        id=_id(random, held_on),
        plan_id=plan_id,
        measure_id=measure_id,
        due_on=due_on,
        held_on=held_on,
        effect=random.choice(("yes", "yes", "partly", "partly", "no", "unknown")),
        right_help=random.choice(("yes", "yes", "partly", "no")),
        change=random.choice(CHANGES),
        wanted=random.choice(WANTED) if random.random() < 0.1 else "",
        shared=False,
        next_on=None if last else held_on + timedelta(days=60),
        by_name=life.helper_name,
        created_at=at(held_on, 14),
    )


def _agreement(rows: Rows, life: Life, plan_id: uuid.UUID, what: str, who: str, today: date) -> None:
    random = life.random
    made = min(life.until, life.begun + timedelta(days=random.randrange(5, 60)))
    due = made + timedelta(days=random.randrange(3, 20))
    done = at(due, 15) if due < today and random.random() < 0.85 else None
    rows.add(
        Agreement,
        id=_id(random, made),
        plan_id=plan_id,
        what=what,
        who=who,
        due_on=due,
        done_at=done,
        created_at=at(made, 12),
    )


def _delay(random: Random, prompt: float) -> int:
    """Days after the agreed day on which an evaluation is held."""
    return random.choice((-3, 0, 0, 2, 5, 7)) if random.random() < prompt else random.randrange(8, 30)


def _next_day(random: Random, today: date, prompt: float) -> date:
    """When the whole is looked at next; where people are slow, some of these days have passed."""
    return (
        today + timedelta(days=random.randrange(3, 80))
        if random.random() < 0.5 + prompt / 2
        else today - timedelta(days=random.randrange(1, 25))
    )


def _id(random: Random, day: date) -> uuid.UUID:
    moment: datetime = at(day, 12, random.randrange(60))
    return make_id(random, moment)
