"""Sharing by one switch: what a service sees, what is held back, and that withdrawing works on the very next read."""

import uuid

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from modules.plans.document import PARTS
from modules.plans.models_access import Change
from modules.plans.sharing_models import Share
from tenants.audit.models import AccessLogEntry
from tenants.units.models import Unit
from tests.guests import code_in, let_in, outgoing, run_jobs
from tests.modules.door import citizen_of, get, post, rows
from tests.modules.plans.family import CHILD_ADDRESS, DAD_SAID, MUM_ADDRESS, MUM_CONTACT, MUM_SAID, make_family
from tests.modules.plans.test_plan import version_in
from tests.people import Town, make_town

IN_PARTS = {
    "matters": "To dare to go to school",
    "goals": "One friend at home",
    "measures": "Bake together",
    "agreements": "Call the school",
}


@pytest.fixture
def place(app: Flask) -> Town:
    return make_town(app, extra_helpers=2)


def make_door(place: Town, **held: uuid.UUID | None) -> uuid.UUID:
    """A second door, where helper2 is on duty."""
    with place.app.app_context(), tenant_scope(place.tenant_id):
        duty, deputy = place.people["helper2"].membership_id, place.leader.membership_id
        people = {"leader_id": deputy, "duty_id": duty, "deputy_id": deputy, **held}
        unit = Unit(slug="helsestasjon", name="Helsestasjonen", **people)
        db.session.add(unit)
        db.session.commit()
        return unit.id


def switch(family, unit_id: uuid.UUID, on: bool, client=None):
    where = family.own(f"/sharing/units/{unit_id}")
    return post(client or family.mum, where, {"on": "1" if on else "0"})


def share_of(place: Town):
    return rows(place, select(Share.id).where(Share.withdrawn_at.is_(None)))[0][0]


def test_a_service_reads_what_is_shared_and_nobodys_own_words(place: Town) -> None:
    family = make_family(place)
    unit_id = make_door(place)
    colleague, other = place.client("helper2"), place.client("helper3")
    assert "No shared plans" in get(colleague, place.path("/plans/shared"))
    assert switch(family, unit_id, True).status_code == 303
    shared = place.path(f"/plans/shared/{share_of(place)}")
    assert shared in get(colleague, place.path("/plans/shared"))
    page = get(colleague, shared)
    for words in IN_PARTS.values():
        assert words in page
    for hidden in (MUM_SAID, DAD_SAID, CHILD_ADDRESS, MUM_ADDRESS, MUM_CONTACT):
        assert hidden not in page
    assert other.get(shared).status_code == 404
    assert "No shared plans" in get(other, place.path("/plans/shared"))


def test_switched_off_it_is_refused_on_the_very_next_read(place: Town) -> None:
    family = make_family(place)
    unit_id = make_door(place)
    switch(family, unit_id, True)
    shared = place.path(f"/plans/shared/{share_of(place)}")
    colleague = place.client("helper2")
    assert colleague.get(shared).status_code == 200
    assert switch(family, unit_id, False).status_code == 303
    assert colleague.get(shared).status_code == 404
    # On again is a new share; the old address stays shut.
    switch(family, unit_id, True)
    assert colleague.get(shared).status_code == 404
    assert colleague.get(place.path(f"/plans/shared/{share_of(place)}")).status_code == 200


def test_switching_on_twice_is_one_share(place: Town) -> None:
    family = make_family(place)
    unit_id = make_door(place)
    for client in (family.mum, family.dad):
        assert switch(family, unit_id, True, client).status_code == 303
    assert len(rows(place, select(Share.id))) == 1


@pytest.mark.parametrize("part", list(IN_PARTS))
def test_parts_can_be_held_back(place: Town, part: str) -> None:
    family = make_family(place)
    unit_id = make_door(place)
    switch(family, unit_id, True)
    share_id = share_of(place)
    assert post(family.mum, family.own(f"/sharing/{share_id}"), {"held_back": part}).status_code == 303
    page = get(place.client("helper2"), place.path(f"/plans/shared/{share_id}"))
    assert "Some parts are held back" in page
    for name, words in IN_PARTS.items():
        assert (words in page) == (name != part)


def test_everything_can_be_held_back_and_nonsense_cannot(place: Town) -> None:
    family = make_family(place)
    unit_id = make_door(place)
    switch(family, unit_id, True)
    share_id = share_of(place)
    assert (
        post(family.mum, family.own(f"/sharing/{share_id}"), MultiDict({"held_back": list(PARTS)})).status_code
        == 303
    )
    assert "all of it is held back" in get(place.client("helper2"), place.path(f"/plans/shared/{share_id}"))
    assert post(family.mum, family.own(f"/sharing/{share_id}"), {"held_back": "addresses"}).status_code == 422


def test_the_read_stands_in_the_log_that_the_citizen_sees(place: Town) -> None:
    family = make_family(place)
    unit_id = make_door(place)
    switch(family, unit_id, True)
    get(place.client("helper2"), place.path(f"/plans/shared/{share_of(place)}"))
    read = rows(place, select(AccessLogEntry.membership_id).where(AccessLogEntry.page == "plans.read"))
    assert read == [(place.people["helper2"].membership_id,)]
    assert place.people["helper2"].name in get(family.child, place.path("/my/reads"))


def test_sharing_stands_in_the_history(place: Town) -> None:
    family = make_family(place)
    unit_id = make_door(place)
    switch(family, unit_id, True)
    post(family.mum, family.own(f"/sharing/{share_of(place)}"), {"held_back": "canvas"})
    switch(family, unit_id, False)
    fields = [f for (f,) in rows(place, select(Change.field).where(Change.part == "share").order_by(Change.id))]
    assert fields == ["given", "held_back", "withdrawn"]
    assert "gave access to Helsestasjonen" in get(family.child, family.own("/history"))


def test_who_may_share_follows_from_who_decides(place: Town) -> None:
    young = make_family(place, age=16)
    unit_id = make_door(place)
    assert switch(young, unit_id, True, young.mum).status_code == 403
    assert young.mum.get(young.own("/sharing/new")).status_code == 403
    assert switch(young, unit_id, True, young.child).status_code == 303


def come_in_by_mail(place: Town, address: str):
    mail = place.app.test_client()
    answer = mail.post(place.path("/my/sign-in"), data={"address": address})
    run_jobs(place)
    asked = answer.location.partition("asked=")[2][:36]
    code = code_in(outgoing(place)[-1])
    came_in = mail.post(place.path("/my/code"), data={"asked": asked, "code": code})
    assert came_in.status_code == 303
    return mail


def test_a_service_outside_comes_in_by_a_code_and_only_reads(place: Town) -> None:
    family = make_family(place)
    said = {"key": str(uuid.uuid4()), "name": "Oppdiktet skole", "address": "rektor@skole.example"}
    for _ in range(2):
        assert post(family.mum, family.own("/sharing/new"), said).status_code == 303
    assert len(rows(place, select(Share.id))) == 1
    school = come_in_by_mail(place, "rektor@skole.example")
    page = get(school, family.own("/shared"))
    assert "To dare to go to school" in page
    for hidden in (MUM_SAID, DAD_SAID, CHILD_ADDRESS, MUM_ADDRESS, MUM_CONTACT):
        assert hidden not in page
    for rest in ("", "/canvas", "/history", "/sharing", "/copy", "/copy/plan.html", "/matters"):
        assert school.get(family.own(rest)).status_code == 404, rest
    assert school.get(place.path("/my/agreements")).status_code == 404
    assert school.get(place.path("/my/reads")).status_code == 404
    assert post(school, family.own("/matters"), {"version": "2", "matters": "x"}).status_code == 404
    assert "Oppdiktet skole" in get(family.child, place.path("/my/reads"))


def test_a_service_outside_is_shut_out_on_the_very_next_read(place: Town) -> None:
    family = make_family(place)
    said = {"key": str(uuid.uuid4()), "name": "Oppdiktet skole", "address": "rektor@skole.example"}
    post(family.mum, family.own("/sharing/new"), said)
    school = come_in_by_mail(place, "rektor@skole.example")
    assert school.get(family.own("/shared")).status_code == 200
    assert post(family.mum, family.own(f"/sharing/{said['key']}/end"), {}).status_code == 303
    assert school.get(family.own("/shared")).status_code == 303
    assert school.get(place.path("/my/")).status_code == 303


@pytest.mark.parametrize("typed", [{"name": ""}, {"address": ""}, {"address": "not an address"}])
def test_what_is_missing_is_told_and_kept(place: Town, typed: dict[str, str]) -> None:
    family = make_family(place)
    said = {"key": str(uuid.uuid4()), "name": "Oppdiktet skole", "address": "rektor@skole.example", **typed}
    answer = post(family.mum, family.own("/sharing/new"), said)
    assert answer.status_code == 422 and said["name"] in answer.text and said["address"] in answer.text
    assert rows(place, select(Share.id)) == []


def test_another_plans_share_is_nobodys_to_change(place: Town, other_town: Town) -> None:
    family, elsewhere = make_family(place), make_family(other_town)
    unit_id = make_door(place)
    switch(family, unit_id, True)
    for rest in (f"/sharing/{share_of(place)}", f"/sharing/{share_of(place)}/end"):
        assert post(elsewhere.mum, elsewhere.own(rest), {}).status_code == 404
    assert switch(elsewhere, unit_id, True).status_code == 404


def outside_of(family, **typed: str) -> str:
    """The id of a share with a school outside the house."""
    said = {"key": str(uuid.uuid4()), "name": "Oppdiktet skole", "address": "rektor@skole.example", **typed}
    assert post(family.mum, family.own("/sharing/new"), said).status_code == 303
    return said["key"]


def test_what_was_held_back_stays_so_when_it_is_switched_on_again(place: Town) -> None:
    family, unit_id = make_family(place), make_door(place)
    switch(family, unit_id, True)
    assert post(family.mum, family.own(f"/sharing/{share_of(place)}"), {"held_back": "goals"}).status_code == 303
    switch(family, unit_id, False)
    assert switch(family, unit_id, True).status_code == 303
    page = get(place.client("helper2"), place.path(f"/plans/shared/{share_of(place)}"))
    assert "Some parts are held back" in page
    assert IN_PARTS["goals"] not in page and IN_PARTS["matters"] in page


def test_a_service_outside_stays_in_the_list_and_is_switched_on_again(place: Town) -> None:
    family = make_family(place)
    first = outside_of(family)
    post(family.mum, family.own(f"/sharing/{first}"), {"held_back": "goals"})
    again = family.own(f"/sharing/{first}/again")
    assert again not in get(family.mum, family.own("/sharing"))
    assert post(family.mum, family.own(f"/sharing/{first}/end"), {}).status_code == 303
    page = get(family.mum, family.own("/sharing"))
    assert again in page and "Oppdiktet skole" in page and "rektor@skole.example" not in page
    for _ in range(2):
        assert post(family.mum, again, {}).status_code == 303
    living = rows(place, select(Share.id, Share.name, Share.held_back).where(Share.withdrawn_at.is_(None)))
    assert [(name, held) for _, name, held in living] == [("Oppdiktet skole", ["goals"])]
    assert f'action="{again}' not in get(family.mum, family.own("/sharing"))
    page = get(come_in_by_mail(place, "rektor@skole.example"), family.own("/shared"))
    assert IN_PARTS["goals"] not in page and IN_PARTS["matters"] in page


def test_only_whoever_may_share_sees_who_could_read_before(place: Town, other_town: Town) -> None:
    family, elsewhere = make_family(place, age=16), make_family(other_town)
    said = {"key": str(uuid.uuid4()), "name": "Oppdiktet skole", "address": "rektor@skole.example"}
    assert post(family.child, family.own("/sharing/new"), said).status_code == 303
    post(family.child, family.own(f"/sharing/{said['key']}/end"), {})
    assert "Oppdiktet skole" in get(family.child, family.own("/sharing"))
    assert "Oppdiktet skole" not in get(family.mum, family.own("/sharing"))
    again = f"/sharing/{said['key']}/again"
    assert post(family.mum, family.own(again), {}).status_code == 403
    assert post(elsewhere.mum, elsewhere.own(again), {}).status_code == 404
    assert rows(place, select(Share.id).where(Share.withdrawn_at.is_(None))) == []


def test_a_service_does_not_come_in_by_somebody_elses_address(place: Town) -> None:
    family = make_family(place)
    said = {"key": str(uuid.uuid4()), "name": "Oppdiktet skole", "address": "far@oppdiktet.example"}
    refused = post(family.mum, family.own("/sharing/new"), said)
    assert refused.status_code == 422 and "Each must have their own" in refused.text
    # Neither when the address has become somebody else's since.
    share = outside_of(family)
    post(family.mum, family.own(f"/sharing/{share}/end"), {})
    let_in(place, citizen_of(place, family.where), relation="adult", address="rektor@skole.example")
    assert post(family.mum, family.own(f"/sharing/{share}/again"), {}).status_code == 303
    assert "Each must have their own" in get(family.mum, family.own("/sharing"))
    assert rows(place, select(Share.id).where(Share.withdrawn_at.is_(None))) == []


def test_two_at_once_hold_no_part_back_unseen(place: Town) -> None:
    family, unit_id = make_family(place), make_door(place)
    switch(family, unit_id, True)
    there = family.own(f"/sharing/{share_of(place)}")
    begun = version_in(family.mum, there)
    assert post(family.mum, there, {"held_back": "goals", "version": begun}).status_code == 303
    met = post(family.dad, there, {"held_back": "canvas", "version": begun})
    assert met.status_code == 409
    shown = met.text[met.text.index('id="conflict"') : met.text.index("<form", met.text.index('id="conflict"'))]
    assert "Goals" in shown and "The canvas" in shown and "Oppdiktet Mor" in shown
    assert rows(place, select(Share.held_back)) == [(["goals"],)]
    assert rows(place, select(Change.new).where(Change.saved.is_(False))) == [("The canvas",)]
    joined = MultiDict({"held_back": ["goals", "canvas"], "version": version_in(family.dad, there)})
    assert post(family.dad, there, joined).status_code == 303
    assert rows(place, select(Share.held_back)) == [(["canvas", "goals"],)]


def test_a_shared_plans_name_is_for_the_people_of_that_door(place: Town) -> None:
    """Whoever is on duty there, and its leader; not a leader of another door, nor whoever once had something there."""
    family = make_family(place)
    unit_id = make_door(place, leader_id=place.people["everything"].membership_id)
    switch(family, unit_id, True)
    share = share_of(place)
    name = "Invented Person"
    for role, works in (("helper2", True), ("everything", True), ("helper3", False), ("helper", False)):
        client = place.client(role)
        assert (name in get(client, place.path("/plans/shared")).partition("<main")[2]) is works, role
        assert client.get(place.path(f"/plans/shared/{share}")).status_code == (200 if works else 404), role
    log = select(AccessLogEntry.membership_id).where(AccessLogEntry.page == "plans.read")
    readers = {id for (id,) in rows(place, log)}
    assert readers == {place.people[role].membership_id for role in ("helper2", "everything")}
