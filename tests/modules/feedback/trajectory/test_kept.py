"""The model and the limit for a change in a municipality: made by night from its own answers, kept, and shown on their page."""

import re
import uuid
from collections.abc import Sequence
from datetime import timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import func, select

from hjelpa.core.database import db
from hjelpa.core.types import new_id, utcnow
from modules.citizens.models import Conversation, Course, Responsibility
from modules.feedback.metrics.threshold import FEWEST, estimate
from modules.feedback.models import Answer, Rater
from modules.feedback.scales.registry import OWN_PACK, own_form
from modules.feedback.trajectory import queries
from modules.feedback.trajectory.fitting import fit
from modules.feedback.trajectory.jobs import JOBS, estimate_threshold, fit_trajectory
from modules.feedback.trajectory.model import MINIMUM_COURSES, MINIMUM_IN_BAND
from modules.feedback.trajectory.models import ScaleThreshold, TrajectoryModel
from tests.modules.feedback.courses import inside, make_course
from tests.people import Town, make_town

DAY = timedelta(days=7)


Lines = Sequence[list[int] | None]


def add_courses(town: Town, *courses: Lines, rater: str = "") -> None:
    """Courses with a conversation a week, answered with these lines (tenths); None where one was not.

    All in one go, and all of one person's: what is tested here is not how they come to be.
    """
    model_id, _ = make_course(town)
    helper_id = town.helper.membership_id
    stages: tuple[list[object], ...] = [], [], [], []
    with inside(town):
        model = db.session.scalars(select(Course).where(Course.id == model_id)).one()
        for totals in courses:
            begun, course_id = utcnow() - DAY * (len(totals) + 1), new_id()
            stages[0].append(
                Course(id=course_id, citizen_id=model.citizen_id, unit_id=model.unit_id, opened_at=begun)
            )
            stages[1].append(Responsibility(course_id=course_id, membership_id=helper_id, since_at=begun))
            other_id = new_id() if rater else None
            if other_id is not None:
                stages[1].append(Rater(id=other_id, course_id=course_id, label=rater))
            for number, items in enumerate(totals):
                held = Conversation(
                    id=new_id(), course_id=course_id, membership_id=helper_id, held_at=begun + DAY * number
                )
                stages[2].append(held)
                if items is not None:
                    stages[3].append(make_answer(course_id, held.id, items, other_id))
        for rows in stages:
            db.session.add_all(rows)
            db.session.flush()


def make_answer(course_id: uuid.UUID, conversation_id: uuid.UUID, items: list[int], rater_id=None) -> Answer:
    return Answer(
        course_id=course_id,
        conversation_id=conversation_id,
        scale="outcome",
        form=own_form("outcome", "adult").key,
        form_version=1,
        state="answered",
        items=items,
        total=sum(items),
        rater_id=rater_id,
    )


def answers_of(seed: int) -> list[list[int]]:
    random = Random(seed)
    start = random.randint(20, 60)
    return [[min(100, start + 8 * n + random.randint(-9, 9)) for _ in range(4)] for n in range(3)]


@pytest.fixture(scope="module")
def measured(app: Flask) -> Town:
    """One course fewer than a model needs, one of them unmeasured in between."""
    town = make_town(app)
    first, _, last = answers_of(99)
    seen = [answers_of(seed) for seed in range(MINIMUM_COURSES - 2)]
    add_courses(town, *seen, [None, first, None, last], [first])
    return town


def test_a_course_is_read_as_it_was_answered(measured: Town) -> None:
    """Conversations count whether they were measured or not; one answer is no course, another rater is nobody."""
    add_courses(measured, answers_of(5), rater="Mamma")
    with inside(measured):
        tracks = list(queries.list_tracks())
    first, _, last = answers_of(99)
    assert len(tracks) == MINIMUM_COURSES - 1
    assert [track.totals for track in tracks if track.totals[0][0] != 1] == [
        ((2, sum(first) / 10), (4, sum(last) / 10))
    ]
    assert {track.age_band for track in tracks} == {"adult"}


def test_the_model_is_made_when_there_are_enough_and_only_when_there_is_something_new(measured: Town) -> None:
    def night() -> tuple[int, TrajectoryModel | None]:
        with inside(measured):
            fit_trajectory({})
        with inside(measured):
            count = db.session.scalar(select(func.count()).select_from(TrajectoryModel))
            kept = queries.find_kept()
            if kept is not None:
                db.session.expunge(kept)
            return count or 0, kept

    count, kept = night()
    assert count == 1 and kept.parameters is None and kept.courses == MINIMUM_COURSES - 1
    page = measured.client("helper").get(measured.path("/feedback/model")).text
    assert "There is no model yet" in page or "modell" in page
    assert str(MINIMUM_COURSES) in page and str(MINIMUM_COURSES - 1) in page
    assert night()[0] == 1

    add_courses(measured, answers_of(1_000))
    count, kept = night()
    assert count == 2 and kept.courses == MINIMUM_COURSES
    with inside(measured):
        model = queries.find_model()
        assert model == fit(list(queries.list_tracks()))
        assert model.expect("adult", 15.0, 3).middle > 16
    assert night()[0] == 2


def test_the_page_shows_what_the_kept_model_expects(measured: Town) -> None:
    add_courses(measured, answers_of(2_000))
    with inside(measured):
        fit_trajectory({})
    with inside(measured):
        model = queries.find_model()
    assert model is not None
    for role in ("helper", "leader"):
        answer = measured.client(role).get(measured.path("/feedback/model") + "?lang=en")
        assert answer.status_code == 200
        expected = model.expect("adult", 20.0, 2)
        shown = re.compile(rf"{expected.middle:.1f} ".replace(".0 ", " ").replace(".", "[.,]"))
        assert shown.search(answer.text)
        assert str(MINIMUM_IN_BAND) in answer.text  # the other ages are silent


def test_another_municipality_has_none_of_it(measured: Town, app: Flask) -> None:
    other = make_town(app)
    with inside(other):
        assert queries.find_kept() is None and not list(queries.list_tracks())
        fit_trajectory({})
        estimate_threshold({})
        assert queries.find_kept() is None and queries.find_threshold() is None


def test_the_limit_is_estimated_from_first_answers_once(fresh_app: Flask) -> None:
    """200 courses, each with one first answer that counts."""
    town = make_town(fresh_app)
    courses = [answers_of(seed)[:2] for seed in range(FEWEST)]
    add_courses(town, [None, None], *courses[:-1])
    with inside(town):
        estimate_threshold({})
        assert queries.find_threshold() is None
    add_courses(town, courses[-1])
    for _ in range(2):
        with inside(town):
            estimate_threshold({})
    with inside(town):
        assert db.session.scalar(select(func.count()).select_from(ScaleThreshold)) == 1
        kept = queries.find_threshold()
        expected = estimate([first for first, _ in courses])
        assert (kept.threshold, kept.sd, kept.reliability) == pytest.approx(
            (expected.points, expected.sd, expected.reliability)
        )
        assert (kept.n, kept.pack, kept.scale) == (FEWEST, OWN_PACK, "outcome")
    assert str(FEWEST) in town.client("helper").get(town.path("/feedback/model")).text


def test_the_jobs_are_nightly_and_before_the_contribution() -> None:
    assert {job.name for job in JOBS} == {"feedback.fit_trajectory", "feedback.estimate_threshold"}
    for job in JOBS:
        assert job.schedule is not None and job.schedule.daily_at is not None
        assert job.schedule.daily_at < (2, 0)
