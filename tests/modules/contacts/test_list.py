"""Who waits: the list, its order and its search, and what other pages know of it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from modules.contacts.models import CHANNELS, MADE_BY, Contact
from modules.contacts.queries import list_contacts, list_today
from modules.contacts.rules import stands_today
from tests.modules.door import add_door, first_talk, get, post, registered, rows
from tests.people import Town, make_town


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
    mine = town.helper.membership_id
    assert mine
    registered(town.client(), town, name="Mine")
    registered(town.client("helper2"), town, name="Theirs")
    registered(town.client(), town, name="Unanswered")
    with app.app_context(), tenant_scope(town.tenant_id):
        db.session.execute(update(Contact).where(Contact.name == "Unanswered").values(answered_at=None))
        db.session.commit()
    agreed = rows(town, select(Contact.name, Contact.membership_id, Contact.next_step_at, Contact.answered_at))
    for now in (utcnow(), utcnow() + timedelta(days=1)):
        wanted = {
            name
            for name, who, at, answered in agreed
            if stands_today(at, now, mine=who == mine, answered=answered is not None)
        }
        with app.app_context(), tenant_scope(town.tenant_id, read_only=True):
            assert {row.name for row in list_today(mine, now, limit=9)} == wanted
    assert wanted == {"Mine", "Unanswered"}


MOMENTS = st.integers(0, 5000).map(
    lambda minutes: datetime(2026, 3, 2, 8, tzinfo=UTC) + timedelta(minutes=minutes)
)
PEOPLE = st.lists(
    st.tuples(MOMENTS, MOMENTS, st.sampled_from(CHANNELS), st.sampled_from(MADE_BY), st.text("ab", max_size=3)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=12, deadline=None)
@given(people=PEOPLE, answered=st.booleans())
def test_nothing_but_arrival_or_the_agreed_time_decides_the_order(
    app: Flask, people: list[tuple[Any, ...]], answered: bool
) -> None:
    town = make_town(app)
    with app.app_context(), tenant_scope(town.tenant_id):
        written = [
            Contact(
                unit_id=town.unit_id,
                received_at=came,
                next_step_at=agreed,
                channel=channel,
                made_by=made_by,
                consent=True,
                name=name,
                words=name,
                next_step="",
                membership_id=town.helper.membership_id,
                answered_at=max(came, agreed) if answered else None,
            )
            for came, agreed, channel, made_by, name in people
        ]
        db.session.add_all(written)
        db.session.flush()
        reader = town.leader.membership_id
        assert reader
        for order, column in (("arrival", "received_at"), ("agreed", "next_step_at")):
            listed = [row.id for row in list_contacts("waiting", "", reader, 1, order=order)]
            assert listed == [c.id for c in sorted(written, key=lambda c: (getattr(c, column), c.id))]
        db.session.rollback()


def test_the_list_says_whose_move_it_is_and_offers_to_call(town: Town) -> None:
    helper = town.client()
    where = registered(helper, town, name="Eline Oppdiktet")
    page = get(helper, town.path("/contacts"))
    assert town.helper.name in page and "The longest wait is on top." in page
    assert f'href="{where}/agreement"' in page
    assert "The next agreed time is on top." in get(helper, town.path("/contacts?order=agreed"))
    assert "/agreement" not in get(helper, town.path("/contacts?show=all"))


def test_one_door_of_several_and_one_way(town: Town) -> None:
    helper = town.client()
    other = add_door(town, "nord", "The northern door")
    registered(helper, town, name="Sør Oppdiktet", door="hjelpa")
    registered(helper, town, name="Nord Oppdiktet", door="nord", channel="write")
    assert other in {unit for (unit,) in rows(town, select(Contact.unit_id))}
    names = r"<bdi>(.*?)</bdi>"
    year = utcnow().astimezone(LOCAL).year
    for query, found in (
        ("?door=nord", ["Nord Oppdiktet"]),
        ("?channel=call", ["Sør Oppdiktet"]),
        (f"?show=all&door=nord&channel=write&year={year}", ["Nord Oppdiktet"]),
        (f"?year={year - 1}", []),
        ("?channel=x&door=y&year=zzzz", ["Sør Oppdiktet", "Nord Oppdiktet"]),
    ):
        page = get(helper, town.path(f"/contacts{query}"))
        assert re.findall(names, page) == found, query
    assert "The northern door" in page
