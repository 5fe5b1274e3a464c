"""Ending a seat: all that somebody answers for passes on in the same transaction, or the seat does not end."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from hjelpa.core.database import commit_all, db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.types import utcnow
from modules.citizens.models import Course, Responsibility
from modules.contacts.models import Contact
from tenants.colleagues.rules import find_heirs
from tenants.identity.models import Membership
from tenants.units.commands import change_unit
from tenants.units.models import DutyTurn, Unit
from tests.modules.door import begun, get, id_in, post, registered, rows
from tests.people import Town, make_town

HOLDERS = select(Responsibility.membership_id).where(Responsibility.until_at.is_(None))


@pytest.fixture
def large(app: Flask) -> Town:
    return make_town(app, extra_helpers=2)


def leave(town: Town, who: str, by: str = "administrator") -> tuple[int, str]:
    """Ends somebody's seat by the page; status and text."""
    where = town.path(f"/settings/people/{town.people[who].membership_id}/leave")
    assert get(town.client(by), where)
    answer = post(town.client(by), where, {})
    return answer.status_code, answer.text


def ended(town: Town, who: str) -> bool:
    query = select(Membership.ended_at).where(Membership.id == town.people[who].membership_id)
    return rows(town, query)[0][0] is not None


def change(town: Town, model: type[Unit], **values: object) -> None:
    with town.app.app_context(), tenant_scope(town.tenant_id):
        db.session.execute(update(model).where(model.id == town.unit_id).values(**values))
        commit_all()


def test_everything_passes_on_and_the_leader_is_told(large: Town) -> None:
    helper = large.client("helper2")
    course, contact = begun(helper, large), registered(helper, large)
    closed = begun(helper, large)
    post(helper, f"{closed}/ending", {"ending": "mutual"})
    leader = large.leader.membership_id
    status, _ = leave(large, "helper2")
    assert status == 303 and ended(large, "helper2")
    assert rows(large, HOLDERS) == [(leader,)]
    turns = rows(
        large,
        select(Responsibility.since_at, Responsibility.until_at, Responsibility.membership_id)
        .where(Responsibility.course_id == id_in(course))
        .order_by(Responsibility.since_at),
    )
    assert [turn.membership_id for turn in turns] == [large.people["helper2"].membership_id, leader]
    assert turns[0].until_at == turns[1].since_at and turns[1].until_at is None
    waiting = rows(large, select(Contact.membership_id).where(Contact.first_conversation_at.is_(None)))
    assert waiting == [(leader,)]
    notices = get(large.client("leader"), large.path("/notices"))
    assert f"{large.people['helper2'].name} no longer works here" in notices
    # The leader is in the circle now; what was closed stays with whom it was.
    assert large.client("leader").get(course).status_code == 200
    assert large.client("leader").get(contact).status_code == 200
    assert large.client("leader").get(closed).status_code == 303


def test_whoever_has_left_is_out_at_the_next_click(large: Town) -> None:
    helper = large.client("helper2")
    assert helper.get(large.path("/")).status_code == 200
    leave(large, "helper2")
    assert helper.get(large.path("/")).status_code == 404
    assert helper.post(large.path("/contacts/new")).status_code == 404
    assert large.people["helper2"].name not in get(large.client("leader"), large.path("/settings/people"))


def test_duty_passes_on_at_the_door_and_in_the_turns_to_come(large: Town) -> None:
    helper, other = large.helper.membership_id, large.people["helper2"].membership_id
    now = utcnow()
    with large.app.app_context(), tenant_scope(large.tenant_id):
        for first, last in ((-9, -8), (1, 2)):
            times = {"starts_at": now + timedelta(days=first), "ends_at": now + timedelta(days=last)}
            db.session.add(DutyTurn(unit_id=large.unit_id, duty_id=other, deputy_id=helper, **times))
        commit_all()
    assert leave(large, "helper")[0] == 303
    leader = large.leader.membership_id
    assert rows(large, select(Unit.leader_id, Unit.duty_id)) == [(leader, leader)]
    turns = rows(large, select(DutyTurn.deputy_id).order_by(DutyTurn.starts_at))
    assert turns == [(helper,), (leader,)]  # what has been is not rewritten


def test_without_a_leader_it_is_refused_and_nothing_changes(app: Flask) -> None:
    town = make_town(app, opened=False)
    begun(town.client(), town)
    change(town, Unit, leader_id=None)
    status, page = leave(town, "helper")
    assert status == 422 and "Nobody can take over at" in page and "The access has not ended" in page
    assert not ended(town, "helper")
    assert rows(town, HOLDERS) == [(town.helper.membership_id,)]
    assert rows(town, select(Unit.duty_id)) == [(town.helper.membership_id,)]


def test_a_leader_passes_on_to_another_leader(town: Town) -> None:
    begun(town.client("leader"), town)
    assert leave(town, "leader")[0] == 303
    heir = town.people["everything"].membership_id
    assert rows(town, HOLDERS) == [(heir,)]
    assert rows(town, select(Unit.leader_id)) == [(heir,)]


def test_the_last_leader_is_kept(town: Town) -> None:
    assert leave(town, "everything")[0] == 303
    status, page = leave(town, "leader")
    assert status == 422 and "Choose another leader for the door first" in page and not ended(town, "leader")


def test_each_course_goes_to_the_leader_of_its_own_door(large: Town) -> None:
    here, there = (begun(large.client("helper2"), large, name=name) for name in ("Here", "There"))
    boss = large.people["everything"].membership_id
    people = {"leader_id": boss, "duty_id": boss, "deputy_id": large.people["helper3"].membership_id}
    with large.app.app_context(), tenant_scope(large.tenant_id):
        second = uuid.uuid4()
        db.session.add(Unit(id=second, slug="second", name="Second", open=True, **people))
        commit_all()
    with large.app.app_context(), tenant_scope(large.tenant_id):
        db.session.execute(update(Course).where(Course.id == id_in(there)).values(unit_id=second))
        commit_all()
    assert leave(large, "helper2")[0] == 303
    holder = {
        row.course_id: row.membership_id
        for row in rows(
            large,
            select(Responsibility.course_id, Responsibility.membership_id).where(
                Responsibility.until_at.is_(None)
            ),
        )
    }
    assert holder == {id_in(here): large.leader.membership_id, id_in(there): boss}


def test_nobody_ends_the_own_access_and_helpers_end_nobodys(large: Town) -> None:
    assert leave(large, "administrator")[0] == 422 and not ended(large, "administrator")
    where = large.path(f"/settings/people/{large.people['helper2'].membership_id}/leave")
    assert large.client().get(where).status_code == 403 and large.client().post(where).status_code == 403
    assert large.client().get(large.path("/settings/people")).status_code == 403
    assert leave(large, "helper2", by="leader")[0] == 303


def test_another_municipalitys_colleague_does_not_exist(town: Town, other_town: Town) -> None:
    where = town.path(f"/settings/people/{other_town.helper.membership_id}/leave")
    administrator = town.client("administrator")
    assert administrator.get(where).status_code == 404 and administrator.post(where).status_code == 404
    assert not ended(other_town, "helper")


def test_what_is_switched_off_passes_on_too(large: Town) -> None:
    registered(large.client("helper2"), large)
    large.client("administrator").post(large.path("/settings/features/contacts"), data={"on": "0"})
    assert leave(large, "helper2")[0] == 303
    assert rows(large, select(Contact.membership_id)) == [(large.leader.membership_id,)]


def test_ending_twice_is_ending_once(large: Town) -> None:
    where = large.path(f"/settings/people/{large.people['helper2'].membership_id}/leave")
    administrator = large.client("administrator")
    assert [administrator.post(where).status_code for _ in range(2)] == [303, 404]


def test_counts_are_what_each_answers_for(large: Town) -> None:
    for _ in range(2):
        begun(large.client("helper2"), large)
    registered(large.client("helper2"), large)
    page = get(large.client("leader"), large.path("/settings/people"))
    row = page.split(large.people["helper2"].name)[1].split("</tr>")[0]
    assert 'data-label="Courses">2<' in row and 'data-label="Contacts that wait">1<' in row


def test_a_closed_door_may_be_left_without_people(app: Flask) -> None:
    town = make_town(app, opened=False)
    with app.app_context(), tenant_scope(town.tenant_id):
        change_unit(
            town.unit_id,
            {
                "name": "Closed",
                "area": "",
                "age_group": "all",
                "phone": "",
                "visit": "",
                "answer_hours": 24,
                "open": False,
                "duty_id": str(town.helper.membership_id),
            },
        )
        commit_all()
    assert leave(town, "helper")[0] == 303
    assert rows(town, select(Unit.duty_id)) == [(None,)]


@given(
    st.lists(st.tuples(st.integers(0, 9), st.none() | st.integers(10, 14))),
    st.integers(10, 14),
    st.lists(st.integers(10, 14), unique=True),
)
def test_heirs_are_living_leaders_and_never_the_leaver(
    doors: list[tuple[int, int | None]], leaver: int, leaders: list[int]
) -> None:
    heirs: dict[Any, Any] = dict(find_heirs(doors, leaver, leaders))
    for door, leader in dict(doors).items():
        others = [one for one in leaders if one != leaver]
        wanted = (others[0] if others else None) if leader == leaver else leader
        assert heirs.get(door) == wanted
