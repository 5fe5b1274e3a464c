"""Who sees what comes after an answer: a link that a parent may hold, and goals that stand in a shared plan."""

import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from hjelpa.core.database import db
from hjelpa.core.types import new_id, utcnow
from modules.citizens.commands import add_conversation
from modules.citizens.models import Citizen, Course
from modules.plans.models import Goal, Progress
from tests.modules.door import rows
from tests.modules.feedback.asking import answers, make_link
from tests.modules.feedback.courses import ALL_ANSWERED, hand_over, inside, make_course
from tests.modules.plans.family import make_family
from tests.people import Town

TOLD = "Everyone who can read your goal in the plan sees what you answer."


@pytest.fixture
def helper(town: Town) -> FlaskClient:
    return town.client()


@pytest.mark.parametrize(
    ("age_band", "by_link", "shown"),
    [("child", True, False), ("adolescent", True, False), ("child", False, True), ("adult", True, True)],
)
def test_the_curve_is_for_the_citizen_and_not_for_whoever_holds_a_childs_phone(
    helper: FlaskClient, client: FlaskClient, town: Town, age_band: str, by_link: bool, shown: bool
) -> None:
    course_id, (conversation,) = make_course(town)
    with inside(town):
        own = select(Course.citizen_id).where(Course.id == course_id).scalar_subquery()
        db.session.execute(update(Citizen).where(Citizen.id == own).values(age_band=age_band))
    where = make_link(helper, town, conversation)[1] if by_link else hand_over(helper, town, conversation)
    client.post(where, data=ALL_ANSWERED)
    page = client.get(f"{where}?lang=en").text
    assert ("Your curve" in page, 'name="words"' in page) == (shown, True)


def child_with_a_plan(town: Town) -> tuple[uuid.UUID, uuid.UUID]:
    """A conversation with the child of a family, and the one goal of the child's plan."""
    make_family(town, age=8)
    ((course_id,),), talk_id = rows(town, select(Course.id)), new_id()
    said = {"matters": "Å tørre", "happened": "", "next_step": "", "next_step_at": None}
    with inside(town):
        add_conversation(course_id, key=talk_id, helper_id=town.helper.membership_id, at=utcnow(), **said)
    ((goal_id,),) = rows(town, select(Goal.id))
    return talk_id, goal_id


def test_beside_the_goals_stands_who_sees_them(helper: FlaskClient, client: FlaskClient, town: Town) -> None:
    talk_id, goal_id = child_with_a_plan(town)
    where = hand_over(helper, town, talk_id)
    client.post(where, data=ALL_ANSWERED)
    assert TOLD in client.get(f"{where}?lang=en").text
    client.post(f"{where}/more", data={f"goal-{goal_id}": "1"})
    page = client.get(f"{where}?lang=en").text
    assert "Takk. Det har kommet fram." in page and "Your helper sees it" not in page
    assert rows(town, select(Progress.value)) == [(1,)]


def test_by_a_childs_link_no_goal_is_asked_about_or_kept(
    helper: FlaskClient, client: FlaskClient, town: Town
) -> None:
    talk_id, goal_id = child_with_a_plan(town)
    _, where = make_link(helper, town, talk_id)
    client.post(where, data=ALL_ANSWERED)
    page = client.get(f"{where}?lang=en").text
    assert "One friend at home" not in page and TOLD not in page
    client.post(f"{where}/more", data={f"goal-{goal_id}": "1", "words": "Hei"})
    assert rows(town, select(Progress.value)) == []
    assert [row.words for row in answers(town, talk_id)] == ["Hei"]
