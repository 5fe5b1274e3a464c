"""Access is given and withdrawn; what stands on the own pages, and for whom."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.types import utcnow
from modules.citizens.models import Course, Responsibility
from tenants.audit.models import AccessLogEntry
from tenants.guests.commands import withdraw
from tests.guests import accesses, let_in, outgoing, run_jobs
from tests.modules.door import begun, citizen_of, first_talk, get, post, registered, rows, talk
from tests.people import Town


def give(town: Town, course: str, role: str = "helper", **typed: str):
    return post(
        town.client(role), f"{course}/access/new", {"address": "nora@oppdiktet.example", "asked": "1", **typed}
    )


def test_the_responsible_helper_gives_access_and_the_citizen_is_written_to(town: Town) -> None:
    helper = town.client()
    course = begun(helper, town)
    assert "cannot open their own pages yet" in get(helper, course)
    answer = give(town, course)
    assert (answer.status_code, answer.location) == (303, f"{course}#own-access")
    page = get(helper, course)
    assert "nora@oppdiktet.example" in page and "Withdraw" in page
    run_jobs(town)
    (message,) = outgoing(town)
    assert message.address == "nora@oppdiktet.example" and f"/{town.slug}/my/" in message.words
    assert "Invented" not in message.words + message.subject


def test_the_same_form_twice_is_one_access_and_one_message(town: Town) -> None:
    course = begun(town.client(), town)
    for _ in range(2):
        assert give(town, course).status_code == 303
    assert len(accesses(town)) == len(outgoing(town)) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"address": "12"}, "eight digits"),
        ({"address": ""}, "Write a phone number"),
        ({"asked": "0"}, "Ask the citizen first"),
    ],
)
def test_what_is_missing_is_told_and_what_was_typed_is_kept(town: Town, typed: dict[str, str], said: str) -> None:
    course = begun(town.client(), town)
    answer = give(town, course, **typed)
    assert answer.status_code == 422 and said in answer.text
    assert typed.get("address", "nora@oppdiktet.example") in answer.text
    assert accesses(town) == []


def test_only_whoever_answers_for_the_course_or_the_leader_gives_and_withdraws(pair: Town) -> None:
    course = begun(pair.client(), pair)
    reason = {"reason": "I cover for a colleague who is ill"}
    post(pair.client("helper2"), f"{course}/reason", reason)
    assert give(pair, course, "helper2").status_code == 403
    assert give(pair, course).status_code == 303
    taken = f"{course}/access/{accesses(pair)[0].id}/withdraw"
    assert post(pair.client("helper2"), taken, {}).status_code == 403
    post(pair.client("leader"), f"{course}/reason", reason)
    assert post(pair.client("leader"), taken, {}).status_code == 303
    assert accesses(pair)[0].withdrawn_by == pair.leader.name


def test_whoever_answered_for_a_course_that_has_ended_gives_no_access(pair: Town) -> None:
    """Also through that old course; whoever answers for the citizen now gives it through either."""
    course = begun(pair.client(), pair)
    old = ended_course(pair, citizen_of(pair, course), "helper2")
    assert give(pair, old, "helper2").status_code == 403
    assert pair.client("helper2").get(f"{old}/access/new").status_code == 403
    assert give(pair, course, "helper2").status_code == 403
    assert accesses(pair) == []
    assert give(pair, old).status_code == 303


@pytest.mark.parametrize("relation", ["adult", "service"])
def test_the_citizen_is_not_let_in_by_an_address_that_is_somebody_elses(town: Town, relation: str) -> None:
    course = begun(town.client(), town, age_band="child")
    let_in(town, citizen_of(town, course), relation=relation, address="nora@oppdiktet.example")
    refused = give(town, course)
    assert refused.status_code == 422 and "cannot be the citizen" in refused.text
    assert [one.relation for one in accesses(town)] == [relation]
    with town.app.test_request_context(), tenant_scope(town.tenant_id):
        withdraw(accesses(town)[0].id, by="Kari Prøve")
        db.session.commit()
    assert give(town, course).status_code == 303


@pytest.mark.parametrize(("age_band", "suggested"), [("adult", True), ("adolescent", False), ("child", False)])
def test_a_childs_telephone_number_is_not_suggested(town: Town, age_band: str, suggested: bool) -> None:
    course = begun(town.client(), town, age_band=age_band, phone="000 11 222")
    assert ("000 11 222" in get(town.client(), f"{course}/access/new")) == suggested


def ended_course(town: Town, citizen_id: uuid.UUID, who: str) -> str:
    """The address of a course that ended a year ago, which this helper answered for."""
    begun_at = utcnow() - timedelta(days=400)
    ended_at = begun_at + timedelta(days=10)
    with town.app.app_context(), tenant_scope(town.tenant_id):
        course = Course(
            citizen_id=citizen_id, unit_id=town.unit_id, opened_at=begun_at, closed_at=ended_at, ending="mutual"
        )
        db.session.add(course)
        db.session.flush()
        membership_id = town.people[who].membership_id
        db.session.add(
            Responsibility(course_id=course.id, membership_id=membership_id, since_at=begun_at, until_at=ended_at)
        )
        db.session.commit()
        return town.path(f"/courses/{course.id}")


def test_withdrawn_access_is_refused_on_the_very_next_read(town: Town) -> None:
    helper = town.client()
    course = begun(helper, town)
    phone = let_in(town, citizen_of(town, course))
    for page in ("/my/", "/my/agreements", "/my/reads"):
        assert phone.get(town.path(page)).status_code == 200
    taken = f"{course}/access/{accesses(town)[0].id}/withdraw"
    assert post(helper, taken, {}).status_code == 303
    for page in ("/my/", "/my/agreements", "/my/reads", "/my/choose"):
        assert phone.get(town.path(page)).status_code == 303, page
    answer = phone.post(town.path("/my/sign-in"), data={"address": "91234567"})
    assert answer.status_code == 303 and run_jobs(town) == ["messages.send", "my.send_code"]
    assert "Withdrawn" in get(helper, course)


def test_another_citizens_access_is_not_found_under_a_course(town: Town) -> None:
    helper = town.client()
    one, two = begun(helper, town), begun(helper, town)
    let_in(town, citizen_of(town, two))
    taken = f"{one}/access/{accesses(town)[0].id}/withdraw"
    assert post(helper, taken, {}).status_code == 404
    assert accesses(town)[0].withdrawn_at is None


def test_two_guests_see_their_own_only(town: Town) -> None:
    helper = town.client()
    one, two = begun(helper, town), begun(helper, town)
    post(helper, f"{one}/conversation", talk(next_step="Only for the first"))
    post(helper, f"{two}/conversation", talk(next_step="Only for the second"))
    first = let_in(town, citizen_of(town, one), address="+4790000001")
    second = let_in(town, citizen_of(town, two), address="+4790000002")
    for client, theirs, others in ((first, "first", "second"), (second, "second", "first")):
        for page in ("/my/", "/my/agreements"):
            text = get(client, town.path(page))
            assert f"Only for the {theirs}" in text and f"Only for the {others}" not in text


def test_one_address_for_two_people_asks_whose_pages(town: Town) -> None:
    helper = town.client()
    one, two = begun(helper, town), begun(helper, town)
    post(helper, f"{two}/conversation", talk(next_step="Only for the second"))
    phone = let_in(town, citizen_of(town, one))
    let_in(town, citizen_of(town, two))
    stranger = let_in(town, citizen_of(town, two), address="+4790000009")
    page = get(phone, town.path("/my/choose"))
    second, strangers = accesses(town)[1], accesses(town)[2]
    assert str(second.id) in page and str(strangers.id) not in page
    assert "Only for the second" not in get(phone, town.path("/my/"))
    assert phone.post(town.path("/my/choose"), data={"access": str(second.id)}).status_code == 303
    assert "Only for the second" in get(phone, town.path("/my/"))
    # Somebody else's access is nobody's to choose.
    phone.post(town.path("/my/choose"), data={"access": str(strangers.id)})
    reader = rows(town, select(AccessLogEntry.access_id).order_by(AccessLogEntry.created_at.desc()))[0]
    assert reader == (second.id,)
    assert stranger.get(town.path("/my/")).status_code == 200


def test_the_next_agreement_stands_first_and_one_that_passed_does_not(town: Town) -> None:
    helper = town.client()
    course = begun(helper, town)
    post(helper, f"{course}/conversation", talk(next_step="A call on Friday"))
    phone = let_in(town, citizen_of(town, course))
    home = get(phone, town.path("/my/"))
    assert "A call on Friday" in home and "A walk together" not in home
    assert town.helper.name in home
    agreements = get(phone, town.path("/my/agreements"))
    assert agreements.index("A call on Friday") < agreements.index("A walk together")


def test_the_citizen_reads_who_has_read_and_why(pair: Town) -> None:
    course = begun(pair.client(), pair)
    phone = let_in(pair, citizen_of(pair, course))
    get(pair.client(), course)
    post(pair.client("helper2"), f"{course}/reason", {"reason": "I cover for a colleague who is ill"})
    get(pair.client("helper2"), course)
    page = get(phone, pair.path("/my/reads"))
    assert f"{pair.helper.name} (helper) read the page of the course" in page
    assert f"{pair.people['helper2'].name} (helper) read" in page
    assert "I cover for a colleague who is ill" in page
    assert "You read “Who has read”" in page


def test_what_a_guest_reads_stands_in_the_log_for_helpers_too(town: Town) -> None:
    helper = town.client()
    course = begun(helper, town)
    phone = let_in(town, citizen_of(town, course))
    get(phone, town.path("/my/"))
    logged = select(AccessLogEntry.access_id, AccessLogEntry.page).where(AccessLogEntry.access_id.is_not(None))
    assert rows(town, logged) == [(accesses(town)[0].id, "my.home")]
    assert "Nora Oppdiktet" in get(helper, f"{course}/reads")


def test_an_adult_is_told_of_helpers_and_not_of_other_adults(town: Town) -> None:
    helper = town.client()
    course = begun(helper, town)
    child = citizen_of(town, course)
    mother = let_in(town, child, relation="adult", name="Mor Oppdiktet", address="mor@oppdiktet.example")
    father = let_in(town, child, relation="adult", name="Far Oppdiktet", address="far@oppdiktet.example")
    get(mother, town.path("/my/"))
    page = get(father, town.path("/my/reads"))
    assert "Mor Oppdiktet" not in page and "mor@oppdiktet.example" not in page
    assert f"{town.helper.name} (helper)" in page
    # What was agreed in conversations is the citizen's own.
    assert "A walk together" not in get(father, town.path("/my/"))
    assert "Mor Oppdiktet" in get(let_in(town, child), town.path("/my/reads"))


def test_a_stated_reason_is_for_the_citizen_alone(pair: Town) -> None:
    course = begun(pair.client(), pair)
    said = "The mother called about the father"
    post(pair.client("helper2"), f"{course}/reason", {"reason": said})
    get(pair.client("helper2"), course)
    child = citizen_of(pair, course)
    father = let_in(pair, child, relation="adult", name="Far Oppdiktet", address="far@oppdiktet.example")
    page = get(father, pair.path("/my/reads"))
    assert pair.people["helper2"].name in page and said not in page
    assert said in get(let_in(pair, child), pair.path("/my/reads"))


def test_an_agreement_from_an_ended_course_is_not_ahead(town: Town) -> None:
    helper = town.client()
    course = begun(helper, town)
    post(helper, f"{course}/ending", {"ending": "mutual"})
    phone = let_in(town, citizen_of(town, course))
    assert "no agreed time ahead" in get(phone, town.path("/my/"))


def test_the_links_on_top_are_for_guests_only(town: Town) -> None:
    course = begun(town.client(), town)
    phone = let_in(town, citizen_of(town, course))
    assert 'class="own-pages"' in get(phone, town.path("/my/"))
    assert 'class="own-pages"' not in get(town.app.test_client(), town.path("/my/sign-in"))


def test_a_signed_in_helper_is_nobody_on_the_own_pages(town: Town) -> None:
    assert town.client("everything").get(town.path("/my/")).status_code == 303


def test_nothing_lasts_longer_than_its_session(town: Town) -> None:
    course = begun(town.client(), town)
    phone = let_in(town, citizen_of(town, course))
    phone.post(town.path("/my/sign-out"))
    assert phone.get(town.path("/my/")).status_code == 303


def test_reads_before_every_one_of_the_courses_are_told(pair: Town) -> None:
    """A contact that somebody read while it waited: before the first course, and before a later one."""
    helper = pair.client()
    first = registered(helper, pair)
    get(pair.client("helper2"), first)
    course = str(post(helper, f"{first}/first-conversation", first_talk()).location)
    post(helper, f"{course}/ending", {"ending": "mutual"})
    later = registered(helper, pair)
    get(pair.client("leader"), later)
    known = first_talk(known=str(citizen_of(pair, course)))
    assert post(helper, f"{later}/first-conversation", known).status_code == 303
    page = get(let_in(pair, citizen_of(pair, course)), pair.path("/my/reads"))
    assert pair.people["helper2"].name in page and pair.leader.name in page


def test_only_whoever_may_give_access_is_shown_the_way_to_it(pair: Town) -> None:
    course = begun(pair.client(), pair)
    assert give(pair, course).status_code == 303
    for role in ("helper2", "leader"):
        post(pair.client(role), f"{course}/reason", {"reason": "I cover for a colleague who is ill"})
    for role, shown in (("helper", True), ("helper2", False), ("leader", True)):
        page = get(pair.client(role), course)
        assert "nora@oppdiktet.example" in page
        assert (f"{course}/access/new" in page) is shown, role
        assert ("/withdraw" in page) is shown, role
