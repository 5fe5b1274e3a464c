"""Where courses are found: lists, search, today and the leader’s figures."""

import re
import uuid
from datetime import timedelta

import pytest
from flask import Flask

from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.types import utcnow
from modules.citizens.commands import add_conversation, begin_course
from modules.citizens.models import Conversation
from tests.modules.door import begun, get, post, registered, talk
from tests.people import Town, make_town
from tests.statements import counted_statements


def test_search_finds_the_own_circle_by_name_and_number(pair: Town) -> None:
    begun(pair.client(), pair, name="Vilde Oppdiktet", phone="000 12 345")
    for words in ("vilde", "OPPDIK", "00012", "000 12"):
        assert "Vilde Oppdiktet" in get(pair.client(), pair.path(f"/search?q={words}"))
        assert "Nothing found" in get(pair.client("helper2"), pair.path(f"/search?q={words}"))
    for words in ("%25%25", "__", "vi_de"):
        assert "Nothing found" in get(pair.client(), pair.path(f"/search?q={words}"))


def test_today_shows_agreements_when_their_day_has_come(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    helper = town.client()
    begun(helper, town, name="Vilde Oppdiktet")
    over = begun(helper, town, name="Over and Done")
    post(helper, f"{over}/ending", {"ending": "mutual"})
    assert "Vilde Oppdiktet" not in get(helper, town.path("/"))
    monkeypatch.setattr("modules.citizens.figures.utcnow", lambda: utcnow() + timedelta(days=1))
    today = get(helper, town.path("/"))
    assert "Vilde Oppdiktet" in today and "A walk together" in today and "Over and Done" not in today
    assert "Vilde Oppdiktet" not in get(town.client("leader"), town.path("/"))
    # The latest agreement counts: a new one further away takes the old one's place.
    course = re.findall(rf"{town.path('/courses/')}[0-9a-f-]{{36}}", today)[0]
    later = (utcnow() + timedelta(days=9)).date().isoformat()
    post(helper, f"{course}/conversation", talk(next_date=later))
    assert "Vilde Oppdiktet" not in get(helper, town.path("/"))


def test_the_leaders_figures(town: Town) -> None:
    course = begun(town.client(), town)
    begun(town.client(), town)
    post(town.client(), f"{course}/ending", {"ending": "unilateral"})
    page = get(town.client("leader"), town.path("/steering"))
    assert re.search(r"People helped this year</a></p>\s*<p class=\"number-value\">2<", page)
    assert re.search(r"Open courses</a></p>\s*<p class=\"number-value\">1<", page)


def test_lists_cost_the_same_at_any_length(town: Town) -> None:
    helper = town.client()
    course = begun(helper, town)
    waiting = registered(helper, town, name="Person 119-1").removeprefix(town.path(""))
    fill_up(town, 1)
    wheres = [
        waiting,
        f"{waiting}/first-conversation",
        f"{course.removeprefix(town.path(''))}/reads",
        "/courses",
        "/courses?show=ended",
        "/contacts?show=all",
        "/contacts",
        course.removeprefix(town.path("")),
    ]
    few = [statements(town, where) for where in wheres]
    fill_up(town, 119)
    assert [statements(town, where) for where in wheres] == few
    assert max(few) <= 12
    pages = [get(helper, town.path(f"/courses?page={number}")) for number in (1, 2, 3)]
    names = [re.findall(r"<bdi>(.*?)</bdi>", page) for page in pages]
    assert [len(page) for page in names] == [50, 50, 21]
    assert len({name for page in names for name in page}) == 121
    assert "121 courses" in pages[0] and 'aria-label="Page 3"' in pages[0]
    assert helper.get(town.path("/courses?page=99")).status_code == 303


def statements(town: Town, where: str) -> int:
    client = town.client()
    with counted_statements() as found:
        assert client.get(town.path(where)).status_code == 200
    return len(found)


def fill_up(town: Town, number: int) -> None:
    with town.app.app_context(), tenant_scope(town.tenant_id):
        for count in range(number):
            course_id = begin_course(
                name=f"Person {number}-{count}", phone="", age_band="child", helper_id=helper_of(town), at=utcnow()
            )
            db.session.add(
                Conversation(course_id=course_id, membership_id=helper_of(town), held_at=utcnow(), matters="Words")
            )
        db.session.commit()


def helper_of(town: Town) -> uuid.UUID:
    assert town.helper.membership_id is not None
    return town.helper.membership_id


def test_the_figure_of_people_helped_opens_the_people(app: Flask) -> None:
    town = make_town(app, extra_helpers=1)
    own = begun(town.client("leader"), town, name="Mina Oppdiktet")
    post(town.client("leader"), f"{own}/conversation", talk())
    post(town.client("leader"), f"{own}/ending", {"ending": "mutual"})
    hidden = begun(town.client("helper2"), town, name="Nora Oppdiktet")
    with app.app_context(), tenant_scope(town.tenant_id):
        # Somebody met last year only, and nobody met at all: neither counts.
        for name in ("Earlier Oppdiktet", "Never Oppdiktet"):
            who = {"name": name, "phone": "", "age_band": "adult"}
            course_id = begin_course(**who, helper_id=town.leader.membership_id, at=utcnow() - timedelta(days=800))
            if name.startswith("Earlier"):
                at = utcnow() - timedelta(days=700)
                said = {"matters": "Then", "happened": "", "next_step": "", "next_step_at": None}
                key, helper_id = uuid.uuid4(), town.leader.membership_id
                add_conversation(course_id, key=key, helper_id=helper_id, at=at, **said)
        db.session.commit()
    leader, where = town.client("leader"), town.path("/courses/figures/helped")
    assert f'href="{where}"' in get(leader, town.path("/steering"))
    page = get(leader, where)
    assert "2 people have had a conversation" in page and "Oppdiktet" in page
    assert page.count(f'href="{own}"') == 1 and page.count(f'href="{hidden}"') == 1
    assert "Mina Oppdiktet" in page and "Nora" not in page and "Earlier" not in page and "Never" not in page
    assert page.index(hidden) < page.index(own)
    assert leader.get(f"{where}?page=2").status_code == 303
    assert town.client("helper2").get(where).status_code == 403
