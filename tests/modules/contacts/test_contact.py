"""One contact: reading it, taking it over, and who may."""

import re
import uuid

import pytest
from flask import Flask
from sqlalchemy import select

from modules.contacts.models import Contact
from tenants.audit.models import AccessLogEntry
from tenants.notices.models import Notice
from tests.modules.door import begun, citizen_of, first_talk, get, id_in, post, registered, rows, tomorrow
from tests.people import Town, make_town

MISSING = str(uuid.uuid4())


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


def agreement(page: str, **typed: str) -> dict[str, str]:
    """The form for an agreement as it was shown, filled in."""
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    assert seen
    return {"seen": seen, "next_step": "We talk at noon", "next_date": tomorrow(), "next_time": "12:00", **typed}


def test_anyone_may_call_anyone_at_once(app: Flask) -> None:
    town = make_town(app, extra_helpers=1)
    where, colleague = registered(town.client(), town, phone="000 55 555"), town.client("helper2")
    page = get(colleague, f"{where}/agreement")
    assert 'href="tel:00055555"' in page and "I would like to talk with somebody." in page
    assert re.search(r'name="next_time"[^>]*value="\d\d:\d\d"', page)
    sent = agreement(page)
    for _ in range(2):
        assert post(colleague, f"{where}/agreement", sent).location == where
    held = rows(town, select(Contact.membership_id, Contact.next_step))
    assert held == [(town.people["helper2"].membership_id, "We talk at noon")]
    assert rows(town, select(Notice.membership_id, Notice.kind)) == [
        (town.helper.membership_id, "contacts.taken_over")
    ]
    assert "We talk at noon" in get(town.client(), where)


def test_the_slower_of_two_sees_what_the_other_agreed_on(app: Flask) -> None:
    town = make_town(app, extra_helpers=1)
    where = registered(town.client(), town)
    first, second = town.client(), town.client("helper2")
    slow = agreement(get(second, f"{where}/agreement"), next_step="Words that must survive")
    assert post(first, f"{where}/agreement", agreement(get(first, f"{where}/agreement"))).status_code == 303
    answer = post(second, f"{where}/agreement", slow)
    assert answer.status_code == 409 and "Somebody else has agreed on something meanwhile" in answer.text
    assert "Words that must survive" in answer.text and town.helper.name in answer.text
    assert rows(town, select(Contact.next_step)) == [("We talk at noon",)]
    # Having seen it, one may still do it.
    again = agreement(answer.text, next_step="Words that must survive")
    assert post(second, f"{where}/agreement", again).status_code == 303
    assert rows(town, select(Contact.next_step)) == [("Words that must survive",)]


def test_an_agreement_needs_a_step_and_a_time_to_come(town: Town) -> None:
    where = registered(town.client(), town)
    page = get(town.client(), f"{where}/agreement")
    for typed in ({"next_step": ""}, {"next_date": "2020-01-01"}, {"next_time": ""}):
        answer = post(town.client(), f"{where}/agreement", agreement(page, **typed))
        assert answer.status_code == 422 and "-error" in answer.text
    assert rows(town, select(Contact.next_step)) == [("We meet at the office",)]


def test_a_contact_that_has_become_a_course_is_no_longer_agreed_on(town: Town) -> None:
    helper = town.client()
    where = registered(helper, town)
    course = post(helper, f"{where}/first-conversation", first_talk()).location
    assert helper.get(f"{where}/agreement").location == course
    assert post(helper, f"{where}/agreement", {"seen": "x"}).location == course
