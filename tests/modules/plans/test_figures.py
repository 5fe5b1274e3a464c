"""Figures of plans, counted again in plain Python; what leaves a plan; and what its pages cost."""

import uuid
from collections import defaultdict
from datetime import date, time, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, update

from hjelpa.core.contract import Period
from hjelpa.core.database import db
from hjelpa.core.events import UnmetNeed
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.schemas import local_moment
from modules.citizens.commands import begin_course
from modules.citizens.models import Course, Responsibility
from modules.plans import views_parts
from modules.plans.figure_queries import count_on_time, count_without_decision, list_evaluated
from modules.plans.models import Evaluation, Measure, Plan
from modules.plans.rules import is_on_time
from modules.plans.views import today
from tests.modules.door import get, id_in, post, rows
from tests.modules.plans.test_plan import evaluation, in_days, measure, plan_of
from tests.people import Town
from tests.statements import counted_statements

QUARTER = Period("2026-Q2", date(2026, 4, 1), date(2026, 7, 1))
TODAY = date(2026, 6, 20)
EDGES = (QUARTER.start, QUARTER.end, TODAY, TODAY - timedelta(days=7), TODAY - timedelta(days=8))
Fell = tuple[uuid.UUID, uuid.UUID | None, date, date | None]


def _day(random: Random) -> date:
    if random.random() < 0.5:
        return random.choice(EDGES) + timedelta(days=random.choice((-1, 0, 1)))
    return QUARTER.start + timedelta(days=random.randrange(-40, 120))


def _write(town: Town, random: Random) -> tuple[list[Fell], list[tuple[uuid.UUID, date, bool]]]:
    """Plans with days on every edge: every evaluation that fell, and (plan, first day, decision) of every measure."""
    fell: list[Fell] = []
    begun: list[tuple[uuid.UUID, date, bool]] = []
    with town.app.app_context(), tenant_scope(town.tenant_id):
        for number in range(60):
            ended = random.random() < 0.2
            plan = Plan(citizen_id=_course(town, number, ended=ended), evaluate_on=_day(random))
            db.session.add(plan)
            db.session.flush()
            if plan.evaluate_on and not ended:
                fell.append((plan.id, None, plan.evaluate_on, None))
            for _ in range(random.randrange(3)):
                one = _measure(random, plan.id)
                begun.append((plan.id, one.begins_on, one.needs_decision))
                if one.ended_on is None and not ended:
                    fell.append((plan.id, one.id, one.evaluate_on, None))
                fell += _evaluations(random, one)
        db.session.commit()
    return fell, begun


def _course(town: Town, number: int, *, ended: bool) -> uuid.UUID:
    """The citizen of a course that began long ago, and ended before the quarter where `ended`."""
    assert town.helper.membership_id is not None
    at = local_moment(date(2025, 1, 1), time(9))
    course = begin_course(
        name=f"Invented {number}", phone="", age_band="adult", helper_id=town.helper.membership_id, at=at
    )
    if ended:
        closed = local_moment(date(2025, 6, 1), time(9))
        db.session.execute(update(Course).where(Course.id == course).values(closed_at=closed, ending="mutual"))
        turns = update(Responsibility).where(Responsibility.course_id == course)
        db.session.execute(turns.values(until_at=closed))
    return db.session.execute(select(Course.citizen_id).where(Course.id == course)).scalar_one()


def _measure(random: Random, plan_id: uuid.UUID) -> Measure:
    begins = _day(random)
    due = max(begins, _day(random))
    one = Measure(
        plan_id=plan_id,
        kind=random.choice(("own", "community", "municipality")),
        what="invented",
        who="invented",
        begins_on=begins,
        evaluate_on=due,
        needs_decision=random.random() < 0.3,
        ended_on=due if random.random() < 0.3 else None,
    )
    db.session.add(one)
    db.session.flush()
    return one


def _evaluations(random: Random, one: Measure) -> list[Fell]:
    found: list[Fell] = []
    for due in {_day(random) for _ in range(random.randrange(3))} - {one.evaluate_on}:
        held = due + timedelta(days=random.choice((-5, 0, 7, 8, 20)))
        db.session.add(
            Evaluation(
                plan_id=one.plan_id,
                measure_id=one.id,
                due_on=due,
                held_on=held,
                effect="yes",
                right_help="yes",
                by_name="invented",
            )
        )
        found.append((one.plan_id, one.id, due, held))
    return found


@pytest.mark.parametrize("seed", range(3))
def test_counted_again_in_plain_python(town: Town, seed: int) -> None:
    fell, begun = _write(town, Random(seed))
    people: dict[uuid.UUID, list[bool | None]] = defaultdict(list)
    for plan_id, _, due, held in fell:
        if QUARTER.start <= due < QUARTER.end:
            open_still = held is None and due + timedelta(days=7) >= TODAY
            people[plan_id].append(None if open_still else held is not None and is_on_time(due, held))
    late = sum(False in states for states in people.values())
    known = sum(False in states or None not in states for states in people.values())
    needed: dict[uuid.UUID, bool] = {}
    for plan_id, day, decision in begun:
        if QUARTER.start <= day < QUARTER.end:
            needed[plan_id] = needed.get(plan_id, False) or decision
    with town.app.app_context(), tenant_scope(town.tenant_id, read_only=True):
        on_time, without = count_on_time(QUARTER, TODAY), count_without_decision(QUARTER)
        reader = town.leader.membership_id
        assert reader is not None
        behind = {
            part: list_evaluated(QUARTER, part, reader, 1, today=TODAY) for part in ("all", "on_time", "late")
        }
    assert (on_time.numerator, on_time.denominator, on_time.eligible) == (known - late, known, len(people))
    assert (without.numerator, without.denominator) == (list(needed.values()).count(False), len(needed))
    assert 0 < late < known < len(people)
    # The list behind the figure is of the very same people, each once.
    assert {part: len(found) for part, found in behind.items()} == {
        "all": known,
        "on_time": known - late,
        "late": late,
    }
    assert {row.total for row in behind["all"]} == {known}
    assert len({row.course_id for row in behind["all"]}) == known
    missed = {row.course_id for row in behind["late"]}
    assert missed == {row.course_id for row in behind["all"] if row.missed and row.missed_on}
    assert sum(row.evaluations for row in behind["all"]) == sum(
        len(states) for states in people.values() if False in states or None not in states
    )


def test_a_wish_leaves_the_plan_without_a_name_and_only_when_ticked(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(views_parts, "publish", told.append)
    client = town.client()
    where = plan_of(client, town)
    post(client, f"{where}/evaluate", evaluation(1, wanted="Somebody to call on Sundays"))
    assert told == []
    sent = evaluation(2, wanted="Somebody to call on Sundays", shared="1")
    for _ in range(2):
        assert post(client, f"{where}/evaluate", sent).status_code == 303
    assert told == [UnmetNeed("Somebody to call on Sundays", "plan")]
    post(client, f"{where}/evaluate", evaluation(3, shared="1"))
    assert len(told) == 1


def test_pages_cost_the_same_with_much_in_the_plan(town: Town) -> None:
    client = town.client()
    where = plan_of(client, town)
    pages = [
        where + page for page in ("", "/canvas", "/history", "/access", "/matters", "/measures/new", "/evaluate")
    ]
    pages += [town.path(f"/courses/{id_in(where)}"), town.path("/")]
    few = [_count(client, page) for page in pages]
    for number in range(6):
        key = str(uuid.uuid4())
        post(client, f"{where}/goals/new", {"key": key, "words": f"goal {number}", "state": "open"})
        post(client, f"{where}/goals/{key}/way", {"key": str(uuid.uuid4()), "value": str(number)})
        post(client, f"{where}/measures/new", measure(what=f"measure {number}", goal_id=key))
        agreed = {"key": str(uuid.uuid4()), "what": "x", "who": "y", "due_on": in_days(number)}
        post(client, f"{where}/agreements/new", agreed)
    assert [_count(client, page) for page in pages] == few
    assert max(few) <= 12


def _count(client: Any, where: str) -> int:
    with counted_statements() as statements:
        get(client, where)
    return len(statements)


def test_the_leader_sees_the_figure_and_the_list_behind(town: Town) -> None:
    client = town.client()
    where = plan_of(client, town)
    with town.app.app_context(), tenant_scope(town.tenant_id):
        db.session.execute(update(Plan).values(evaluate_on=date(2026, 1, 1)))
        db.session.commit()
    steering = get(town.client("leader"), town.path("/steering"))
    assert "Plans evaluated on time" in steering and "/plans/evaluated" in steering
    assert "/plans/overdue" in get(town.client("leader"), town.path("/plans/evaluated"))
    assert where in get(town.client("leader"), town.path("/plans/overdue"))
    for page in ("overdue", "evaluated"):
        assert town.client().get(town.path(f"/plans/{page}")).status_code == 403
    assert rows(town, select(Plan.version)) == [(1,)]


def test_the_people_behind_the_figure_are_named_to_those_closest_only(town: Town) -> None:
    where = plan_of(town.client(), town, name="Oppdiktet Person")
    leader, there = town.client("leader"), town.path("/plans/evaluated")
    assert "Nobody here" in get(leader, there)
    with town.app.app_context(), tenant_scope(town.tenant_id):
        early = today().replace(month=1, day=1)
        held = {"plan_id": id_of_plan(), "effect": "yes", "right_help": "yes", "by_name": "invented"}
        db.session.add(Evaluation(due_on=early, held_on=early + timedelta(days=8), **held))
        db.session.commit()
    late = get(leader, f"{there}?part=late")
    assert where in late and "Course of help" in late and "Oppdiktet Person" not in late
    assert town.helper.name in late and "1 person." in late
    assert "Nobody here" in get(leader, f"{there}?part=on_time")
    post(leader, town.path(f"/courses/{id_in(where)}/reason"), {"reason": "I look into what was late"})
    assert "Oppdiktet Person" in get(leader, f"{there}?part=late")
    assert leader.get(f"{there}?page=7").status_code == 303
    assert _count(leader, there) <= 12


def id_of_plan() -> uuid.UUID:
    return db.session.scalars(select(Plan.id)).one()
