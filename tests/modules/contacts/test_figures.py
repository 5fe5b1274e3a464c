"""The leader's figures about the door, and the lists behind them."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.types import utcnow
from modules.citizens.figures import this_year
from modules.contacts import counts
from modules.contacts.models import Contact
from tests.modules.contacts.test_indicators import first_contacts
from tests.modules.door import add_door, begun, get, id_in, registered, rows
from tests.modules.lives import PERIODS, write_lives
from tests.people import Town


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.id)
def test_every_figure_counted_a_second_time(town: Town, period) -> None:
    lives = write_lives(town, 21)
    with town.app.app_context(), tenant_scope(town.tenant_id, read_only=True):
        found = counts.measure(period)
        people = first_contacts(lives, period)
        for days in counts.DAYS:
            wait = timedelta(days=days)
            met = [
                c for c in people if c.first_conversation_at and c.first_conversation_at - c.received_at <= wait
            ]
            assert (found.met[days].numerator, found.met[days].eligible) == (len(met), len(people))
            for part, expected in (("met", met), ("unmet", [c for c in people if c not in met])):
                reader = town.leader.membership_id
                listed = counts.list_first_contacts(period, part, wait, reader, 1)
                assert [row.id for row in listed] == [
                    c.id for c in sorted(expected, key=lambda c: (-c.received_at.timestamp(), c.id))
                ][:50]
                assert not listed or listed[0].total == len(expected)
        assert found.own.numerator == sum(c.made_by == "self" for c in people)
        assert found.waiting == sum(c.first_conversation_at is None for c in lives.contacts)
        by_door = counts.count_by_door(period)
        assert sum(by_door.values()) == found.received
        assert set(by_door) <= {(town.unit_id, "call")}


def test_each_figure_opens_its_list(town: Town) -> None:
    leader = town.client("leader")
    registered(leader, town, name="Vilde Oppdiktet")
    page = get(leader, town.path("/steering"))
    for title, where in (
        ("Waiting now", "/contacts"),
        ("Met within 1 day", "/contacts/figures/people?days=1&amp;part=unmet"),
        ("Met within 7 days", "/contacts/figures/people?days=7&amp;part=unmet"),
        ("Met within 14 days", "/contacts/figures/people?days=14&amp;part=unmet"),
        ("Contacts this year", "/contacts/figures/doors"),
        ("Made contact themselves", "/contacts/figures/people?part=self"),
    ):
        assert f'href="{town.path(where)}">{title}</a>' in page
    assert "Vilde Oppdiktet" in get(leader, town.path("/contacts/figures/people?part=self"))
    assert "Nobody here" in get(leader, town.path("/contacts/figures/people?part=others"))
    for nonsense in ("?days=x&part=y", "?page=99"):
        assert leader.get(town.path(f"/contacts/figures/people{nonsense}")).status_code in (200, 303)
    for end in ("doors", "people"):
        assert town.client("helper").get(town.path(f"/contacts/figures/{end}")).status_code == 403


def test_doors_and_ways_lead_to_their_contacts(town: Town) -> None:
    leader = town.client("leader")
    assert "No contacts this year" in get(leader, town.path("/contacts/figures/doors"))
    add_door(town, "nord", "The northern door")
    registered(leader, town, name="Vilde Oppdiktet", door="nord", channel="drop_in")
    registered(leader, town, name="Sara Oppdiktet", door="hjelpa")
    page = get(leader, town.path("/contacts/figures/doors"))
    assert f"2 contacts have been received in {this_year().id}." in page
    link = re.search(r'href="([^"]*door=nord[^"]*channel=drop_in[^"]*)">1</a>', page)
    assert link
    listed = get(leader, link[1].replace("&amp;", "&"))
    assert "Vilde Oppdiktet" in listed and "Sara Oppdiktet" not in listed


def test_the_list_behind_shows_names_to_those_closest_only(town: Town) -> None:
    begun(town.client(), town, name="Sara Oppdiktet")
    page = get(town.client("leader"), town.path("/contacts/figures/people"))
    assert "Sara Oppdiktet" not in page and "Course of help" in page


def test_people_who_came_lately_are_neither_met_nor_unmet(town: Town) -> None:
    leader = town.client("leader")
    where = registered(leader, town, name="Vilde Oppdiktet")
    for part, shown in (("recent", True), ("unmet", False), ("met", False)):
        page = get(leader, town.path(f"/contacts/figures/people?days=7&part={part}"))
        assert ("Vilde Oppdiktet" in page) == shown
    long_ago = utcnow() - timedelta(days=8)
    with town.app.app_context(), tenant_scope(town.tenant_id):
        db.session.execute(update(Contact).where(Contact.id == id_in(where)).values(received_at=long_ago))
        db.session.commit()
    assert rows(town, select(Contact.received_at))[0][0] == long_ago
    shown = long_ago.year == utcnow().year
    assert ("Vilde Oppdiktet" in get(leader, town.path("/contacts/figures/people?days=7&part=unmet"))) == shown
