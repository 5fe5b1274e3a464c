"""From somebody's first words to a course of help, through the pages that helpers use."""

import re
import threading
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from hjelpa.core.database import auth_session
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from modules.citizens.models import Citizen, Conversation, Course, Responsibility
from modules.contacts.models import Contact
from modules.contacts.queries import list_today
from modules.contacts.rules import stands_today
from tenants.audit.models import AccessLogEntry
from tenants.identity.models import Membership
from tenants.notices.models import Notice
from tests.modules.door import begun, citizen_of, contact, first_talk, get, id_in, post, registered, rows, tomorrow
from tests.people import Town, make_town

MISSING = str(uuid.uuid4())


def count(town: Town, model: type) -> int:
    return int(rows(town, select(func.count()).select_from(model))[0][0])


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


def test_hostile_words_are_words(town: Town) -> None:
    helper = town.client()
    nasty = "<script>alert(1)</script> {{ 7*7 }} %(name)s 🙂 مرحبا ' \" \\ &amp; \x00\x07"
    long = "ø🙂" * 10_000
    where = registered(helper, town, name=nasty, words=long, next_step=nasty)
    page = get(helper, where)
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page
    assert "{{ 7*7 }} %(name)s 🙂 مرحبا" in page and long in page and "\x07" not in page
    listed = get(helper, town.path("/contacts"))
    assert "<script>alert" not in listed and "مرحبا" in listed
    course = begun(helper, town, name=nasty, matters=nasty, happened=long)
    for page in (get(helper, course), get(helper, course + "/reads"), get(helper, course + "/conversation")):
        assert "<script>alert" not in page


def test_taking_over_tells_whoever_had_it(app: Flask) -> None:
    town = make_town(app, extra_helpers=1)
    where = registered(town.client(), town)
    colleague = town.client("helper2")
    assert "Take over" in get(colleague, where) and "Take over" not in get(town.client(), where)
    for _ in range(2):
        assert post(colleague, f"{where}/take-over", {}).status_code == 303
    assert rows(town, select(Contact.membership_id)) == [(town.people["helper2"].membership_id,)]
    assert rows(town, select(Notice.membership_id, Notice.kind)) == [
        (town.helper.membership_id, "contacts.taken_over")
    ]
    told = get(town.client(), town.path("/notices"))
    assert f"{town.people['helper2'].name} has taken over a contact that was yours" in told
    assert "Invented Person" not in told


def test_anyone_may_hold_the_conversation_and_is_then_responsible(app: Flask) -> None:
    town = make_town(app, extra_helpers=1)
    where = registered(town.client(), town)
    answer = post(town.client("helper2"), f"{where}/first-conversation", first_talk())
    assert answer.status_code == 303
    colleague = town.people["helper2"].membership_id
    assert rows(town, select(Responsibility.membership_id)) == [(colleague,)]
    assert rows(town, select(Contact.membership_id)) == [(colleague,)]
    assert count(town, Notice) == 1


def test_a_contact_that_became_a_course_follows_the_circle(app: Flask) -> None:
    town = make_town(app, extra_helpers=1)
    helper, colleague = town.client(), town.client("helper2")
    where = registered(helper, town, name="Sara Oppdiktet")
    assert "Sara Oppdiktet" in get(colleague, where)
    post(helper, f"{where}/first-conversation", first_talk(name="Sara Oppdiktet"))
    answer = colleague.get(where)
    assert answer.status_code == 303 and answer.location.endswith("/reason")
    listed = get(colleague, town.path("/contacts?show=met"))
    assert "Sara Oppdiktet" not in listed and "Course of help" in listed
    assert "Sara Oppdiktet" in get(helper, town.path("/contacts?show=met"))
    # A search must not tell what the list hides.
    assert "Nobody found" in get(colleague, town.path("/contacts?show=all&q=Sara"))
    assert "Sara Oppdiktet" in get(helper, town.path("/contacts?show=all&q=sARA"))


def test_words_in_the_search_stand_for_themselves(town: Town) -> None:
    helper = town.client()
    registered(helper, town, name="100 % Oppdiktet")
    registered(helper, town, name="Under_strek / skråstrek")
    for words, hits in (("%", 1), ("_", 1), ("/", 1), ("%_%", 0), ("{0}", 0), ("pp", 1), ("'; drop table", 0)):
        page = helper.get(town.path("/contacts"), query_string={"q": words, "lang": "en"}).text
        assert page.count('<th scope="row">') == hits, words


def test_the_list_is_in_order_of_arrival_and_nothing_else(app: Flask) -> None:
    town = make_town(app, extra_helpers=1)
    kinds = [
        ("self", "call", ""),
        ("for_someone", "write", "1"),
        ("with_service", "drop_in", "1"),
        ("self", "call_me", ""),
    ]
    names = [f"Person {letter}" for letter in "dcabzy"]
    for number, name in enumerate(names):
        who, channel, consent = kinds[number % 4]
        day = (utcnow() + timedelta(days=20 - number)).date().isoformat()
        typed = {
            "made_by": who,
            "channel": channel,
            "name": name,
            "next_date": day,
            "words": "w" * (number * 7 % 5 + 1),
        }
        registered(
            town.client("helper2" if number % 2 else "helper"),
            town,
            **typed,
            **({"consent": consent} if consent else {}),
        )
    assert re.findall(r"<bdi>(.*?)</bdi>", get(town.client(), town.path("/contacts"))) == names
    assert re.findall(r"<bdi>(.*?)</bdi>", get(town.client(), town.path("/contacts?show=all"))) == names[::-1]


def test_today_search_and_the_leaders_page_know_of_it(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    helper, leader = town.client(), town.client("leader")
    registered(helper, town, name="Eline Oppdiktet")
    assert "Eline Oppdiktet" not in get(helper, town.path("/"))  # agreed for tomorrow
    monkeypatch.setattr("modules.contacts.figures.utcnow", lambda: utcnow() + timedelta(days=1))
    today = get(helper, town.path("/"))
    assert "Eline Oppdiktet" in today and "We meet at the office" in today
    assert "Eline Oppdiktet" not in get(leader, town.path("/"))
    assert "Eline Oppdiktet" in get(leader, town.path("/search?q=eline"))
    assert "Nothing found" in get(town.client("administrator"), town.path("/search?q=eline"))
    figures = get(leader, town.path("/steering"))
    assert re.search(r"Waiting now</a></p>\s*<p class=\"number-value\">1<", figures)


def test_today_shows_what_the_rule_says(app: Flask) -> None:
    town = make_town(app, extra_helpers=1)
    mine, left = town.helper.membership_id, town.people["helper2"].membership_id
    assert mine and left
    registered(town.client(), town, name="Mine")
    registered(town.client("helper2"), town, name="Theirs")
    agreed = rows(town, select(Contact.membership_id, Contact.next_step_at))
    for gone in (False, True):
        if gone:
            with town.app.app_context():
                auth_session.execute(update(Membership).where(Membership.id == left).values(ended_at=utcnow()))
                auth_session.commit()
        for now in (utcnow(), utcnow() + timedelta(days=1)):
            wanted = {
                "Mine" if who == mine else "Theirs"
                for who, at in agreed
                if stands_today(at, now, mine=who == mine, deserted=gone and who == left)
            }
            with town.app.app_context(), tenant_scope(town.tenant_id, read_only=True):
                assert {row.name for row in list_today(mine, now, limit=9)} == wanted
    assert "Contact that nobody is responsible for" in get(town.client(), town.path("/"))


def test_reading_a_contact_that_waits_is_written_down(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    town = make_town(app, extra_helpers=1)
    helper, colleague = town.client(), town.client("helper2")
    where = registered(helper, town, name="Sara Oppdiktet", phone="000 55 555")
    for end in ("", "/first-conversation"):
        get(colleague, where + end)
    post(colleague, f"{where}/first-conversation", first_talk(name=""))  # a mistake, shown again with the words
    entry = (
        AccessLogEntry.membership_id,
        AccessLogEntry.subject_kind,
        AccessLogEntry.subject_id,
        AccessLogEntry.page,
    )
    me = town.people["helper2"].membership_id
    assert [tuple(row) for row in rows(town, select(*entry).order_by(AccessLogEntry.created_at))] == [
        (me, "contact", id_in(where), f"contacts.{page}")
        for page in ("show", "first_conversation", "hold_first_conversation")
    ]
    # Whoever read it while it waited stands in the list of the course that it became, and of the next one too.
    course = post(helper, f"{where}/first-conversation", first_talk(name="Sara Oppdiktet")).location
    again = registered(helper, town, name="Sara Oppdiktet")
    known = str(citizen_of(town, course))
    later = post(helper, f"{again}/first-conversation", first_talk(name="Sara Oppdiktet", known=known)).location
    for page in (get(helper, f"{course}/reads"), get(helper, f"{later}/reads")):
        assert page.count(f"{town.people['helper2'].name} read a page under “Contacts”") == 3

    def refuse(*args: object, **values: object) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr("modules.contacts.routes.record_read", refuse)
    waiting = registered(helper, town, name="Vilde Oppdiktet")
    for end in ("", "/first-conversation"):
        answer = helper.get(waiting + end)
        assert answer.status_code == 500 and "Vilde" not in answer.text


def test_an_administrator_sees_nothing_of_citizens(town: Town) -> None:
    where, administrator = registered(town.client(), town), town.client("administrator")
    for path in (town.path("/contacts"), town.path("/contacts/new"), where, town.path("/courses")):
        assert administrator.get(path).status_code == 403
    assert "/contacts" not in get(administrator, town.path("/"))


def test_what_is_not_there_is_not_there(town: Town, other_town: Town) -> None:
    theirs = registered(other_town.client(), other_town)
    for end in ("", "/first-conversation"):
        for thing in (str(id_in(theirs)), MISSING):
            assert town.client().get(town.path(f"/contacts/{thing}{end}")).status_code == 404
    for end in ("/take-over", "/first-conversation"):
        for thing in (str(id_in(theirs)), MISSING):
            assert post(town.client(), town.path(f"/contacts/{thing}{end}"), first_talk()).status_code == 404


def test_a_foreign_key_in_the_form_touches_nothing_of_theirs(town: Town, other_town: Town) -> None:
    theirs = registered(other_town.client(), other_town, name="Theirs")
    own = registered(town.client(), town, name="Ours", key=str(id_in(theirs)))
    assert id_in(own) == id_in(theirs)
    assert "Ours" in get(town.client(), own) and "Theirs" in get(other_town.client(), theirs)


def test_a_broken_key_is_replaced(town: Town) -> None:
    assert registered(town.client(), town, key="not a key")
    assert count(town, Contact) == 1


def test_nothing_asks_for_severity_duration_diagnosis_or_referral(town: Town) -> None:
    helper = town.client()
    where = registered(helper, town)
    for page in (get(helper, town.path("/contacts/new")), get(helper, f"{where}/first-conversation")):
        assert not re.search(r"sever|urgen|priorit|diagnos|referral|duration", page, re.I)


def test_dates_begin_today_and_the_person_themselves_calls(town: Town) -> None:
    page = get(town.client(), town.path("/contacts/new"))
    today = utcnow().astimezone(LOCAL).date()
    assert re.search(rf'name="next_date"[^>]*value="({today}|{tomorrow()})"', page)
    assert re.search(r'name="made_by" value="self" checked', page)
