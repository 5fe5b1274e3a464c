"""The curve page of a course: what is drawn, and what it says."""

import re
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select, update

from hjelpa.core.database import db
from hjelpa.core.types import new_id, utcnow
from modules.citizens.models import Course, Responsibility
from modules.feedback.models import Answer, Rater
from modules.feedback.trajectory.fitting import fit
from modules.feedback.trajectory.model import FORMULA_VERSION, Track
from modules.feedback.trajectory.models import ScaleThreshold, TrajectoryModel
from modules.plans.models import Measure, Plan
from tests.modules.feedback.courses import inside
from tests.modules.feedback.test_course import measured_course, statements_of
from tests.people import Town

DAY = timedelta(days=1)


def curve(town: Town, course_id, language: str = "en") -> str:
    answer = town.client().get(town.path(f"/feedback/courses/{course_id}?lang={language}"))
    assert answer.status_code == 200
    return answer.text.replace("\xa0", " ")


def keep_limit(town: Town, points: float) -> None:
    with inside(town):
        kept = {"sd": 6.0, "reliability": 0.9, "n": 204, "threshold": points, "formula_version": "1"}
        db.session.add(ScaleThreshold(scale="outcome", pack="hjelpa", estimated_at=utcnow(), **kept))


def keep_model(town: Town) -> None:
    """A model of people who begin anywhere and rise a point a conversation."""
    random = Random(7)
    tracks = []
    for _ in range(80):
        start = random.uniform(10, 25)
        tracks.append(Track("adult", tuple((n, min(40, start + n + random.gauss(0, 2))) for n in range(1, 7))))
    model = fit(tracks)
    assert model is not None
    with inside(town):
        found = {"formula_version": FORMULA_VERSION, "parameters": model.to_json()}
        db.session.add(TrajectoryModel(pack="hjelpa", fitted_at=utcnow(), courses=80, answers=400, **found))


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (None, "No limit for a reliable change has been estimated yet."),
        (6.0, "The change is more than the 6 points that may be chance (estimated from 204 first answers,"),
        (8.0, "The change may be chance: it takes more than 8 points (estimated from 204 first answers,"),
    ],
)
def test_it_says_whether_the_change_counts(town: Town, points: float | None, said: str) -> None:
    if points:
        keep_limit(town, points)
    course_id, _ = measured_course(town, [160, None, 240])
    assert said in curve(town, course_id)


def test_what_is_usual_is_drawn_or_said_to_be_silent(town: Town) -> None:
    course_id, _ = measured_course(town, [160, 164, None, 172])
    silent = curve(town, course_id)
    assert "Nothing is expected yet: it takes at least 60 courses of help" in silent
    assert "c-band" not in silent and "Usual range" not in silent
    keep_model(town)
    page = curve(town, course_id)
    assert "It is within what is usual for people who began like this." in page
    assert "c-band" in page and "Usual range" in page
    assert "Nothing is expected" not in page
    far, _ = measured_course(town, [240, 100, 40])
    assert "It is lower than what is usual for people who began like this. Talk about what it means." in curve(
        town, far
    )


def test_what_happened_stands_at_its_conversation(town: Town) -> None:
    course_id, _ = measured_course(town, [160, 164, 180])  # 30, 20 and 10 days ago
    now = utcnow()
    other = town.people["everything"].membership_id
    with inside(town):
        course = db.session.scalars(select(Course).where(Course.id == course_id)).one()
        plan = Plan(id=new_id(), citizen_id=course.citizen_id)
        db.session.add(plan)
        db.session.flush()
        ended = {
            "begins_on": (now - 40 * DAY).date(),
            "evaluate_on": now.date(),
            "ended_on": (now - 25 * DAY).date(),
        }
        db.session.add(
            Measure(plan_id=plan.id, kind="own", what="Secret walk", who="I", needs_decision=False, **ended)
        )
        mine = Responsibility.course_id == course_id
        db.session.execute(update(Responsibility).where(mine).values(until_at=now - 15 * DAY))
        db.session.add(Responsibility(course_id=course_id, membership_id=other, since_at=now - 15 * DAY))
    page = curve(town, course_id)
    rows = re.findall(
        r'<tr><th scope="row">(\d)</th><td class="numeric">[\d.]+</td><td class="numeric">([^<]*)</td></tr>', page
    )
    assert rows[:3] == [("1", ""), ("2", "Measure ended"), ("3", "Handover")]
    assert "Secret walk" not in page


def test_others_who_answer_stand_beside_and_change_nothing(town: Town) -> None:
    course_id, talks = measured_course(town, [160, 200])
    before = re.search(r'id="outcome".*?figure-sentence">([^<]*)', curve(town, course_id), re.S)
    with inside(town):
        rater = Rater(id=new_id(), course_id=course_id, label="Mamma")
        db.session.add(rater)
        db.session.flush()
        for talk, total in zip(talks, (40, 80), strict=True):
            given = {"form": "hjelpa.outcome", "form_version": 1, "state": "answered", "items": [total // 4] * 4}
            db.session.add(Answer(course_id=course_id, conversation_id=talk, scale="outcome", rater_id=rater.id, total=total, **given))  # fmt: skip
    page = curve(town, course_id)
    after = re.search(r'id="outcome".*?figure-sentence">([^<]*)', page, re.S)
    assert before and after and before[1] == after[1]
    assert "Mamma" in page and 'id="rater-1"' in page


def test_it_costs_at_most_twelve_statements_with_everything_there(town: Town) -> None:
    keep_limit(town, 5)
    keep_model(town)
    course_id, _ = measured_course(town, [160, 164, 180] * 5)
    assert len(statements_of(town.client(), town.path(f"/feedback/courses/{course_id}"))) <= 12
    assert len(statements_of(town.client(), town.path(f"/courses/{course_id}"))) <= 12
