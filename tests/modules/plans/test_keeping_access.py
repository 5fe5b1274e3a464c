"""Who keeps a citizen's accesses and addresses, and what reaches nobody through somebody else's way in."""

import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.types import utcnow
from modules.citizens.models import Citizen, Course, Responsibility
from modules.plans import queries
from modules.plans.access import give_access
from modules.plans.models import Goal, Measure, Plan
from modules.plans.models_access import Address, Adult
from modules.plans.rules import Author
from tests.guests import accesses, come_in, let_in
from tests.modules.door import get, post, rows
from tests.modules.plans.family import (
    CHILD_ADDRESS,
    MUM_ADDRESS,
    MUM_CONTACT,
    Family,
    make_family,
)
from tests.modules.plans.test_access import adult
from tests.modules.plans.test_plan import evaluation, measure
from tests.people import Town, make_town

HIDDEN = (CHILD_ADDRESS, MUM_ADDRESS, MUM_CONTACT)


@pytest.fixture
def place(app: Flask) -> Town:
    return make_town(app, extra_helpers=2)


@pytest.fixture
def family(place: Town) -> Family:
    return make_family(place)


def citizen_in(town: Town) -> uuid.UUID:
    return uuid.UUID(str(rows(town, select(Plan.citizen_id))[0][0]))


def mum_in(town: Town) -> uuid.UUID:
    return uuid.UUID(str(rows(town, select(Adult.id).where(Adult.name == "Oppdiktet Mor"))[0][0]))


def old_course(town: Town, who: str) -> uuid.UUID:
    """A course of the citizen's that ended a year ago, which this helper answered for."""
    begun_at = utcnow() - timedelta(days=400)
    span = begun_at, begun_at + timedelta(days=10)
    with town.app.app_context(), tenant_scope(town.tenant_id):
        course = Course(
            citizen_id=citizen_in_session(),
            unit_id=town.unit_id,
            opened_at=span[0],
            closed_at=span[1],
            ending="mutual",
        )
        db.session.add(course)
        db.session.flush()
        held = Responsibility(
            course_id=course.id, membership_id=town.people[who].membership_id, since_at=span[0], until_at=span[1]
        )
        db.session.add(held)
        db.session.commit()
        return course.id


def citizen_in_session() -> uuid.UUID:
    return db.session.scalars(select(Plan.citizen_id)).one()


def test_a_course_that_has_ended_gives_no_right_to_hidden_addresses(place: Town, family: Family) -> None:
    old = old_course(place, "helper2")
    for where in (place.path(f"/plans/courses/{old}"), family.where):
        former = get(place.client("helper2"), f"{where}/access")
        assert "Oppdiktet Mor" in former and not any(words in former for words in HIDDEN)
        assert "Withdraw" not in former
        # Whoever answers for the citizen now does so whichever of the courses the page was opened from.
        now = get(place.client(), f"{where}/access")
        assert all(words in now for words in HIDDEN) and "Withdraw" in now


def test_a_reader_with_a_reason_changes_neither_accesses_nor_addresses(place: Town, family: Family) -> None:
    stranger, mum = place.client("helper3"), mum_in(place)
    course = family.where.rsplit("/", 1)[1]
    post(stranger, place.path(f"/courses/{course}/reason"), {"reason": "I want to look at this today please"})
    before = rows(place, select(Plan.birth_year, Plan.protected))
    told = rows(place, select(Address.address).order_by(Address.address))
    sent = (
        ("decides", {"birth_year": "2001"}),
        ("adults/new", adult(contact="stranger@oppdiktet.example")),
        (f"adults/{mum}/withdraw", {}),
        (f"adults/{mum}/address", {"address": "Elsewhere 1"}),
        ("address", {"address": "Elsewhere 2"}),
    )
    for rest, data in sent:
        answer = post(stranger, f"{family.where}/access/{rest}", data)
        assert answer.status_code == 403, rest
        assert "This is not yours to change" in answer.text
    for rest in ("decides", "adults/new", "address", f"adults/{mum}/address"):
        assert stranger.get(f"{family.where}/access/{rest}").status_code == 403, rest
    shown = get(stranger, f"{family.where}/access")
    for words in ("Year of birth", "Name an adult", "Withdraw", ">Change<"):
        assert words not in shown
    assert rows(place, select(Plan.birth_year, Plan.protected)) == before
    assert rows(place, select(Address.address).order_by(Address.address)) == told
    assert len(accesses(place)) == 3 and family.mum.get(family.own()).status_code == 200


def test_a_leader_keeps_accesses_too(place: Town, family: Family) -> None:
    leader, course = place.client("leader"), family.where.rsplit("/", 1)[1]
    post(leader, place.path(f"/courses/{course}/reason"), {"reason": "Standing in for the helper today"})
    assert post(leader, f"{family.where}/access/adults/{mum_in(place)}/withdraw", {}).status_code == 303
    assert family.mum.get(family.own()).status_code == 303


def test_no_adult_is_let_in_by_the_citizens_own_address(place: Town, family: Family) -> None:
    let_in(place, citizen_in(place), address="+4791112233")
    refused = post(place.client(), f"{family.where}/access/adults/new", adult(contact="911 12 233"))
    assert refused.status_code == 422 and "Each must have their own" in refused.text
    with place.app.test_request_context(), tenant_scope(place.tenant_id):
        plan = db.session.scalars(select(Plan)).one()
        said = {"name": "X", "relation": "", "contact": "911 12 233", "protected": False}
        with pytest.raises(ValueError, match="one person"):
            give_access(plan, Author("member", uuid.uuid4(), "H"), key=uuid.uuid4(), said=said)
    assert len(rows(place, select(Adult.id))) == 2


def test_an_adults_own_goal_is_under_nobody_elses_measure(place: Town, family: Family) -> None:
    secret, goal = "Dad alone knows of this goal", str(uuid.uuid4())
    post(family.dad, family.own("/goals/new"), {"key": goal, "words": secret, "state": "open"})
    (measure_id,) = rows(place, select(Measure.id))[0]
    change = f"{family.where}/measures/{measure_id}"
    assert secret not in get(place.client(), change)
    for where, more in ((change, {"version": "1"}), (f"{family.where}/measures/new", {})):
        refused = post(place.client(), where, {**measure(what="Bake together"), **more, "goal_id": goal})
        assert refused.status_code == 422
    own = post(family.dad, family.own("/measures/new"), {**measure(what="His own"), "goal_id": goal})
    assert own.status_code == 303
    assert secret not in get(family.mum, family.own("/history"))


def test_the_history_has_no_words_of_a_goal_that_others_do_not_see(place: Town, family: Family) -> None:
    """Also where a shared measure came to stand under it before."""
    secret, goal = "Dad alone knows of this goal", uuid.uuid4()
    post(family.dad, family.own("/goals/new"), {"key": str(goal), "words": secret, "state": "open"})
    with place.app.app_context(), tenant_scope(place.tenant_id):
        db.session.execute(update(Measure).values(goal_id=goal))
        db.session.commit()
    (measure_id,) = rows(place, select(Measure.id))[0]
    sent = {**measure(what="Bake together"), "version": "1", "goal_id": ""}
    assert post(place.client(), f"{family.where}/measures/{measure_id}", sent).status_code == 303
    assert rows(place, select(Measure.goal_id)) == [(None,)] and rows(
        place, select(Goal.id).where(Goal.id == goal)
    )
    assert secret not in get(family.mum, family.own("/history"))


def test_held_back_measures_are_not_told_by_their_evaluations(place: Town, family: Family) -> None:
    (measure_id,) = rows(place, select(Measure.id))[0]
    looked = evaluation(change="To be changed")
    assert post(place.client(), f"{family.where}/measures/{measure_id}/evaluate", looked).status_code == 303
    whole = evaluation(change="About the whole plan", version="2")
    assert post(place.client(), f"{family.where}/evaluate", whole).status_code == 303
    key = str(uuid.uuid4())
    out = {"key": key, "name": "Invented school", "address": "school@oppdiktet.example"}
    assert post(family.child, family.own("/sharing/new"), out).status_code == 303
    (shared,) = [access for access in accesses(place) if access.relation == "service"]
    school = come_in(place, shared.id)
    assert "To be changed" in get(school, family.own("/shared"))
    assert post(family.child, family.own(f"/sharing/{key}"), {"held_back": "measures"}).status_code == 303
    seen = get(school, family.own("/shared"))
    assert "About the whole plan" in seen
    assert "Bake together" not in seen and "To be changed" not in seen


def test_whoever_has_grown_up_can_shut_out_those_who_were_let_in(place: Town, family: Family) -> None:
    with place.app.app_context(), tenant_scope(place.tenant_id):
        db.session.execute(update(Citizen).values(age_band="adult"))
        db.session.commit()
    withdraw = f"{family.where}/access/adults/{mum_in(place)}/withdraw"
    page = get(place.client(), f"{family.where}/access")
    assert withdraw in page and "Oppdiktet Mor" in page and "Name an adult" not in page
    assert post(place.client(), withdraw, {}).status_code == 303
    assert family.mum.get(family.own()).status_code == 303
    assert "Oppdiktet Mor" not in get(place.client(), f"{family.where}/access")
    with place.app.app_context(), tenant_scope(place.tenant_id):
        assert len(queries.list_adults(db.session.scalars(select(Plan.id)).one())) == 2
