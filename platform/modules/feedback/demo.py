"""Invented answers: most people get better, some do not, some get worse, and some conversations are not measured."""

import math
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from random import Random
from typing import Any

from sqlalchemy import Row, select

from hjelpa.core.database import db
from hjelpa.core.demo import Town
from modules.citizens.demo_tools import insert_rows, make_id
from modules.citizens.models import Citizen, Conversation, Course, Responsibility
from modules.feedback.answering.demo import fill as fill_answering
from modules.feedback.models import Answer
from modules.feedback.scales.registry import own_form
from modules.feedback.signals.demo import fill as fill_signals

# A conversation's id, its course and when it was held.
Held = Row[uuid.UUID, uuid.UUID, datetime]

LINES = 4
# Where people stand on the outcome scale when they come (of 400 tenths), by age.
STARTS = {"child": 235, "adolescent": 215, "adult": 190}
# How far a course moves in the long run (mean and spread in tenths), and how common each way is.
MOVES = {"better": (120, 35), "slowly": (75, 20), "same": (0, 12), "worse": (-75, 20)}
MOVE_WEIGHTS = (50, 15, 23, 12)


@dataclass(frozen=True, slots=True)
class Place:
    """How one municipality goes about it.

    `effect` multiplies how far people come, `trouble` how many come nowhere; the rest are shares of courses or answers.
    """

    effect: float
    trouble: float
    unmeasured: float
    missing: float
    skipped: float


@dataclass(frozen=True, slots=True)
class Curve:
    """What is to be seen in one course: where it starts (tenths of 400), how far it moves, what is not answered."""

    start: float
    move: float
    pace: float
    trust: float
    gaps: frozenset[int] = frozenset()


def fill(town: Town) -> None:
    """Writes answers on both scales for the conversations of the municipality."""
    if town.opened_on is None:
        return
    random = town.random
    place = Place(
        effect=random.uniform(0.75, 1.25),
        trouble=random.uniform(0.5, 1.8),
        unmeasured=random.uniform(0.05, 0.3),
        missing=random.uniform(0.04, 0.15),
        skipped=random.uniform(0.01, 0.08),
    )
    courses = {key: list(rows) for key, rows in groupby(_conversations(), key=lambda row: row.course_id)}
    shown, bands = _shown(town, courses), _age_bands()
    rows: list[dict[str, Any]] = []
    for course_id, conversations in courses.items():
        course_random = Random(f"feedback:{course_id}")
        curve = shown.get(course_id) or _draw_curve(course_random, bands[course_id], place)
        if curve is not None:
            rows.extend(_answers(course_random, conversations, curve, (place, bands[course_id])))
    insert_rows(Answer, rows)
    fill_answering(town)
    fill_signals(town)


def _conversations() -> Sequence[Held]:
    query = select(Conversation.id, Conversation.course_id, Conversation.held_at)
    return db.session.execute(query.order_by(Conversation.course_id, Conversation.held_at)).all()


def _age_bands() -> dict[uuid.UUID, str]:
    """Age band by course. Read apart: a join of tables that were just filled has no statistics to be planned by."""
    bands = {row.id: row.age_band for row in db.session.execute(select(Citizen.id, Citizen.age_band))}
    return {row.id: bands[row.citizen_id] for row in db.session.execute(select(Course.id, Course.citizen_id))}


def _shown(town: Town, courses: Mapping[uuid.UUID, Sequence[Held]]) -> dict[uuid.UUID, Curve]:
    """The first helper's longest open courses show what a curve can look like: no better, with a gap, and well."""
    query = select(Responsibility.course_id).where(
        Responsibility.membership_id == town.helpers[0], Responsibility.until_at.is_(None)
    )
    own = sorted(db.session.scalars(query), key=lambda course: (-len(courses[course]), course))
    curves = (
        Curve(start=205, move=-6, pace=2, trust=318),
        Curve(start=172, move=130, pace=2.5, trust=350, gaps=frozenset({2})),
        Curve(start=238, move=85, pace=1.5, trust=362),
        Curve(start=224, move=-70, pace=2, trust=290),
    )
    return dict(zip(own, curves, strict=False))


def _draw_curve(random: Random, age_band: str, place: Place) -> Curve | None:
    """None for a course in which nothing was measured."""
    if random.random() < place.unmeasured:
        return None
    better, slowly, same, worse = MOVE_WEIGHTS
    way = random.choices(list(MOVES), (better, slowly, same * place.trouble, worse * place.trouble))[0]
    mean, spread = MOVES[way]
    start = min(360.0, max(40.0, random.gauss(STARTS[age_band], 60)))
    return Curve(
        start=start,
        # Whoever starts high has less way to go.
        move=random.gauss(mean, spread) * (place.effect if mean > 0 else 1) * (1.25 - start / 400 * 0.5),
        pace=random.uniform(1.0, 3.0) if way != "slowly" else random.uniform(4, 7),
        trust=random.gauss(345 if mean > 0 else 315, 25),
    )


def _answers(
    random: Random, conversations: Sequence[Held], curve: Curve, where: tuple[Place, str]
) -> Iterator[dict[str, Any]]:
    place, age_band = where
    leaning = [random.gauss(0, 6) for _ in range(LINES)]
    for number, conversation in enumerate(conversations):
        outcome = curve.start + curve.move * (1 - math.exp(-number / curve.pace))
        alliance = min(398.0, curve.trust + 12 * min(number, 3))
        for scale, level, minutes in (("outcome", outcome, 0), ("alliance", alliance, 50)):
            # The first is nearly always answered: it belongs to the first conversation.
            missing = random.random() < (place.missing if number else 0.03)
            if missing or number in curve.gaps:
                continue
            answered_at = conversation.held_at + timedelta(minutes=minutes)
            yield {
                "id": make_id(random, answered_at),
                "course_id": conversation.course_id,
                "conversation_id": conversation.id,
                "scale": scale,
                "form": own_form(scale, age_band).key,
                "form_version": own_form(scale, age_band).version,
                **_draw_items(random, level, leaning, skipped=random.random() < place.skipped),
                "answered_at": answered_at,
            }


def _draw_items(random: Random, level: float, leaning: Sequence[float], *, skipped: bool) -> dict[str, Any]:
    """State, items and total (tenths); now and then one question is left open, and then there is no total."""
    if skipped:
        return {"state": "skipped", "items": [], "total": None}
    values: list[int | None] = [min(100, max(0, round(random.gauss(level / 4 + lean, 5)))) for lean in leaning]
    if random.random() < 0.02:
        values[random.randrange(len(values))] = None
    answered = [value for value in values if value is not None]
    total = sum(answered) if len(answered) == len(values) else None
    return {"state": "answered", "items": values, "total": total}
