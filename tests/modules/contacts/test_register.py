"""Registering a contact: under a minute, with every mistake told where it is."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from modules.citizens.models import Course
from modules.contacts.models import Contact
from tests.modules.door import add_door, contact, count, first_talk, get, id_in, post, registered, rows, tomorrow
from tests.people import Town


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"made_by": ""}, "made_by", "Choose one"),
        ({"made_by": "nobody"}, "made_by", "Choose one"),
        ({"channel": ""}, "channel", "Choose one"),
        ({"made_by": "for_someone"}, "consent", "Ask the person first"),
        ({"made_by": "with_service"}, "consent", "Ask the person first"),
        ({"words": "   "}, "words", "Write a few of the person"),
        ({"words": "x" * 20_001}, "words", "At most 20"),
        ({"name": "x" * 201}, "name", "At most 200 characters"),
        ({"phone": "1" * 41}, "phone", "At most 40 characters"),
        ({"next_step": ""}, "next_step", "Write what you agreed on"),
        ({"next_date": ""}, "next_date", "Choose a date"),
        ({"next_date": "31.31.2026"}, "next_date", "Write the date like this"),
        ({"next_date": "2020-01-01"}, "next_date", "This day has passed"),
        ({"next_date": "0001-01-01"}, "next_date", "This day has passed"),
        ({"next_date": "9999-12-31"}, "next_date", "more than two years away"),
        ({"next_time": ""}, "next_time", "Write a time"),
        ({"next_time": "half past"}, "next_time", "Write the time like this"),
        ({"received_date": "2020-01-01"}, "received_time", "Write a time"),
        ({"received_time": "10:00"}, "received_date", "Choose a date"),
        ({"received_date": "2020-01-01", "received_time": "10"}, "received_date", "more than 90 days ago"),
        ({"received_date": "9999-12-31", "received_time": "10"}, "received_date", "This day has not come yet"),
        ({"received_date": "0001-01-01", "received_time": "0"}, "received_date", "more than 90 days ago"),
        ({"received_date": "nonsense", "received_time": "10"}, "received_date", "Write the date like this"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_is_lost(
    town: Town, typed: dict[str, str], field: str, message: str
) -> None:
    sent = contact(**{"words": "Words that must survive", "next_step": "A step that must survive", **typed})
    answer = post(town.client(), town.path("/contacts/new"), sent)
    assert answer.status_code == 422
    said = re.search(rf'id="{field}-error">([^<]*)<', answer.text)
    assert said and message.replace("'", "&#39;") in said[1]
    assert f'href="#{field}"' in answer.text and "<title>Error:" in answer.text
    for name in ("words", "next_step", "key"):
        assert sent[name].strip() in answer.text
    assert count(town, Contact) == 0


def test_today_but_earlier_is_told_at_the_time(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    noon = utcnow().astimezone(LOCAL).replace(hour=12, minute=0)
    monkeypatch.setattr("modules.contacts.routes.utcnow", lambda: noon)
    typed = {"next_date": noon.date().isoformat(), "next_time": "11:59"}
    answer = post(town.client(), town.path("/contacts/new"), contact(**typed))
    assert answer.status_code == 422 and 'id="next_time-error">This time has passed' in answer.text
    assert registered(town.client(), town, next_date=noon.date().isoformat(), next_time="12:00")


def test_a_contact_typed_in_later_has_waited_since_it_came(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    noon = utcnow().astimezone(LOCAL).replace(hour=12, minute=0, second=40)
    monkeypatch.setattr("modules.contacts.routes.utcnow", lambda: noon)
    helper, earlier = town.client(), (noon - timedelta(days=3)).date().isoformat()
    where = registered(helper, town, received_date=earlier, received_time="08:15")
    assert "Has waited 3 days." in get(helper, where)
    received = rows(town, select(Contact.received_at))[0][0].astimezone(LOCAL)
    assert received.isoformat()[:16] == f"{earlier}T08:15"
    today = {"received_date": noon.date().isoformat()}
    answer = post(helper, town.path("/contacts/new"), contact(**today, received_time="12:01"))
    assert answer.status_code == 422 and 'id="received_time-error">This time has not come yet' in answer.text
    assert '<details class="ds-details" open' in answer.text
    where = registered(helper, town, **today, received_time="12:00")
    assert "Came today." in get(helper, where)


def test_consent_lets_others_make_contact(town: Town) -> None:
    for who in ("for_someone", "with_service"):
        registered(town.client(), town, made_by=who, consent="1")
    assert rows(town, select(Contact.consent)) == [(True,), (True,)]


def test_the_same_form_sent_twice_is_one_contact(town: Town) -> None:
    helper, sent = town.client(), contact()
    first, second = (post(helper, town.path("/contacts/new"), sent) for _ in range(2))
    assert first.location == second.location and count(town, Contact) == 1
    assert "The next step is yours" in get(helper, second.location)


@pytest.mark.parametrize(
    "other", [{"words": "Somebody else's words"}, {"name": "Another Person"}, {"next_time": "23:00"}]
)
def test_the_same_key_with_other_words_is_another_contact(town: Town, other: dict[str, str]) -> None:
    helper, sent = town.client(), contact()
    first, second = (post(helper, town.path("/contacts/new"), form) for form in (sent, {**sent, **other}))
    assert second.status_code == 303 and first.location != second.location
    assert count(town, Contact) == 2
    assert "Somebody else&#39;s words" in get(helper, second.location) or "words" not in other
    assert "I would like to talk with somebody." in get(helper, first.location)


def test_a_foreign_key_in_the_form_touches_nothing_of_theirs(town: Town, other_town: Town) -> None:
    theirs = registered(other_town.client(), other_town, name="Theirs")
    own = registered(town.client(), town, name="Ours", key=str(id_in(theirs)))
    assert id_in(own) == id_in(theirs)
    assert "Ours" in get(town.client(), own) and "Theirs" in get(other_town.client(), theirs)


def test_a_broken_key_is_replaced(town: Town) -> None:
    assert registered(town.client(), town, key="not a key")
    assert count(town, Contact) == 1


def test_dates_begin_today_and_the_person_themselves_calls(town: Town) -> None:
    page = get(town.client(), town.path("/contacts/new"))
    today = utcnow().astimezone(LOCAL).date()
    assert re.search(rf'name="next_date"[^>]*value="({today}|{tomorrow()})"', page)
    assert re.search(r'name="made_by" value="self" checked', page)


def test_the_door_is_asked_for_only_where_there_are_several(town: Town) -> None:
    helper = town.client()
    assert 'name="door"' not in get(helper, town.path("/contacts/new"))
    other = add_door(town, "nord", "The northern door")
    page = get(helper, town.path("/contacts/new"))
    assert re.search(r'name="door" value="hjelpa" checked', page) and "The northern door" in page
    assert post(helper, town.path("/contacts/new"), contact(door="nowhere")).status_code == 422
    where = registered(helper, town, door="nord")
    assert rows(town, select(Contact.unit_id)) == [(other,)]
    assert "The northern door" in get(helper, where)
    post(helper, f"{where}/first-conversation", first_talk())
    assert rows(town, select(Course.unit_id)) == [(other,)]


def test_words_that_nobody_sees_are_no_words(town: Town) -> None:
    answer = post(town.client(), town.path("/contacts/new"), contact(words="\u200b\u200d"))
    assert answer.status_code == 422 and 'id="words-error">Write a few of the person' in answer.text
