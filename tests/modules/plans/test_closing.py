"""What ends by itself: a plan whose citizen another municipality helps, and the right of whoever no longer decides."""

import re
import uuid

import pytest
from flask import Flask
from sqlalchemy import select

from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.types import utcnow
from modules.citizens.commands import begin_course, end_course
from modules.plans.jobs import shut
from modules.plans.models import Area, Measure, Plan
from modules.plans.models_access import Adult
from modules.plans.sharing_models import Share
from tests.guests import accesses, let_in
from tests.modules.door import begun, citizen_of, get, id_in, post, rows
from tests.modules.plans.family import MUM_CONTACT, Family, make_family
from tests.modules.plans.test_plan import evaluation, measure
from tests.modules.plans.test_sharing import come_in_by_mail, make_door, switch
from tests.people import Town, make_town

CLOSED = "the plan here is closed"


@pytest.fixture
def place(app: Flask) -> Town:
    return make_town(app, extra_helpers=2)


def end(place: Town, where: str, ending: str = "handed_over") -> None:
    with place.app.app_context(), tenant_scope(place.tenant_id):
        assert end_course(id_in(where), ending)
        db.session.commit()


def begin_again(place: Town, citizen_id: uuid.UUID) -> None:
    """Somebody comes back, to a new course of help."""
    with place.app.app_context(), tenant_scope(place.tenant_id):
        helper = place.helper.membership_id
        begin_course(
            name="Invented Person",
            phone="",
            age_band="child",
            helper_id=helper,
            at=utcnow(),
            citizen_id=citizen_id,
        )
        db.session.commit()


def decide(place: Town, age: int) -> None:
    answer = post(place.client("administrator"), place.path("/plans/settings"), {"age": str(age)})
    assert answer.status_code == 303


def shared_outside(family: Family) -> str:
    said = {"key": str(uuid.uuid4()), "name": "Oppdiktet skole", "address": "rektor@skole.example"}
    assert post(family.mum, family.own("/sharing/new"), said).status_code == 303
    return said["address"]


def shared_at(place: Town, unit_id: uuid.UUID) -> str:
    """The address of the plan as a colleague at a door reads it."""
    living = select(Share.id).where(Share.unit_id == unit_id, Share.withdrawn_at.is_(None))
    return place.path(f"/plans/shared/{rows(place, living)[0][0]}")


def test_whoever_no_longer_decides_cannot_share(place: Town) -> None:
    """The stored answer is of the day it was asked; the municipality's decision has changed since."""
    family, unit_id = make_family(place, age=12), make_door(place)
    assert switch(family, unit_id, True).status_code == 303
    decide(place, 12)
    assert rows(place, select(Plan.decided_by)) == [("adult",)]
    assert switch(family, unit_id, False).status_code == 403
    assert family.mum.get(family.own("/sharing/new")).status_code == 403
    assert switch(family, unit_id, False, family.child).status_code == 303


def test_whoever_is_let_out_does_not_stay_in_by_what_they_shared(place: Town) -> None:
    family, unit_id = make_family(place), make_door(place)
    school = come_in_by_mail(place, shared_outside(family))
    switch(family, unit_id, True, family.dad)
    assert school.get(family.own("/shared")).status_code == 200
    (mum,) = rows(place, select(Adult.id).where(Adult.name == "Oppdiktet Mor"))[0]
    assert post(place.client(), f"{family.where}/access/adults/{mum}/withdraw", {}).status_code == 303
    assert school.get(family.own("/shared")).status_code in (303, 404)
    # What the other adult shared goes on.
    assert len(rows(place, select(Share.id).where(Share.withdrawn_at.is_(None)))) == 1


def test_what_was_shared_is_shut_when_another_municipality_has_taken_over(place: Town) -> None:
    family, unit_id = make_family(place), make_door(place)
    school = come_in_by_mail(place, shared_outside(family))
    switch(family, unit_id, True)
    shared = [
        place.path(f"/plans/shared/{id}")
        for (id,) in rows(place, select(Share.id).where(Share.unit_id == unit_id))
    ]
    colleague = place.client("helper2")
    assert colleague.get(shared[0]).status_code == school.get(family.own("/shared")).status_code == 200
    end(place, family.where)
    assert colleague.get(shared[0]).status_code == 404
    assert "No shared plans" in get(colleague, place.path("/plans/shared"))
    assert colleague.get(family.where).location.endswith("/reason")
    # Nothing is left of it, not even the name, and within the hour the way in is gone too.
    for page in (family.own("/shared"), place.path("/my/")):
        assert school.get(page).status_code == 404, page
    with place.app.app_context(), tenant_scope(place.tenant_id):
        for _ in range(2):
            shut({})
            db.session.commit()
    assert school.get(place.path("/my/")).status_code == 303
    left = {one.relation: (one.withdrawn_by or None) for one in accesses(place)}
    assert left["service"] and left["self"] is None and left["adult"] is None


@pytest.mark.parametrize("ending", ["mutual", "handed_over"])
def test_only_what_was_handed_over_is_closed(place: Town, ending: str) -> None:
    family, unit_id = make_family(place), make_door(place)
    area = rows(place, select(Area.id))[0][0]
    end(place, family.where, ending)
    closed = ending == "handed_over"
    for page in ("", "/canvas", "/sharing"):
        assert (CLOSED in get(family.child, family.own(page))) == closed, page
    assert (CLOSED in get(family.child, place.path("/my/"))) == closed
    writing = {
        "/matters": {"version": "2", "matters": "More"},
        f"/canvas/{area}": {"version": "0", "works": "More"},
        "/canvas/new": {"key": str(uuid.uuid4()), "heading": "More"},
        "/goals/new": {"key": str(uuid.uuid4()), "words": "More", "state": "open"},
        f"/sharing/units/{unit_id}": {"on": "1"},
    }
    for rest, said in writing.items():
        assert post(family.child, family.own(rest), said).status_code == (403 if closed else 303), rest
    assert get(family.child, family.own("/copy"))


def test_no_plan_begins_where_another_municipality_has_taken_over(place: Town) -> None:
    course = begun(place.client(), place)
    phone = let_in(place, citizen_of(place, course))
    end(place, course)
    page = get(phone, place.path("/my/plan"))
    assert CLOSED in page and "Begin the plan" not in page
    assert post(phone, place.path("/my/plan"), {}).status_code == 403
    assert rows(place, select(Plan.id)) == []


def test_whoever_comes_back_writes_again_and_is_asked_anew_with_whom_to_share(place: Town) -> None:
    family, unit_id = make_family(place), make_door(place)
    school = come_in_by_mail(place, shared_outside(family))
    switch(family, unit_id, True)
    before = shared_at(place, unit_id)
    end(place, family.where)
    begin_again(place, rows(place, select(Plan.citizen_id))[0][0])
    colleague = place.client("helper2")
    assert CLOSED not in get(family.child, family.own())
    assert colleague.get(before).status_code == 404
    assert switch(family, unit_id, True).status_code == 303
    assert colleague.get(before).status_code == 404
    # A service outside has no way in left from before either.
    assert school.get(place.path("/my/")).status_code == 303
    assert colleague.get(shared_at(place, unit_id)).status_code == 200


def colleagues(page: str) -> list[str]:
    """Whom a measure can be given to, by the ids in the form."""
    options = page.partition('name="membership_id"')[2].partition("</select>")[0]
    return re.findall(r'value="([0-9a-f-]{36})"', options)


def test_guests_choose_among_their_own_helpers(place: Town) -> None:
    family = make_family(place)
    helper, other = place.helper.membership_id, place.people["helper2"].membership_id
    new = "/measures/new"
    for client in (family.child, family.mum):
        assert colleagues(get(client, family.own(new))) == [str(helper)]
        sent = post(client, family.own(new), measure(membership_id=str(other)))
        assert sent.status_code == 422
    assert {str(helper), str(other)} < set(colleagues(get(place.client(), f"{family.where}{new}")))
    chosen = measure(what="With another", membership_id=str(other))
    assert post(place.client(), f"{family.where}{new}", chosen).status_code == 303
    found = rows(place, select(Measure.id).where(Measure.what == "With another"))[0][0]
    assert set(colleagues(get(family.child, family.own(f"/measures/{found}")))) == {str(helper), str(other)}


def test_the_young_person_sees_and_ends_adults_access(place: Town) -> None:
    family = make_family(place, age=16)
    mum = rows(place, select(Adult.id).where(Adult.name == "Oppdiktet Mor"))[0][0]
    withdraw = family.own(f"/sharing/adults/{mum}/withdraw")
    page = get(family.child, family.own("/sharing"))
    assert "Oppdiktet Mor" in page and "Oppdiktet Far" in page and withdraw in page
    assert MUM_CONTACT not in page
    assert withdraw not in get(family.dad, family.own("/sharing"))
    assert post(family.dad, withdraw, {}).status_code == 403
    assert family.mum.get(family.own()).status_code == 200
    assert post(family.child, withdraw, {}).status_code == 303
    assert family.mum.get(family.own()).status_code == 303
    assert "Oppdiktet Mor" not in get(family.child, family.own("/sharing")).partition("<main")[2]
    assert post(family.child, family.own(f"/sharing/adults/{uuid.uuid4()}/withdraw"), {}).status_code == 404


def test_a_child_for_whom_adults_decide_ends_no_access(place: Town) -> None:
    family = make_family(place)
    mum = rows(place, select(Adult.id).where(Adult.name == "Oppdiktet Mor"))[0][0]
    withdraw = family.own(f"/sharing/adults/{mum}/withdraw")
    page = get(family.child, family.own("/sharing"))
    assert "Oppdiktet Mor" in page and withdraw not in page
    assert post(family.child, withdraw, {}).status_code == 403
    assert family.mum.get(family.own()).status_code == 200


def open_with_reason(place: Town, where: str, role: str):
    """A browser of somebody who reads a closed record for a stated reason."""
    client = place.client(role)
    said = {"reason": "The new municipality has asked us about the plan"}
    assert post(client, place.path(f"/courses/{id_in(where)}/reason"), said).status_code == 303
    return client


@pytest.mark.parametrize("role", ["helper", "leader"])
def test_helpers_only_read_a_plan_whose_citizen_is_helped_elsewhere(place: Town, role: str) -> None:
    family = make_family(place)
    area, found = rows(place, select(Area.id))[0][0], rows(place, select(Measure.id))[0][0]
    end(place, family.where)
    client = open_with_reason(place, family.where, role)
    for page in ("", "/canvas", "/access"):
        assert CLOSED in get(client, family.where + page), page
    assert "/matters" not in get(client, family.where) and "/decides" not in get(client, f"{family.where}/access")
    writing = {
        "": {},
        "/matters": {"version": "2", "matters": "More"},
        f"/canvas/{area}": {"version": "0", "works": "More"},
        "/canvas/new": {"key": str(uuid.uuid4()), "heading": "More"},
        "/goals/new": {"key": str(uuid.uuid4()), "words": "More", "state": "open"},
        "/measures/new": measure(),
        f"/measures/{found}": measure(version="1"),
        f"/measures/{found}/evaluate": evaluation(),
        "/evaluate": evaluation(2),
        "/access/decides": {"birth_year": "2012"},
        "/access/address": {"address": "Elsewhere 1"},
    }
    for rest, said in writing.items():
        assert post(client, family.where + rest, said).status_code == 403, rest
    assert "To dare to go to school" in get(client, family.where)


def test_a_leader_ends_an_adults_access_in_a_closed_plan(place: Town) -> None:
    family = make_family(place)
    mum = rows(place, select(Adult.id).where(Adult.name == "Oppdiktet Mor"))[0][0]
    end(place, family.where)
    client = open_with_reason(place, family.where, "leader")
    withdraw = f"{family.where}/access/adults/{mum}/withdraw"
    assert withdraw in get(client, f"{family.where}/access")
    assert post(client, withdraw, {}).status_code == 303
    assert family.mum.get(family.own()).status_code == 303


def test_helpers_begin_no_plan_for_whom_another_municipality_helps(place: Town) -> None:
    course = begun(place.client(), place)
    end(place, course)
    client, where = open_with_reason(place, course, "helper"), place.path(f"/plans/courses/{id_in(course)}")
    page = get(client, where)
    assert CLOSED in page and "Begin the plan" not in page
    assert post(client, where, {}).status_code == 403
    assert rows(place, select(Plan.id)) == []
