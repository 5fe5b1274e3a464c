"""The first conversation: from a contact to a course of help with somebody responsible."""

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from hjelpa.core.events import UnmetNeed
from modules.citizens.models import Citizen, Conversation, Course, Responsibility
from modules.contacts import commands
from modules.contacts.models import Contact
from modules.feedback.models import ScaleRequest
from tenants.notices.models import Notice
from tests.modules.door import begun, count, first_talk, get, post, registered, rows
from tests.people import Town, make_town


def test_a_contact_becomes_a_course_with_somebody_responsible(town: Town) -> None:
    helper = town.client()
    where = registered(helper, town, name="")
    page = get(helper, where)
    assert "Without a name" in page and "I would like to talk with somebody." in page
    assert f"The next step is yours, {town.helper.name}" in page

    answer = post(helper, f"{where}/first-conversation", first_talk(name="Mina Oppdiktet", phone="000 11 222"))
    page = get(helper, answer.location)
    for words in ("Mina Oppdiktet", "000 11 222", "To sleep again", "I lost my job", "A walk together"):
        assert words in page
    assert "In their words" in page and f"{town.helper.name} became responsible" in page

    found = rows(town, select(Contact.course_id, Contact.first_conversation_at, Contact.received_at))[0]
    course = rows(town, select(Course.id, Course.opened_at, Course.closed_at))[0]
    assert (found.course_id, found.first_conversation_at) == (course.id, course.opened_at)
    assert course.closed_at is None
    turn = rows(town, select(Responsibility.membership_id, Responsibility.since_at, Responsibility.until_at))[0]
    assert tuple(turn) == (town.helper.membership_id, course.opened_at, None)
    assert rows(town, select(Citizen.name, Citizen.age_band))[0] == ("Mina Oppdiktet", "adult")


def test_the_first_conversation_sent_twice_is_one_course(town: Town) -> None:
    helper = town.client()
    where, sent = registered(helper, town) + "/first-conversation", first_talk()
    first, second = (post(helper, where, sent) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert [count(town, model) for model in (Citizen, Course, Conversation, Responsibility)] == [1, 1, 1, 1]
    assert helper.get(where).location == first.location


def test_two_helpers_at_once_begin_one_course(app: Flask) -> None:
    town = make_town(app, extra_helpers=1)
    where = registered(town.client(), town) + "/first-conversation"
    clients, answers = [town.client(), town.client("helper2")], []
    threads = [
        threading.Thread(target=lambda c=client: answers.append(post(c, where, first_talk())))
        for client in clients
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert [count(town, model) for model in (Citizen, Course, Conversation, Responsibility)] == [1, 1, 1, 1]


def test_what_the_slower_of_two_wrote_is_shown_again(app: Flask) -> None:
    town = make_town(app, extra_helpers=1)
    where = registered(town.client(), town, words="Words of a contact") + "/first-conversation"
    course = post(town.client(), where, first_talk()).location
    answer = post(town.client("helper2"), where, first_talk(matters="Words that must survive", next_step=""))
    assert answer.status_code == 409 and "Somebody else has saved the first conversation" in answer.text
    assert "Words that must survive" in answer.text and f'href="{course}"' in answer.text
    # The contact has become a course: its words follow the circle.
    assert "Words of a contact" not in answer.text
    assert count(town, Conversation) == 1


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"name": ""}, "name", "Write the name the person wants to be called by"),
        ({"age_band": ""}, "age_band", "Choose one"),
        ({"matters": "", "happened": " "}, "matters", "Write something under one of the two questions"),
        ({"next_step": ""}, "next_step", "Write what you agreed on"),
        ({"next_date": "2020-01-01"}, "next_date", "This day has passed"),
    ],
)
def test_a_mistake_in_the_first_conversation(town: Town, typed: dict[str, str], field: str, message: str) -> None:
    helper = town.client()
    where = registered(helper, town)
    answer = post(helper, f"{where}/first-conversation", first_talk(**{"phone": "000 99 999", **typed}))
    assert answer.status_code == 422 and f'id="{field}-error">{message}' in answer.text
    assert "000 99 999" in answer.text
    assert count(town, Course) == 0


def test_one_question_is_enough(town: Town) -> None:
    begun(town.client(), town, matters="")
    begun(town.client(), town, happened="")
    assert count(town, Conversation) == 2


def test_anyone_may_hold_the_conversation_and_is_then_responsible(app: Flask) -> None:
    town = make_town(app, extra_helpers=1)
    where = registered(town.client(), town)
    answer = post(town.client("helper2"), f"{where}/first-conversation", first_talk())
    assert answer.status_code == 303
    colleague = town.people["helper2"].membership_id
    assert rows(town, select(Responsibility.membership_id)) == [(colleague,)]
    assert rows(town, select(Contact.membership_id)) == [(colleague,)]
    assert count(town, Notice) == 1


def test_a_scale_is_one_tap_away(town: Town) -> None:
    helper = town.client()
    where = registered(helper, town) + "/first-conversation"
    page = get(helper, where)
    assert page.count('name="then"') == 2 and "Save and hand over the outcome scale" in page
    answer = post(helper, where, first_talk(then="outcome"))
    assert answer.status_code == 303 and "/my/scale/" in answer.location
    scale = get(town.app.test_client(), answer.location)
    assert "How have things been for you this past week?" in scale and "Invented Person" not in scale
    asked = rows(town, select(ScaleRequest.course_id, ScaleRequest.conversation_id))
    assert [tuple(row) for row in asked] == rows(town, select(Conversation.course_id, Conversation.id))


def test_what_another_feature_does_not_offer_is_just_saved(town: Town) -> None:
    town.client("administrator").post(town.path("/settings/features/feedback"), data={"on": "0"})
    helper = town.client()
    where = registered(helper, town) + "/first-conversation"
    assert 'name="then"' not in get(helper, where)
    assert "/courses/" in post(helper, where, first_talk(then="outcome")).location


def test_what_does_not_exist_goes_on_without_saying_who_missed_it(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[object] = []
    monkeypatch.setattr(commands, "publish", heard.append)
    helper = town.client()
    where, sent = registered(helper, town) + "/first-conversation", first_talk(missing="A swimming club for two")
    for _ in range(2):
        assert post(helper, where, sent).status_code == 303
    assert heard == [UnmetNeed("A swimming club for two", "conversation")]
    begun(helper, town)
    assert len(heard) == 1
