"""One plan with everything in it, of an invented family, for whoever wants to see what a plan can be."""

import uuid
from datetime import date, timedelta

from hjelpa.core.database import db
from modules.citizens.demo_tools import at
from modules.plans.models import Agreement, Area, Evaluation, Goal, Measure, Plan, Progress, Words
from modules.plans.models_access import Change
from modules.plans.wording import AREAS

CANVAS = {
    "home": ("Fredagskveldene. Da lager vi mat sammen.", "Morgenene. Alle er slitne, og det blir fort krangel.", "Roligere morgener, og at alle vet hvem som gjør hva."),
    "people": ("Besteforeldrene bor nært. Sofie er en god venn.", "Vi ser sjelden andre etter at vi flyttet.", "Noen å gjøre ting med i helgene."),
    "school": ("Jeg liker kunst og håndverk og læreren der.", "Storefri. Jeg vet ikke hvor jeg skal være.", "Et sted å være i storefri, og én voksen jeg kan gå til."),
    "health": ("Jeg sover godt i helgene.", "Jeg får vondt i magen på søndager.", "Å sovne før klokka elleve."),
    "leisure": ("Tegning. Turer med hunden.", "Jeg sluttet på håndball, og savner det litt.", "Å prøve noe nytt uten at det er kamp hver helg."),
}  # fmt: skip
GOALS = (
    ("Jeg er på skolen hele uka", (2, 3, 3, 5, 6), "open"),
    ("Vi kommer oss ut døra uten å krangle", (3, 4, 6, 7), "open"),
)
MEASURES = (
    ("own", "Pakke sekken og finne klær kvelden før", "Mamma og jeg", 1, False),
    ("community", "Tegnekurs på kulturskolen på torsdager", "Kulturskolen, morfar kjører", None, False),
    ("community", "Håndballtrening uten kamper", "Treneren og Sofie", None, False),
    ("municipality", "Et rolig rom i storefri, og en fast voksen", "Kontaktlæreren", 0, False),
    ("municipality", "Samtaler hver fjortende dag", "", 0, False),
)
AGREEMENTS = (
    ("Snakke med kontaktlæreren om storefri", "Mamma", 6),
    ("Lage morgenplan på kjøleskapet", "Hele familien", -9),
)


def write_family(citizen_id: uuid.UUID, helper: uuid.UUID, helper_name: str, today: date) -> None:
    """Writes the plan for a citizen who has none."""
    begun = today - timedelta(days=120)
    plan = Plan(
        citizen_id=citizen_id,
        matters="At det er rolig hjemme, og at jeg har noen å være sammen med på skolen.",
        evaluate_on=today + timedelta(days=12),
        birth_year=today.year - 14,
        created_at=at(begun, 12),
    )
    _add(plan)
    _canvas(plan)
    goals = [_goal(plan, number, helper_name, begun) for number in range(len(GOALS))]
    measures = [_measure(plan, number, goals, helper, today) for number in range(len(MEASURES))]
    _add(_evaluation(plan, measures[0], helper_name, today))
    _add(
        *(
            Agreement(
                plan_id=plan.id,
                what=what,
                who=who,
                due_on=today + timedelta(days=days),
                done_at=at(today + timedelta(days=days), 15) if days < 0 else None,
            )
            for what, who, days in AGREEMENTS
        )
    )
    _add(*_changes(plan, helper, helper_name, begun))


def _add(*rows: object) -> None:
    db.session.add_all(rows)
    db.session.flush()


def _canvas(plan: Plan) -> None:
    areas = [Area(plan_id=plan.id, key=key, position=number) for number, key in enumerate(AREAS, start=1)]
    areas.append(Area(plan_id=plan.id, heading="Hunden", position=len(AREAS) + 1))
    _add(*areas)
    own = ("Bamse er glad uansett.", "", "At jeg går tur med ham hver dag.")
    _add(
        *(
            Words(plan_id=plan.id, area_id=area.id, works=works, hard=hard, wish=wish)
            for area in areas
            for works, hard, wish in (CANVAS.get(area.key or "", ("", "", "")) if area.key else own,)
            if works
        )
    )


def _goal(plan: Plan, number: int, helper_name: str, begun: date) -> Goal:
    words, values, state = GOALS[number]
    goal = Goal(plan_id=plan.id, words=words, state=state, created_at=at(begun, 12, number))
    _add(goal)
    _add(
        *(
            Progress(
                plan_id=plan.id,
                goal_id=goal.id,
                value=value,
                by_name=helper_name,
                at=at(begun + timedelta(days=21 * step), 13),
            )
            for step, value in enumerate(values)
        )
    )
    return goal


def _measure(plan: Plan, number: int, goals: list[Goal], helper: uuid.UUID, today: date) -> Measure:
    kind, what, who, goal, needed = MEASURES[number]
    measure = Measure(
        plan_id=plan.id,
        goal_id=None if goal is None else goals[goal].id,
        kind=kind,
        what=what,
        who=who,
        membership_id=None if who else helper,
        begins_on=today - timedelta(days=100 - 12 * number),
        evaluate_on=today + timedelta(days=9 * number),
        needs_decision=needed,
    )
    _add(measure)
    return measure


def _evaluation(plan: Plan, measure: Measure, helper_name: str, today: date) -> Evaluation:
    held = today - timedelta(days=40)
    return Evaluation(
        plan_id=plan.id,
        measure_id=measure.id,
        due_on=held - timedelta(days=2),
        held_on=held,
        effect="partly",
        right_help="yes",
        change="Lillebror må også få sin liste.",
        wanted="Noen som kan være med på de første treningene.",
        next_on=measure.evaluate_on,
        by_name=helper_name,
    )


def _changes(plan: Plan, helper: uuid.UUID, helper_name: str, begun: date) -> list[Change]:
    said = (
        ("made", "", ""),
        ("matters", "", "At det er rolig hjemme."),
        ("matters", "At det er rolig hjemme.", plan.matters),
    )
    return [
        Change(
            plan_id=plan.id,
            part="plan",
            part_id=plan.id,
            field=name,
            old=old,
            new=new,
            by_kind="member",
            by_id=helper,
            by_name=helper_name,
            service="Stangehjelpa",
            created_at=at(begun + timedelta(days=20 * number), 12),
        )
        for number, (name, old, new) in enumerate(said)
    ]
