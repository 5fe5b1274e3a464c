"""Handing over to another municipality: only what was agreed to goes, and for a moment two are responsible, never none."""

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from hjelpa.core.config import Settings
from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.types import utcnow
from hjelpa.embedded import EmbeddedServers
from modules.citizens.models import Citizen, Course, Responsibility
from modules.handovers import exchange
from modules.handovers.jobs import settle
from modules.handovers.models import Arrival, Handover
from tenants.audit.models import AccessLogEntry
from tenants.notices.models import Notice
from tests.modules.door import begun, citizen_of, get, id_in, post, rows
from tests.modules.handovers.asking import (
    REASON,
    ask_municipality,
    incoming,
    letter,
    receiving,
    responsible,
    run,
    run_reminders,
    state,
    transfer,
)
from tests.people import Town, make_town
from tests.statements import counted_statements


@pytest.fixture
def sender(app: Flask) -> Town:
    return make_town(app)


@pytest.fixture
def receiver(app: Flask) -> Town:
    return make_town(app, extra_helpers=1)


@pytest.fixture
def third(app: Flask) -> Town:
    return make_town(app)


def handed_in(sender: Town, receiver: Town, **typed: Any) -> tuple[str, str]:
    """A course, and the handover of it to another municipality."""
    client = sender.client()
    course = begun(client, sender, name="Mina Oppdiktet", phone="000 11 222")
    return course, ask_municipality(client, sender, course, receiver, **typed)


def accepted(receiver: Town, handover: str) -> str:
    """The address of the course that began at the receiver's."""
    where = f"{incoming(receiver, handover)}/accept"
    answer = post(receiver.client(), where, receiving(receiver.helper, name="Mina Oppdiktet", known="new"))
    assert answer.status_code == 303 and "/courses/" in answer.location, answer.text
    return str(answer.location)


def count(town: Town, model: type) -> int:
    return int(rows(town, select(func.count()).select_from(model))[0][0])


def age(servers: EmbeddedServers, settings: Settings, handover: str, **moved: timedelta) -> None:
    """Moves a package's times, which nobody else may change."""
    with servers.superuser(settings.database_url.partition("@/")[2].partition("?")[0]) as superuser:
        superuser.execute("set session_replication_role = replica")  # past the guard
        for column, by in moved.items():
            superuser.execute(
                f"update transfers set {column} = {column} + %s where id = %s", (by, id_in(handover))
            )


def test_from_question_to_a_closed_record(sender: Town, receiver: Town) -> None:
    course, asked = handed_in(sender, receiver)
    assert transfer(sender, asked).state == "sent" and b"Mina" not in transfer(sender, asked).package
    assert incoming(receiver, asked) in get(receiver.client(), receiver.path("/handovers"))
    page = get(receiver.client(), incoming(receiver, asked))
    for words in ("Mina Oppdiktet", "000 11 222", "They would like to go on", "Not to tell everything", "A walk"):
        assert words in page
    assert "Adult, 19 years or older" in page and "To sleep again" not in page  # nothing said in conversations
    taken = accepted(receiver, asked)
    # Two are responsible until the sender's job has run.
    assert responsible(sender, course) == [sender.helper.membership_id]
    assert responsible(receiver, taken) == [receiver.helper.membership_id]
    assert transfer(receiver, asked).state == "accepted" and transfer(receiver, asked).package is None
    page = get(receiver.client(), taken)
    assert f"Came from {sender.slug.title()}" in page and "Not to tell everything again." in page

    run(sender)
    assert (state(sender, asked), responsible(sender, course)) == ("accepted", [])
    ended = rows(sender, select(Course.ending, Course.closed_at))[0]
    assert ended.ending == "handed_over" and ended.closed_at is not None
    assert tuple(transfer(sender, asked)) == ("closed", None, None)
    told = rows(sender, select(Notice.kind).where(Notice.membership_id == sender.helper.membership_id))
    assert told == [("handovers.accepted",)]


def test_whoever_was_responsible_must_say_why_to_read_what_was_handed_over(sender: Town, receiver: Town) -> None:
    course, asked = handed_in(sender, receiver)
    accepted(receiver, asked)
    helper = sender.client()
    assert helper.get(course).status_code == 200
    run(sender)
    for where in (course, asked, f"{course}/reads"):
        answer = helper.get(where)
        assert answer.status_code == 303 and answer.location.endswith("/reason"), where
    assert "the record here is closed" in get(helper, f"{course}/reason")
    assert "Mina Oppdiktet" not in get(helper, sender.path("/courses?show=ended"))
    assert "Mina Oppdiktet" not in get(helper, sender.path("/search?q=Mina"))
    post(helper, f"{course}/reason", {"reason": "They have asked for a copy"})
    page = get(helper, course)
    assert "To sleep again" in page and "Another municipality has taken over" in page
    assert post(helper, f"{course}/conversation", {"matters": "More"}).status_code == 409
    log = (
        select(AccessLogEntry.reason).order_by(AccessLogEntry.created_at.desc(), AccessLogEntry.id.desc()).limit(1)
    )
    assert rows(sender, log) == [("They have asked for a copy",)]


def test_only_what_the_citizen_agreed_to_is_carried(sender: Town, receiver: Town) -> None:
    _, asked = handed_in(sender, receiver, parts=["summary"])
    page = get(receiver.client(), incoming(receiver, asked))
    assert "They would like to go on" in page
    for words in ("Mina Oppdiktet", "000 11 222", "A walk together", "Adult, 19"):
        assert words not in page
    answer = post(receiver.client(), f"{incoming(receiver, asked)}/accept", {})
    assert answer.status_code == 422 and 'id="name-error"' in answer.text and 'id="age_band-error"' in answer.text
    consent = rows(sender, select(Handover.agreed_parts, Handover.agreed_at))[0]
    assert consent.agreed_parts == ["summary"] and consent.agreed_at is not None


def test_something_must_be_agreed_to(sender: Town, receiver: Town) -> None:
    course = begun(sender.client(), sender)
    where = sender.path(f"/handovers/new/{id_in(course)}/municipality")
    answer = post(sender.client(), where, letter(receiver.tenant_id, agreed="1"))
    assert answer.status_code == 422 and 'id="parts-error"' in answer.text
    assert count(sender, Handover) == 0


def test_accepting_twice_is_one_course(sender: Town, receiver: Town) -> None:
    _, asked = handed_in(sender, receiver)
    taken = accepted(receiver, asked)
    assert accepted(receiver, asked) == taken
    assert (count(receiver, Course), count(receiver, Citizen), count(receiver, Arrival)) == (1, 1, 1)
    assert get(receiver.client(), incoming(receiver, asked)).count(taken) == 1


@pytest.mark.parametrize("second", ["accept", "refuse", "withdraw"])
def test_of_two_answers_at_once_one_counts(sender: Town, receiver: Town, second: str) -> None:
    course, asked = handed_in(sender, receiver)
    begin, codes = threading.Barrier(2), []
    form = receiving(receiver.helper, name="Mina Oppdiktet", reason=REASON)
    acts = [(receiver.client(), f"{incoming(receiver, asked)}/accept")]
    if second == "withdraw":
        acts.append((sender.client(), f"{asked}/withdraw"))
    else:
        acts.append((receiver.client("helper2"), f"{incoming(receiver, asked)}/{second}"))

    def act(client: Any, where: str) -> None:
        begin.wait()
        codes.append(client.post(where, data=form).status_code)

    people = [threading.Thread(target=act, args=item) for item in acts]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert codes == [303, 303]
    for _ in range(2):
        run(sender)
    here, there = count(receiver, Course), len(responsible(sender, course))
    assert here + there == 1, (here, there)
    assert state(sender, asked) == ("accepted" if here else {"refuse": "refused"}.get(second, "withdrawn"))
    assert transfer(sender, asked).package is None and transfer(sender, asked).answer is None


def test_a_refusal_reaches_the_sender_with_its_reason(sender: Town, receiver: Town) -> None:
    course, asked = handed_in(sender, receiver)
    where = f"{incoming(receiver, asked)}/refuse"
    assert post(receiver.client(), where, {"reason": "no"}).status_code == 422
    assert post(receiver.client(), where, {"reason": REASON}).status_code == 303
    assert transfer(receiver, asked).package is None and REASON.encode() not in transfer(receiver, asked).answer
    run(sender)
    page = get(sender.client(), asked)
    assert REASON in page and receiver.helper.name in page
    assert (state(sender, asked), responsible(sender, course)) == ("refused", [sender.helper.membership_id])
    assert tuple(transfer(sender, asked)) == ("closed", None, None) and count(receiver, Course) == 0


def test_taken_back_means_emptied(sender: Town, receiver: Town) -> None:
    course, asked = handed_in(sender, receiver)
    assert post(sender.client(), f"{asked}/withdraw", {}).location == course
    assert tuple(transfer(receiver, asked)) == ("withdrawn", None, None)
    page = get(receiver.client(), incoming(receiver, asked))
    assert "Withdrawn" in page and "Mina" not in page
    answer = post(receiver.client(), f"{incoming(receiver, asked)}/accept", receiving(receiver.helper))
    assert answer.location == incoming(receiver, asked) and count(receiver, Course) == 0


def test_what_nobody_answers_expires_and_is_emptied(
    sender: Town, receiver: Town, servers: EmbeddedServers, settings: Settings
) -> None:
    course, asked = handed_in(sender, receiver)
    age(servers, settings, asked, sent_at=-timedelta(days=40), expires_at=-timedelta(days=30))
    assert incoming(receiver, asked) not in get(receiver.client(), receiver.path("/handovers"))
    answer = post(receiver.client(), f"{incoming(receiver, asked)}/accept", receiving(receiver.helper))
    assert answer.location == incoming(receiver, asked) and count(receiver, Course) == 0
    for _ in range(2):
        run(sender)
    assert tuple(transfer(sender, asked)) == ("expired", None, None)
    assert (state(sender, asked), responsible(sender, course)) == ("expired", [sender.helper.membership_id])


@pytest.mark.parametrize("crash", ["read_answer", "settle", "commit"])
def test_a_crash_between_acceptance_and_closing_leaves_two_responsible_and_then_one(
    sender: Town, receiver: Town, monkeypatch: pytest.MonkeyPatch, crash: str
) -> None:
    course, asked = handed_in(sender, receiver)
    taken = accepted(receiver, asked)

    def die(*_: object) -> None:
        raise ConnectionError("the power is gone")

    with monkeypatch.context() as patch:
        if crash != "commit":
            patch.setattr(exchange, crash, die)
        with sender.app.app_context(), tenant_scope(sender.tenant_id), pytest.raises(ConnectionError):
            settle({})
            die()
    assert (state(sender, asked), transfer(sender, asked).state) == ("open", "accepted")
    assert len(responsible(sender, course)) == len(responsible(receiver, taken)) == 1
    for _ in range(2):
        run(sender)
    assert (responsible(sender, course), transfer(sender, asked).state) == ([], "closed")
    assert len(rows(sender, select(Notice.id))) == 1


def test_a_crash_while_accepting_leaves_nothing_half_done(
    sender: Town, receiver: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    course, asked = handed_in(sender, receiver)

    def die(*_: object) -> None:
        raise ConnectionError("the power is gone")

    with monkeypatch.context() as patch:
        patch.setattr("modules.handovers.exchange._answer", die)
        answer = post(receiver.client(), f"{incoming(receiver, asked)}/accept", receiving(receiver.helper))
        assert answer.status_code == 500
    assert count(receiver, Course) == count(receiver, Arrival) == 0
    assert transfer(receiver, asked).state == "sent" and responsible(sender, course)
    accepted(receiver, asked)


def test_somebody_else_may_be_made_responsible(sender: Town, receiver: Town) -> None:
    _, asked = handed_in(sender, receiver)
    colleague = receiver.people["helper2"]
    answer = post(receiver.client(), f"{incoming(receiver, asked)}/accept", receiving(colleague))
    assert answer.location == receiver.path("/handovers")
    assert rows(receiver, select(Responsibility.membership_id)) == [(colleague.membership_id,)]
    told = rows(receiver, select(Notice.kind).where(Notice.membership_id == colleague.membership_id))
    assert told == [("handovers.made_responsible",)]


def test_the_receivers_door_is_told_reminded_and_its_leader_after_the_deadline(
    sender: Town, receiver: Town, servers: EmbeddedServers, settings: Settings
) -> None:
    _, asked = handed_in(sender, receiver)

    def told() -> list[str]:
        run_reminders(receiver)
        run_reminders(receiver)
        return [row[0] for row in rows(receiver, select(Notice.kind).distinct().order_by(Notice.kind))]

    assert told() == ["handovers.arrived"]
    near = timedelta(days=-4) + timedelta(hours=1)
    age(servers, settings, asked, sent_at=-timedelta(days=9), due_at=near)
    with_reminder = told()
    age(servers, settings, asked, due_at=-timedelta(days=2))
    assert told()[:2] == ["handovers.arrived", "handovers.arrived_overdue"]
    assert set(with_reminder) <= {"handovers.arrived", "handovers.arrived_reminded", "handovers.arrived_overdue"}
    before = count(receiver, Notice)
    run_reminders(receiver)
    assert count(receiver, Notice) == before
    # The sender's own leader hears of it from the sender's job.
    with sender.app.app_context(), tenant_scope(sender.tenant_id):
        one = db.session.scalars(select(Handover)).one()
        one.proposed_at, one.due_at = utcnow() - timedelta(days=5), utcnow() - timedelta(hours=1)
        db.session.commit()
    for _ in range(2):
        run_reminders(sender)
    leader = select(Notice.kind).where(Notice.membership_id == sender.leader.membership_id)
    assert rows(sender, leader) == [("handovers.overdue",)]


def test_reading_a_package_is_written_down_and_stands_with_the_course(sender: Town, receiver: Town) -> None:
    _, asked = handed_in(sender, receiver)
    get(receiver.client("leader"), incoming(receiver, asked))
    taken = accepted(receiver, asked)
    page = get(receiver.client(), f"{taken}/reads")
    assert f"{receiver.leader.name} read a page under “Handovers”" in page


def test_a_third_municipality_knows_of_nothing(sender: Town, receiver: Town, third: Town) -> None:
    _, asked = handed_in(sender, receiver)
    assert transfer(third, asked) is None
    where = incoming(third, asked)
    for rest in ("", "/accept", "/refuse"):
        assert third.client().get(f"{where}{rest}").status_code == 404
        if rest:
            assert third.client().post(f"{where}{rest}", data=receiving(third.helper)).status_code == 404
    # Nor may the sender answer for the receiver.
    assert sender.client().get(incoming(sender, asked)).status_code == 404


def test_whoever_ends_the_course_meanwhile_ends_it_as_handed_over(sender: Town, receiver: Town) -> None:
    course, asked = handed_in(sender, receiver)
    accepted(receiver, asked)
    post(sender.client(), f"{course}/ending", {"ending": "mutual"})
    assert rows(sender, select(Course.ending)) == [("handed_over",)]
    assert state(sender, asked) == "accepted" and transfer(sender, asked).state == "closed"
    # The record here is closed, as after any handover.
    assert sender.client().get(course).location.endswith("/reason")


def test_an_ending_takes_back_what_nobody_has_answered(sender: Town, receiver: Town) -> None:
    course, asked = handed_in(sender, receiver)
    post(sender.client(), f"{course}/ending", {"ending": "mutual"})
    assert rows(sender, select(Course.ending)) == [("mutual",)]
    assert state(sender, asked) == "withdrawn" and tuple(transfer(sender, asked)) == ("withdrawn", None, None)
    where = f"{incoming(receiver, asked)}/accept"
    post(receiver.client(), where, receiving(receiver.helper))
    assert count(receiver, Course) == 0


def test_what_was_ended_while_handovers_were_off_is_closed_too(sender: Town, receiver: Town) -> None:
    course, asked = handed_in(sender, receiver)
    accepted(receiver, asked)
    switch = sender.path("/settings/features/handovers")
    sender.client("administrator").post(switch, data={"on": "0"})
    post(sender.client(), f"{course}/ending", {"ending": "mutual"})
    sender.client("administrator").post(switch, data={"on": "1"})
    run(sender)
    assert rows(sender, select(Course.ending)) == [("handed_over",)]
    assert sender.client().get(course).location.endswith("/reason")


def test_settling_costs_the_same_however_many_there_are(sender: Town, receiver: Town) -> None:
    """Waiting ones cost nothing; those that were answered are settled together."""
    spent = []
    for number in (2, 5):
        asked = [handed_in(sender, receiver)[1] for _ in range(number)]
        with counted_statements() as waiting:
            run(sender)
        for one in asked:
            accepted(receiver, one)
        with counted_statements() as settling:
            run(sender)
        assert {state(sender, one) for one in asked} == {"accepted"}
        spent.append((len(waiting), len(settling)))
    assert spent[0] == spent[1], spent


def offered(page: str) -> list[str]:
    return re.findall(r'type="radio" id="known[^"]*" name="known" value="([^"]+)"', page)


@pytest.mark.parametrize("still_open", [True, False])
def test_somebody_known_here_is_asked_about_and_stays_one_person(
    sender: Town, receiver: Town, still_open: bool
) -> None:
    here = receiver.client()
    own = begun(here, receiver, name="mina oppdiktet", phone="")
    person = str(citizen_of(receiver, own))
    if not still_open:
        post(here, f"{own}/ending", {"ending": "mutual"})
    where = f"{incoming(receiver, handed_in(sender, receiver)[1])}/accept"
    assert offered(get(here, where)) == [person, "new"]

    # Never by itself: without an answer it is asked again, and nothing is lost.
    form = receiving(receiver.people["helper2"], name="Mina Oppdiktet", phone="000 11 222")
    answer = post(here, where, form)
    assert answer.status_code == 422 and 'id="known-error">Choose the person' in answer.text
    assert "000 11 222" in answer.text and count(receiver, Arrival) == 0

    assert post(here, where, {**form, "known": person}).status_code == 303
    assert rows(receiver, select(Citizen.name, Citizen.phone)) == [("mina oppdiktet", "000 11 222")]
    course_id = rows(receiver, select(Arrival.course_id))[0][0]
    assert (course_id == id_in(own)) is still_open and count(receiver, Course) == (1 if still_open else 2)
    # Whoever answers for an open course goes on; a new course is the chosen person's.
    key = "helper" if still_open else "helper2"
    assert responsible(receiver, f"/{course_id}") == [receiver.people[key].membership_id]
    assert "Not to tell everything again." in get(here, receiver.path(f"/courses/{course_id}"))


def test_whoever_answers_for_somebody_known_is_told_that_they_came(sender: Town, receiver: Town) -> None:
    own = begun(receiver.client("helper"), receiver, name="Mina Oppdiktet")
    post(receiver.client("helper2"), f"{own}/reason", {"reason": "Called in while she is away"})
    where = f"{incoming(receiver, handed_in(sender, receiver)[1])}/accept"
    form = receiving(receiver.people["helper2"], known=str(citizen_of(receiver, own)))
    assert post(receiver.client("helper2"), where, form).status_code == 303
    assert responsible(receiver, own) == [receiver.helper.membership_id]
    told = rows(receiver, select(Notice.kind).where(Notice.membership_id == receiver.helper.membership_id))
    assert ("handovers.joined",) in told


def test_nobody_outside_the_circle_is_offered_to_whoever_receives(sender: Town, receiver: Town) -> None:
    own = begun(receiver.client("helper"), receiver, name="Mina Oppdiktet", phone="000 11 222")
    colleague, hidden = receiver.client("helper2"), str(citizen_of(receiver, own))
    where = f"{incoming(receiver, handed_in(sender, receiver)[1])}/accept"
    assert "Is this somebody you know?" not in get(colleague, where)
    form = receiving(receiver.people["helper2"], name="Mina Oppdiktet")
    answer = post(colleague, where, {**form, "known": hidden})
    assert answer.status_code == 422 and offered(answer.text) == ["new"]
    assert post(colleague, where, form).status_code == 303 and count(receiver, Citizen) == 2
