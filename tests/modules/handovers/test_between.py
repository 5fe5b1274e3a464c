"""Handing over to another municipality: only what was agreed to goes, and for a moment two are responsible, never none."""

from datetime import timedelta

from sqlalchemy import select

from hjelpa.core.config import Settings
from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.types import utcnow
from hjelpa.embedded import EmbeddedServers
from modules.citizens.models import Citizen, Course, Responsibility
from modules.handovers.models import Arrival, Handover
from tenants.audit.models import AccessLogEntry
from tenants.notices.models import Notice
from tests.modules.door import begun, count, get, id_in, post, rows
from tests.modules.handovers.asking import (
    accepted,
    age,
    handed_in,
    incoming,
    letter,
    receiving,
    responsible,
    run,
    run_reminders,
    state,
    transfer,
)
from tests.people import Town
from tests.statements import counted_statements


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
