"""Somebody who comes back is the same person: offered to those who know them, and to nobody else."""

import re
import uuid

import pytest
from flask import Flask
from sqlalchemy import func, select

from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.types import utcnow
from modules.citizens.commands import pass_on
from modules.citizens.models import Citizen, Conversation, Course, Responsibility
from tenants.notices.models import Notice
from tests.modules.door import begun, citizen_of, first_talk, get, id_in, post, registered, rows
from tests.people import Town, make_town

QUESTION = "Is this somebody you know?"


def people(town: Town) -> int:
    return int(rows(town, select(func.count()).select_from(Citizen))[0][0])


def offered(page: str) -> list[str]:
    """The values of the choice, in their order."""
    return re.findall(r'type="radio" id="known[^"]*" name="known" value="([^"]+)"', page)


def ask(town: Town, **typed: str) -> str:
    return registered(town.client(), town, **typed) + "/first-conversation"


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "Åse Oppdiktet", "phone": ""},
        {"name": " åSE oppDIKTET ", "phone": ""},
        {"name": "", "phone": "000 12 345"},
        {"name": "Somebody Else", "phone": "00012345"},
    ],
)
def test_a_person_who_comes_back_counts_once(town: Town, typed: dict[str, str]) -> None:
    helper = town.client()
    first = begun(helper, town, name="Åse Oppdiktet", phone="000 12 345")
    person = str(citizen_of(town, first))
    where = ask(town, **typed)
    page = get(helper, where)
    assert QUESTION in page and offered(page) == [person, "new"]
    assert re.search(r"Åse Oppdiktet, last met \d+ \w+ \d{4}", page)

    sent = first_talk(name="Åse O.", phone="", age_band="adolescent")
    del sent["known"]
    answer = post(helper, where, sent)
    assert answer.status_code == 422 and 'id="known-error">Choose the person' in answer.text
    assert sent["matters"] in answer.text and people(town) == 1

    # The course is still open, and goes on.
    second = post(helper, where, {**sent, "known": person}).location
    assert str(citizen_of(town, second)) == person and second == first
    # What was written last holds; a number left out is no reason to forget the old one.
    assert rows(town, select(Citizen.name, Citizen.phone, Citizen.age_band)) == [
        ("Åse O.", "000 12 345", "adolescent")
    ]


def test_a_name_written_in_a_hurry_does_not_replace_the_one_written_well(town: Town) -> None:
    helper = town.client()
    person = str(citizen_of(town, begun(helper, town, name="Åse Oppdiktet")))
    answer = post(helper, ask(town, name="åse oppdiktet"), first_talk(name="åse oppdiktet", known=person))
    assert answer.status_code == 303 and rows(town, select(Citizen.name)) == [("Åse Oppdiktet",)]


def test_a_new_person_may_have_the_same_name(town: Town) -> None:
    begun(town.client(), town, name="Åse Oppdiktet")
    answer = post(town.client(), ask(town, name="Åse Oppdiktet"), first_talk(name="Åse Oppdiktet", known="new"))
    assert answer.status_code == 303 and people(town) == 2


def test_a_name_that_is_first_typed_at_the_conversation_is_asked_about(town: Town) -> None:
    helper = town.client()
    person = str(citizen_of(town, begun(helper, town, name="Åse Oppdiktet")))
    where = ask(town, name="", phone="")
    assert QUESTION not in get(helper, where)
    sent = first_talk(name="åse oppdiktet ")
    del sent["known"]
    answer = post(helper, where, sent)
    assert answer.status_code == 422 and offered(answer.text) == [person, "new"]


def test_nobody_outside_the_circle_is_offered_or_can_be_chosen(app: Flask, other_town: Town) -> None:
    town = make_town(app, extra_helpers=1)
    colleague = town.client("helper2")
    hidden = str(citizen_of(town, begun(town.client(), town, name="Åse Oppdiktet", phone="000 12 345")))
    theirs = str(citizen_of(other_town, begun(other_town.client(), other_town, name="Åse Oppdiktet")))
    where = ask(town, name="Åse Oppdiktet", phone="000 12 345")
    assert QUESTION not in get(colleague, where)
    answers = [
        post(colleague, where, first_talk(name="Åse Oppdiktet", known=known))
        for known in (hidden, theirs, str(uuid.uuid4()), "nonsense")
    ]
    # Whoever is named, the answer is the same: it tells nothing.
    assert {(answer.status_code, tuple(offered(answer.text))) for answer in answers} == {(422, ("new",))}
    assert people(town) == 1 and len(rows(town, select(Course.id))) == 1
    assert post(colleague, where, first_talk(name="Åse Oppdiktet")).status_code == 303


def test_nothing_is_asked_when_there_is_nobody_to_choose(town: Town) -> None:
    helper = town.client()
    begun(helper, town, name="Åse Oppdiktet", phone="")
    for typed in ({"name": "Åse", "phone": ""}, {"name": "", "phone": ""}, {"name": "%", "phone": "%"}):
        assert QUESTION not in get(helper, ask(town, **typed))


def test_whoever_comes_back_after_the_end_begins_a_new_course(town: Town) -> None:
    helper = town.client()
    first = begun(helper, town, name="Åse Oppdiktet")
    person = str(citizen_of(town, first))
    assert post(helper, f"{first}/ending", {"ending": "mutual"}).status_code == 303
    second = post(helper, ask(town, name="Åse Oppdiktet"), first_talk(name="Åse Oppdiktet", known=person)).location
    assert second != first and str(citizen_of(town, second)) == person


def test_a_contact_joins_the_open_course_and_leaves_responsibility_where_it_is(app: Flask) -> None:
    town = make_town(app, extra_helpers=1)
    first = begun(town.client(), town, name="Åse Oppdiktet")
    person = str(citizen_of(town, first))
    with app.app_context(), tenant_scope(town.tenant_id):
        to = town.people["helper2"].membership_id
        assert to and pass_on(id_in(first), to_id=to, at=utcnow())
        db.session.commit()
    # Whoever was responsible before is in the circle and takes the call; the colleague goes on answering for it.
    where = ask(town, name="Åse Oppdiktet")
    sent = first_talk(name="Åse Oppdiktet", known=person, matters="The second time")
    answers = [post(town.client(), where, sent) for _ in range(2)]
    assert {answer.location for answer in answers} == {first}
    assert rows(town, select(Course.id)) == [(id_in(first),)]
    assert rows(town, select(Conversation.id).where(Conversation.matters == "The second time")) == [
        (uuid.UUID(sent["key"]),)
    ]
    lasting = select(Responsibility.membership_id).where(Responsibility.until_at.is_(None))
    assert rows(town, lasting) == [(to,)]
    assert (to, "citizens.colleague_talked") in rows(town, select(Notice.membership_id, Notice.kind))
    assert f"{town.people['helper2'].name} is responsible" in get(town.client(), first)
