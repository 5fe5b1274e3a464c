"""The first conversation begun with the outcome scale: who it is, the scale, and the notes afterwards."""

import re
import threading
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hjelpa.core.contract import Arrivals, Counts
from hjelpa.core.types import utcnow
from modules.citizens.figures import this_year
from modules.citizens.indicators import count_people_helped
from modules.citizens.models import Citizen, Conversation, Course, Responsibility
from modules.contacts.counts import list_arrivals, measure
from modules.contacts.models import Contact
from modules.feedback.answering.commands import decline
from modules.feedback.models import ScaleRequest
from tests.modules.door import begun, count, first_talk, get, id_in, post, registered, rows
from tests.modules.feedback.courses import ALL_ANSWERED, inside
from tests.people import SCREEN_CODE, Town, make_town
from tests.statements import counted_statements

BEGIN = "Begin with the outcome scale"
EVERY = (Citizen, Course, Conversation, Responsibility)


def who(**typed: str) -> dict[str, str]:
    """The form that begins, filled in."""
    key = str(uuid.uuid4())
    return {"key": key, "way": "outcome", "known": "new", "name": "Invented Person", "age_band": "child", **typed}


def take_back(client: FlaskClient) -> str:
    answer = client.post("/account/locked", data={"screen_code": SCREEN_CODE})
    assert answer.status_code == 303
    return str(answer.location)


def test_a_contact_becomes_a_course_and_the_scale_is_first(town: Town) -> None:
    helper = town.client()
    where = registered(helper, town, name="Mina Oppdiktet", phone="000 11 222")
    for page in (where, f"{where}/first-conversation"):
        assert BEGIN in get(helper, page) and f'href="{where}/begin"' in get(helper, page)
    form = get(helper, f"{where}/begin")
    assert 'value="Mina Oppdiktet"' in form and 'value="000 11 222"' in form and "What matters" not in form

    scale = post(helper, f"{where}/begin", who(name="Mina Oppdiktet", phone="000 11 222")).location
    assert re.fullmatch(rf"/{town.slug}/my/scale/[\w-]{{43}}", scale)
    # The form for a child: the age that was just given.
    assert rows(town, select(ScaleRequest.form)) == [("hjelpa.outcome.child",)]
    assert town.app.test_client().post(scale, data=ALL_ANSWERED).status_code == 303
    notes = take_back(helper)
    assert [count(town, model) for model in EVERY] == [1, 1, 1, 1]
    course = rows(town, select(Course.id, Course.opened_at, Course.unit_id))[0]
    found = rows(town, select(Contact.course_id, Contact.first_conversation_at, Contact.unit_id))[0]
    assert tuple(found) == tuple(course)
    turn = rows(town, select(Responsibility.membership_id, Responsibility.since_at, Responsibility.until_at))[0]
    assert tuple(turn) == (town.helper.membership_id, course.opened_at, None)
    assert rows(town, select(Citizen.name, Citizen.phone, Citizen.age_band)) == [
        ("Mina Oppdiktet", "000 11 222", "child")
    ]

    page = get(helper, notes)
    assert "Write up the conversation" in page and "does not exist" in page and 'name="age_band"' not in page
    assert post(helper, notes, first_talk(next_step="")).status_code == 422
    assert post(helper, notes, first_talk()).location == town.path(f"/courses/{course.id}")
    said = rows(town, select(Conversation.matters, Conversation.held_at, Conversation.unwritten))
    assert said == [("To sleep again", course.opened_at, False)]


def test_the_figures_count_it_as_held_whether_or_not_it_is_written_up(town: Town) -> None:
    helper, period = town.client(), this_year()
    post(helper, f"{registered(helper, town)}/begin", who())
    notes = take_back(helper)

    def counted() -> tuple[object, ...]:
        with inside(town):
            found = measure(period)
            return found.waiting, found.received, found.met[7], list_arrivals(period), count_people_helped(period)

    before = counted()
    course = rows(town, select(Contact.course_id))[0].course_id
    # Within seven days, but the seven days are not over: this one is among those who have not had the time.
    assert before == (0, 1, Counts(0, 0, 1), Arrivals([course], 0, 0), Counts(1, 0, 1))
    assert post(helper, notes, first_talk()).status_code == 303
    assert counted() == before


def test_begun_twice_is_one_and_the_scale_is_handed_over_again(town: Town) -> None:
    helper = town.client()
    where, sent = registered(helper, town) + "/begin", who()
    first = post(helper, where, sent)
    second = post(town.client(), where, sent)
    assert "/my/scale/" in first.location and "/my/scale/" in second.location
    assert [count(town, model) for model in EVERY] == [1, 1, 1, 1]
    take_back(helper)
    course = helper.get(where).location
    # Another tab's form, with another key: the course has begun, and leads to what waits to be written up.
    assert post(helper, where, who()).location == course
    assert "waits to be written up" in get(helper, course)


def test_two_helpers_at_once_begin_one_course(app: Flask) -> None:
    town = make_town(app, extra_helpers=1)
    where = registered(town.client(), town) + "/begin"
    clients, answers = [town.client(), town.client("helper2")], []
    threads = [
        threading.Thread(target=lambda c=client: answers.append(post(c, where, who()).location))
        for client in clients
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted("/my/scale/" in answer for answer in answers) == [False, True]
    assert [count(town, model) for model in EVERY] == [1, 1, 1, 1]


def test_what_was_written_in_the_other_tab_is_shown_and_not_lost(town: Town) -> None:
    helper = town.client()
    where = registered(helper, town)
    post(helper, f"{where}/begin", who())
    take_back(helper)
    answer = post(helper, f"{where}/first-conversation", first_talk(matters="Words that must survive"))
    assert answer.status_code == 409 and "Words that must survive" in answer.text
    assert count(town, Conversation) == 1


@pytest.mark.parametrize("typed", [{"name": ""}, {"age_band": ""}])
def test_what_must_be_known_is_asked_for(town: Town, typed: dict[str, str]) -> None:
    helper = town.client()
    where = registered(helper, town)
    answer = post(helper, f"{where}/begin", who(**typed))
    assert answer.status_code == 422 and f'id="{next(iter(typed))}-error"' in answer.text
    assert [count(town, model) for model in EVERY] == [0, 0, 0, 0]


def test_somebody_who_comes_back_goes_on_in_the_open_course(town: Town) -> None:
    helper = town.client()
    course = begun(helper, town)
    person = rows(town, select(Citizen.id))[0].id
    where = registered(helper, town)
    assert "Is this somebody you know?" in get(helper, f"{where}/begin")
    assert post(helper, f"{where}/begin", who(known="")).status_code == 422
    assert "/my/scale/" in post(helper, f"{where}/begin", who(known=str(person))).location
    assert take_back(helper).startswith(f"{course}/conversations/")
    assert [count(town, model) for model in EVERY] == [1, 1, 2, 1]


def test_somebody_who_would_rather_not_be_asked_is_met_without_the_scale(town: Town) -> None:
    helper = town.client()
    course = begun(helper, town)
    with inside(town):
        decline(id_in(course), utcnow())
    person = rows(town, select(Citizen.id))[0].id
    notes = post(helper, f"{registered(helper, town)}/begin", who(known=str(person))).location
    assert notes.startswith(f"{course}/conversations/")
    assert "would rather not be asked" in get(helper, notes)
    assert rows(town, select(ScaleRequest.id)) == []


def test_only_whoever_may_hand_over_is_offered_it(town: Town) -> None:
    where, leader = registered(town.client(), town), town.client("leader")
    assert BEGIN not in get(leader, where) and BEGIN not in get(leader, f"{where}/first-conversation")
    assert leader.get(f"{where}/begin").status_code == 404
    assert post(leader, f"{where}/begin", who()).status_code == 404
    assert count(town, Course) == 0


def test_another_municipalitys_contact_does_not_exist(town: Town, other_town: Town) -> None:
    where = registered(town.client(), town).replace(town.slug, other_town.slug)
    stranger = other_town.client()
    assert stranger.get(f"{where}/begin").status_code == 404
    assert post(stranger, f"{where}/begin", who()).status_code == 404
    assert (count(town, Course), count(other_town, Course)) == (0, 0)


def test_the_form_costs_few_statements(town: Town) -> None:
    helper = town.client()
    where = registered(helper, town)
    for page in (where, f"{where}/begin", f"{where}/first-conversation"):
        with counted_statements() as statements:
            assert helper.get(page).status_code == 200
        assert len(statements) <= 12
