"""A child's plan: who decides, who has access, and what nobody is shown."""

import re
import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from modules.citizens.models import CircleReason
from modules.plans import commands, queries, writing
from modules.plans.models import Area, Goal, Plan
from modules.plans.models_access import Address, Adult, Change
from modules.plans.rules import Author
from modules.plans.views import today
from tests.modules.door import citizen_of, get, post, rows
from tests.modules.plans.test_plan import plan_of, version_in
from tests.people import Town


@pytest.fixture
def client(town: Town) -> FlaskClient:
    return town.client()


def adult(**typed: str) -> dict[str, str]:
    return {
        "key": str(uuid.uuid4()),
        "name": "Invented Mum",
        "relation": "Mum",
        "contact": "000 11 222",
        "agreed": "1",
        **typed,
    }


def decided(town: Town, age: str) -> None:
    assert post(town.client("administrator"), town.path("/plans/settings"), {"age": age}).status_code == 303


def child_plan(client: FlaskClient, town: Town, *, age: int = 8) -> str:
    decided(town, "15")
    where = plan_of(client, town, age_band="child")
    year = {"birth_year": str(today().year - age)}
    assert post(client, f"{where}/access/decides", year).status_code == 303
    return where


def test_nothing_is_suggested_until_the_municipality_has_decided(client: FlaskClient, town: Town) -> None:
    where = plan_of(client, town, age_band="child")
    assert "has not decided from which age" in get(client, f"{where}/access")
    assert client.post(f"{where}/access/adults/new", data=adult()).status_code == 303
    assert rows(town, select(Adult.id)) == []
    settings = get(town.client("administrator"), town.path("/plans/settings"))
    assert "must be decided here" in settings
    assert re.search(r'name="age"[^>]*value=""', settings)
    assert post(town.client("administrator"), town.path("/plans/settings"), {"age": "40"}).status_code == 422
    decided(town, "14")
    assert "Write the year of birth" in get(client, f"{where}/access")
    assert post(client, f"{where}/access/decides", {"birth_year": "1066"}).status_code == 422


def test_from_that_age_the_young_person_decides(client: FlaskClient, town: Town) -> None:
    where = child_plan(client, town, age=8)
    assert "An adult decides for the child, until the year they turn 15." in get(client, f"{where}/access")
    year = {"birth_year": str(today().year - 15), "version": version_in(client, f"{where}/access/decides")}
    assert post(client, f"{where}/access/decides", year).status_code == 303
    assert "The young person decides, from the year they turn 15." in get(client, f"{where}/access")
    assert rows(town, select(Plan.decided_by)) == [("young",)]
    assert [new for (new,) in rows(town, select(Change.new).where(Change.part == "access"))] == ["adult", "young"]


def test_access_is_given_and_withdrawn_singly(client: FlaskClient, town: Town) -> None:
    where = child_plan(client, town)
    unasked = post(client, f"{where}/access/adults/new", adult(agreed=""))
    assert unasked.status_code == 422 and "has said yes" in unasked.text
    mum, dad = adult(), adult(name="Invented Dad", relation="Dad")
    for sent in (mum, dad, dad):
        assert post(client, f"{where}/access/adults/new", sent).status_code == 303
    assert post(client, f"{where}/access/adults/{mum['key']}/withdraw", {}).status_code == 303
    open_now = rows(town, select(Adult.name).where(Adult.withdrawn_at.is_(None)))
    assert open_now == [("Invented Dad",)]
    told = get(client, f"{where}/history")
    assert "gave access to Invented Dad" in told and "withdrew access for Invented Mum" in told
    assert "000 11 222" not in told


def test_a_hidden_address_is_for_whoever_is_responsible(client: FlaskClient, town: Town) -> None:
    where = child_plan(client, town)
    mum = adult(protected="1", contact="hidden@invented.example")
    post(client, f"{where}/access/adults/new", mum)
    there = f"{where}/access/adults/{mum['key']}/address"
    hers = {"address": "Hemmeligveien 1", "protected": "1", "version": version_in(client, there)}
    assert post(client, there, hers).status_code == 303
    assert post(client, f"{where}/access/address", {"address": "Gjemt vei 2", "protected": "1"}).status_code == 303
    hidden = ("Hemmeligveien 1", "Gjemt vei 2", "hidden@invented.example")
    assert all(text in get(client, f"{where}/access") for text in hidden)
    for page in ("", "/canvas", "/history"):
        assert not any(text in get(client, where + page) for text in hidden)
    leader = town.client("leader")
    post(leader, town.path(f"/courses/{where.rsplit('/', 1)[1]}/reason"), {"reason": "Standing in for the helper"})
    assert rows(town, select(CircleReason.id))
    seen = get(leader, f"{where}/access")
    assert "Invented Mum" in seen and not any(text in seen for text in hidden)
    assert leader.get(there).status_code == 403 and leader.post(f"{where}/access/address").status_code == 403
    version = version_in(client, f"{where}/access/address")
    assert post(client, f"{where}/access/address", {"address": "", "version": version}).status_code == 303
    assert len(rows(town, select(Address.id))) == 1


def test_an_adults_plan_names_nobody(client: FlaskClient, town: Town) -> None:
    decided(town, "15")
    where = plan_of(client, town, age_band="adult")
    post(client, f"{where}/access/adults/new", adult())
    assert rows(town, select(Adult.id)) == []
    assert "The plan of an adult" in get(client, f"{where}/access")


def test_one_adult_never_sees_anothers_words(client: FlaskClient, town: Town) -> None:
    """Through every way of reading, and in the history too; the helper and the child see all."""
    where = child_plan(client, town)
    people = {}
    for name in ("Mum", "Dad"):
        sent = adult(name=name)
        post(client, f"{where}/access/adults/new", sent)
        people[name] = Author("adult", uuid.UUID(sent["key"]), name)
    citizen = citizen_of(town, where)
    with town.app.app_context(), tenant_scope(town.tenant_id):
        plan = db.session.scalars(select(Plan).where(Plan.citizen_id == citizen)).one()
        area = db.session.scalars(select(Area).where(Area.key == "home")).one()
        for name, author in people.items():
            found = queries.find_area(plan.id, area.id, author)
            assert found is not None
            said = {"works": f"words of {name}", "hard": "", "wish": ""}
            assert (
                commands.write_words(plan.id, area.id, found[1], author, sent_version=0, said=said, label="Home")
                is None
            )
            commands.add_part(
                Goal, plan.id, author, key=uuid.uuid4(), said={"words": f"goal of {name}", "state": "open"}
            )
        db.session.commit()
        helper, child = Author("member", uuid.uuid4(), "H", "S"), Author("citizen", uuid.uuid4(), "C")
        for reader in (*people.values(), helper, child):
            sheet = queries.read_sheet(plan.id, reader)
            words = {row.works for found in sheet.words.values() for row in found}
            words |= {goal.words for goal in sheet.goals}
            told = {change.new for change in queries.list_changes(plan.id, reader)}
            for name, author in people.items():
                own = reader.kind != "adult" or reader.id == author.id
                assert ({f"words of {name}", f"goal of {name}"} <= words) == own
                assert ({f"words of {name}", f"goal of {name}"} <= told) == own
        with pytest.raises(writing.NotYours):
            commands.change_part(plan, people["Mum"], sent_version=1, said={"matters": "mine"})
    assert "words of Mum" in get(client, f"{where}/canvas") and "In the own words of Mum" in get(
        client, f"{where}/canvas"
    )


def test_two_at_once_overwrite_no_address(client: FlaskClient, town: Town) -> None:
    where = child_plan(client, town)
    mum = adult()
    post(client, f"{where}/access/adults/new", mum)
    for there in (f"{where}/access/address", f"{where}/access/adults/{mum['key']}/address"):
        begun = version_in(client, there)
        assert post(client, there, {"address": "Gata 1", "protected": "1", "version": begun}).status_code == 303
        met = post(client, there, {"address": "Gata 2", "version": begun})
        assert met.status_code == 409
        shown = met.text[met.text.index('id="conflict"') :]
        assert "Gata 1" in shown and "Gata 2" in shown and "kept among the changes" not in shown
        seen = re.search(r'name="version" value="(\d+)"', met.text)
        assert seen is not None
        # The same words twice collide with nothing, and whoever has seen both saves on what stands there now.
        same = {"address": "Gata 1", "protected": "1", "version": begun}
        assert post(client, there, same).status_code == 303
        assert post(client, there, {"address": "Gata 2", "version": seen[1]}).status_code == 303
    assert sorted(rows(town, select(Address.address))) == [("Gata 2",), ("Gata 2",)]
    assert rows(town, select(Plan.protected)) == [(False,)]
    assert not [new for (new,) in rows(town, select(Change.new)) if "Gata" in new]


def test_what_another_has_hidden_meanwhile_is_not_shown_as_a_conflict(town: Town) -> None:
    helper, leader = town.client(), town.client("leader")
    where = child_plan(helper, town)
    post(leader, town.path(f"/courses/{where.rsplit('/', 1)[1]}/reason"), {"reason": "Standing in for the helper"})
    there = f"{where}/access/address"
    begun = version_in(leader, there)
    assert post(helper, there, {"address": "Gjemt vei 2", "protected": "1", "version": begun}).status_code == 303
    met = post(leader, there, {"address": "Gata 2", "version": begun})
    assert met.status_code == 403 and "Gjemt vei 2" not in met.text


def test_two_at_once_overwrite_no_year_of_birth(client: FlaskClient, town: Town) -> None:
    where = child_plan(client, town)
    there = f"{where}/access/decides"
    begun = version_in(client, there)
    first, second = str(today().year - 15), str(today().year - 9)
    assert post(client, there, {"birth_year": first, "version": begun}).status_code == 303
    met = post(client, there, {"birth_year": second, "version": begun})
    assert met.status_code == 409
    shown = met.text[met.text.index('id="conflict"') :]
    assert first in shown and second in shown and "Year of birth" in shown
    assert rows(town, select(Plan.birth_year)) == [(int(first),)]
