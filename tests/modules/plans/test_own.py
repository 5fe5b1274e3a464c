"""The plan on the own pages: read and written by the citizen and by each adult, and by nobody else."""

import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from modules.followups.models import FollowUp
from modules.plans.models import Area, Goal, Plan, Words
from modules.plans.models_access import Adult, Change
from tenants.audit.models import AccessLogEntry
from tenants.notices.models import Notice
from tests.guests import come_in, let_in
from tests.modules.door import begun, citizen_of, get, post, rows
from tests.modules.plans.family import (
    CHILD_ADDRESS,
    DAD_SAID,
    MUM_ADDRESS,
    MUM_CONTACT,
    MUM_SAID,
    Family,
    make_family,
)
from tests.modules.plans.test_plan import evaluation, in_days, measure, plan_of
from tests.people import Town

PAGES = ("", "/canvas", "/history", "/sharing", "/copy")


@pytest.fixture
def family(town: Town) -> Family:
    return make_family(town)


@pytest.fixture
def phone(town: Town) -> FlaskClient:
    """A grown-up citizen with a plan, on the own pages."""
    plan_of(town.client(), town)
    return let_in(town, rows(town, select(Plan.citizen_id))[0][0])


def test_the_citizen_begins_the_own_plan_and_has_only_one(town: Town) -> None:
    phone = let_in(town, citizen_of(town, begun(town.client(), town)))
    own = town.path("/my/plan")
    assert "There is no plan yet" in get(phone, own)
    for _ in range(2):
        assert post(phone, own, {}).status_code == 303
    assert len(rows(town, select(Plan.id))) == 1


def test_the_citizen_writes_in_every_part(town: Town, phone: FlaskClient) -> None:
    own = town.path("/my/plan")
    key = str(uuid.uuid4())
    area = rows(town, select(Area.id).order_by(Area.position))[0][0]
    assert post(phone, f"{own}/matters", {"version": "1", "matters": "Ro i hverdagen ☀️ שלום"}).status_code == 303
    assert post(phone, f"{own}/canvas/{area}", {"version": "0", "wish": "En hage"}).status_code == 303
    assert post(phone, f"{own}/canvas/new", {"key": str(uuid.uuid4()), "heading": "Bikkja"}).status_code == 303
    assert post(phone, f"{own}/goals/new", {"key": key, "words": "Gå ut", "state": "open"}).status_code == 303
    assert post(phone, f"{own}/goals/{key}/way", {"key": str(uuid.uuid4()), "value": "4"}).status_code == 303
    assert post(phone, f"{own}/measures/new", measure(what="Gåtur")).status_code == 303
    agreed = {"key": str(uuid.uuid4()), "what": "Ringe Per", "who": "Jeg", "due_on": in_days(2)}
    assert post(phone, f"{own}/agreements/new", agreed).status_code == 303
    assert post(phone, f"{own}/agreements/{agreed['key']}/done", {"done": "1"}).status_code == 303
    assert post(phone, f"{own}/evaluate", evaluation(version=2)).status_code == 303
    page = get(phone, own)
    for words in ("Ro i hverdagen ☀️ שלום", "Gå ut", "Gåtur", "Ringe Per"):
        assert words in page
    assert "Bikkja" in get(phone, f"{own}/canvas") and "En hage" in get(phone, f"{own}/canvas")
    assert "Nora Oppdiktet" in get(phone, f"{own}/history")
    assert {kind for (kind,) in rows(town, select(Change.by_kind))} == {"member", "citizen"}


def test_a_citizen_whom_nothing_helps_is_called(town: Town, phone: FlaskClient) -> None:
    own = town.path("/my/plan/evaluate")
    assert post(phone, own, evaluation(effect="no", right_help="no")).status_code == 303
    assert len(rows(town, select(FollowUp.id))) == 1
    told = rows(town, select(Notice.membership_id).where(Notice.kind == "followups.opened"))
    assert told == [(town.helper.membership_id,)]


def test_what_is_written_twice_at_once_is_kept_both(town: Town, phone: FlaskClient) -> None:
    own = town.path("/my/plan/matters")
    assert post(phone, own, {"version": "1", "matters": "Mine words"}).status_code == 303
    late = post(phone, own, {"version": "1", "matters": "Written on another telephone"})
    assert late.status_code == 409
    assert "Mine words" in late.text and "Written on another telephone" in late.text
    unsaved = rows(town, select(Change.new).where(Change.saved.is_(False)))
    assert unsaved == [("Written on another telephone",)]


def test_each_adult_sees_the_shared_words_and_their_own(family: Family) -> None:
    for client, theirs, others in ((family.mum, MUM_SAID, DAD_SAID), (family.dad, DAD_SAID, MUM_SAID)):
        assert "To dare to go to school" in get(client, family.own())
        assert theirs in get(client, family.own("/canvas"))
        for page in PAGES:
            text = get(client, family.own(page))
            assert others not in text, page
    assert MUM_CONTACT not in get(family.dad, family.own("/history"))


def test_nobody_is_shown_an_address_or_how_to_reach_another(family: Family) -> None:
    for client in (family.child, family.mum, family.dad):
        for page in PAGES:
            text = get(client, family.own(page))
            for hidden in (CHILD_ADDRESS, MUM_ADDRESS, MUM_CONTACT):
                assert hidden not in text, page
        assert MUM_ADDRESS not in get(client, family.town.path("/my/"))


def test_an_adult_changes_their_own_words_and_nobody_elses(family: Family) -> None:
    goal = rows(family.town, select(Goal.id))[0][0]
    assert post(family.mum, family.own("/matters"), {"version": "2", "matters": "Mum decides"}).status_code == 403
    changed = {"version": "1", "words": "Mum's goal", "state": "open"}
    assert post(family.mum, family.own(f"/goals/{goal}"), changed).status_code == 403
    mums = {"key": str(uuid.uuid4()), "words": "Mum's own goal", "state": "open"}
    assert post(family.mum, family.own("/goals/new"), mums).status_code == 303
    assert post(family.dad, family.own(f"/goals/{mums['key']}"), changed).status_code == 404
    assert (
        post(
            family.dad, family.own(f"/goals/{mums['key']}/way"), {"key": str(uuid.uuid4()), "value": "3"}
        ).status_code
        == 404
    )
    assert "Mum's own goal" not in get(family.dad, family.own())
    assert "Mum&#39;s own goal" not in get(family.dad, family.town.path("/my/"))


def test_an_adult_who_is_withdrawn_is_refused_on_the_very_next_read(family: Family) -> None:
    mum = rows(family.town, select(Adult.id).where(Adult.name == "Oppdiktet Mor"))[0][0]
    assert family.mum.get(family.own()).status_code == 200
    assert post(family.town.client(), f"{family.where}/access/adults/{mum}/withdraw", {}).status_code == 303
    for page in PAGES:
        assert family.mum.get(family.own(page)).status_code == 303, page
        assert family.dad.get(family.own(page)).status_code == 200, page
    words = rows(family.town, select(Words.works).where(Words.author_adult_id == mum))
    assert words == [(MUM_SAID,)]


def test_an_adults_access_has_the_adults_own_id_and_is_written_to(family: Family) -> None:
    readers = rows(
        family.town, select(AccessLogEntry.access_id).where(AccessLogEntry.page.startswith("own_plan."))
    )
    adults = {id for (id,) in rows(family.town, select(Adult.id))}
    assert adults <= {id for (id,) in readers} | adults
    assert {by for (by,) in rows(family.town, select(Change.by_id).where(Change.by_kind == "adult"))} == adults


def test_no_code_can_be_sent_to_what_is_no_address(town: Town) -> None:
    family = make_family(town)
    said = {"key": str(uuid.uuid4()), "name": "Oppdiktet Onkel", "contact": "på hytta", "agreed": "1"}
    answer = post(town.client(), f"{family.where}/access/adults/new", said)
    assert answer.status_code == 422 and "på hytta" in answer.text
    assert "Oppdiktet Onkel" not in str(rows(town, select(Adult.name)))


def test_two_citizens_never_meet(town: Town) -> None:
    helper = town.client()
    plan_of(helper, town)
    plan_of(helper, town)
    (one, two) = [row[0] for row in rows(town, select(Plan.citizen_id).order_by(Plan.created_at))]
    first, second = let_in(town, one, address="+4790000001"), let_in(town, two, address="+4790000002")
    key, own = str(uuid.uuid4()), town.path("/my/plan")
    assert post(first, f"{own}/goals/new", {"key": key, "words": "Only mine", "state": "open"}).status_code == 303
    for page in PAGES:
        assert "Only mine" not in get(second, own + page)
    for rest in (f"/goals/{key}", f"/goals/{key}/way"):
        assert second.get(own + rest).status_code == 404
    area = rows(town, select(Area.id).join(Plan, Plan.id == Area.plan_id).where(Plan.citizen_id == one))[0][0]
    assert second.get(f"{own}/canvas/{area}").status_code == 404


def test_the_own_cookie_opens_nothing_of_another_municipality(family: Family, other_town: Town) -> None:
    theirs = make_family(other_town)
    token = family.child.get_cookie("hjelpa-my", path=f"/{family.town.slug}/my").value
    family.child.set_cookie("hjelpa-my", token, path=f"/{other_town.slug}/my")
    for page in PAGES:
        assert family.child.get(theirs.own(page)).status_code == 303


def test_where_plans_are_off_there_is_no_own_plan(family: Family) -> None:
    post(family.town.client("administrator"), family.town.path("/settings/features/plans"), {"on": "0"})
    assert family.child.get(family.own()).status_code == 404
    home = get(family.child, family.town.path("/my/"))
    assert family.own() not in home


def test_an_adult_coming_in_again_finds_the_same_words(family: Family) -> None:
    mum = rows(family.town, select(Adult.id).where(Adult.name == "Oppdiktet Mor"))[0][0]
    assert MUM_SAID in get(come_in(family.town, mum), family.own("/canvas"))
