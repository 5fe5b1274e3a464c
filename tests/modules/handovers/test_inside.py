"""Handing over inside a municipality: nobody is let go before another has taken over."""

import threading
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.types import utcnow
from modules.citizens.models import Course, Responsibility
from modules.handovers.models import Handover
from tenants.audit.models import AccessLogEntry
from tenants.notices.models import Notice
from tests.modules.door import add_door, begun, get, id_in, post, rows
from tests.modules.handovers.asking import (
    REASON,
    ask,
    ask_colleague,
    day_off,
    letter,
    responsible,
    run,
    run_reminders,
    state,
)
from tests.people import Town, make_town


@pytest.fixture
def town(app: Flask) -> Town:
    return make_town(app, extra_helpers=2)


def told(town: Town, key: str) -> list[str]:
    """The kinds of notices somebody has got, in order."""
    query = select(Notice.kind).where(Notice.membership_id == town.people[key].membership_id)
    return [row[0] for row in rows(town, query.order_by(Notice.created_at, Notice.id))]


def change(town: Town, handover: str, **values: object) -> None:
    with town.app.app_context(), tenant_scope(town.tenant_id):
        db.session.execute(update(Handover).where(Handover.id == id_in(handover)).values(values))
        db.session.commit()


def test_responsibility_moves_when_the_receiver_accepts_and_not_before(town: Town) -> None:
    sender, receiver = town.client("helper"), town.client("helper2")
    course = begun(sender, town, name="Mina Oppdiktet")
    asked = ask_colleague(sender, town, course, town.people["helper2"])
    assert responsible(town, course) == [town.helper.membership_id]
    assert "answers by" in get(sender, course) and "Waits for an answer" in get(sender, course)
    assert told(town, "helper2") == ["handovers.asked"]

    page = get(receiver, asked)
    assert "They would like to go on with the evenings." in page and "Not to tell everything again." in page
    assert "Mina Oppdiktet" not in page and "Told when somebody has accepted" in page
    assert receiver.get(course).status_code == 303  # the record itself takes a reason
    answer = post(receiver, f"{asked}/accept", {})
    assert answer.location == course
    assert responsible(town, course) == [town.people["helper2"].membership_id]
    page = get(receiver, course)
    assert "Mina Oppdiktet" in page and f"{town.people['helper2'].name} took over" in page
    assert told(town, "helper") == ["handovers.accepted"]
    turns = rows(town, select(Responsibility.since_at, Responsibility.until_at).order_by(Responsibility.since_at))
    assert len(turns) == 2 and turns[0].until_at == turns[1].since_at and turns[1].until_at is None


def test_the_name_is_told_when_the_citizen_has_said_yes(town: Town) -> None:
    sender, receiver = town.client("helper"), town.client("helper2")
    course = begun(sender, town, name="Mina Oppdiktet", phone="000 11 222")
    asked = ask_colleague(sender, town, course, town.people["helper2"], agreed="1", parts=["who"])
    page = get(receiver, asked)
    assert "Mina Oppdiktet" in page and 'href="tel:00011222"' in page and "To sleep again" not in page
    assert "Mina Oppdiktet" in get(receiver, town.path("/")) and "Mina Oppdiktet" in get(
        receiver, town.path("/handovers")
    )
    consent = rows(town, select(Handover.agreed_parts, Handover.agreed_at, Handover.sender_id))[0]
    assert (consent.agreed_parts, consent.sender_id) == (["who"], town.helper.membership_id)
    assert consent.agreed_at is not None
    assert f"told {town.helper.name} yes to telling: Name, and how to reach them" in get(sender, asked)


def test_reading_the_letter_stands_in_the_log_and_others_must_say_why(town: Town) -> None:
    sender = town.client("helper")
    course = begun(sender, town)
    asked = ask_colleague(sender, town, course, town.people["helper2"])
    get(town.client("helper2"), asked)
    citizen = rows(town, select(Course.citizen_id))[0][0]
    log = select(AccessLogEntry.page).where(
        AccessLogEntry.subject_id == citizen,
        AccessLogEntry.membership_id == town.people["helper2"].membership_id,
    )
    assert rows(town, log) == [("handovers.show",)]
    elsewhere = town.client("helper3").get(asked)
    assert elsewhere.status_code == 303 and elsewhere.location.endswith("/reason")
    for action in ("accept", "refuse", "withdraw"):
        assert town.client("helper3").post(f"{asked}/{action}").status_code == 403
    assert state(town, asked) == "open"


def test_a_refusal_needs_a_reason_and_changes_nobodys_responsibility(town: Town) -> None:
    sender, receiver = town.client("helper"), town.client("helper2")
    course = begun(sender, town)
    asked = ask_colleague(sender, town, course, town.people["helper2"])
    for words in ("", "   ", "no"):
        answer = post(receiver, f"{asked}/refuse", {"reason": words})
        assert answer.status_code == 422 and 'id="reason-error"' in answer.text
    answer = post(receiver, f"{asked}/refuse", {"reason": REASON})
    assert answer.status_code == 303 and state(town, asked) == "refused"
    assert responsible(town, course) == [town.helper.membership_id]
    assert REASON in get(sender, course) and told(town, "helper") == ["handovers.refused"]
    again = ask_colleague(sender, town, course, town.people["helper3"])
    assert again != asked and state(town, again) == "open"


def test_the_sender_may_take_it_back_until_the_answer(town: Town) -> None:
    sender, receiver = town.client("helper"), town.client("helper2")
    course = begun(sender, town)
    asked = ask_colleague(sender, town, course, town.people["helper2"])
    assert post(sender, f"{asked}/withdraw", {}).location == course
    assert post(receiver, f"{asked}/accept", {}).location.endswith("/handovers")
    assert (state(town, asked), responsible(town, course)) == ("withdrawn", [town.helper.membership_id])
    assert told(town, "helper2") == ["handovers.asked", "handovers.withdrawn"]
    second = ask_colleague(sender, town, course, town.people["helper2"])
    post(receiver, f"{second}/accept", {})
    assert "answered or taken back already" in get(sender, post(sender, f"{second}/withdraw", {}).location)
    assert state(town, second) == "accepted"


def test_only_one_is_asked_at_a_time_and_the_same_form_counts_once(town: Town) -> None:
    sender = town.client("helper")
    course = begun(sender, town)
    where = town.path(f"/handovers/new/{id_in(course)}/colleague")
    sent = letter(town.people["helper2"].membership_id)
    first, second = (post(sender, where, sent) for _ in range(2))
    assert first.location == second.location and len(rows(town, select(Handover.id))) == 1
    other = post(sender, where, letter(town.people["helper3"].membership_id, summary="Words that must survive"))
    assert other.status_code == 409 and "Words that must survive" in other.text
    assert len(rows(town, select(Handover.id))) == 1


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"whom": ""}, "whom", "Choose who shall take over"),
        ({"whom": str(uuid.uuid4())}, "whom", "Choose who shall take over"),
        ({"summary": " "}, "summary", "Write what the receiver needs to know"),
        ({"summary": "x" * 4001}, "summary", "At most 4000"),
        ({"day": ""}, "day", "Choose a date"),
        ({"day": "2020-01-01"}, "day", "This day has passed"),
        ({"day": "2200-01-01"}, "day", "more than 30 days away"),
        ({"day": "a day off"}, "day", "Nobody is at work that day"),
        ({"parts": ["who"]}, "agreed", "Tick that the citizen has said yes"),
        ({"parts": ["everything"], "agreed": "1"}, "parts", ""),
    ],
)
def test_a_mistake_is_told_at_its_field(town: Town, typed: dict[str, object], field: str, message: str) -> None:
    sender = town.client("helper")
    course = begun(sender, town)
    sent = {**letter(town.people["helper2"].membership_id), "wishes": "Wishes that must survive", **typed}
    sent |= {"day": day_off()} if sent["day"] == "a day off" else {}
    answer = post(sender, town.path(f"/handovers/new/{id_in(course)}/colleague"), sent)
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text and message in answer.text
    assert "Wishes that must survive" in answer.text and rows(town, select(Handover.id)) == []


def test_outside_the_service_nothing_goes_without_the_citizens_yes(town: Town, other_town: Town) -> None:
    sender = town.client("helper")
    course = begun(sender, town)
    whom = {"service": town.people["helper2"].membership_id, "municipality": other_town.tenant_id}
    for kind, receiver in whom.items():
        answer = post(
            sender, town.path(f"/handovers/new/{id_in(course)}/{kind}"), letter(receiver, service="School health")
        )
        assert answer.status_code == 422 and "Ask the citizen first" in answer.text
    assert rows(town, select(Handover.id)) == []


def test_another_service_receives_through_somebody_with_a_seat(town: Town) -> None:
    sender = town.client("helper")
    course = begun(sender, town)
    where = town.path(f"/handovers/new/{id_in(course)}/service")
    sent = letter(town.people["helper2"].membership_id, agreed="1")
    assert 'id="service-error"' in post(sender, where, sent).text
    asked = post(sender, where, {**sent, "service": "School health"}).location
    assert f"{town.people['helper2'].name}, School health" in get(sender, asked)
    post(town.client("helper2"), f"{asked}/accept", {})
    assert responsible(town, course) == [town.people["helper2"].membership_id]


def test_who_does_not_answer_for_a_course_hands_nothing_over(town: Town) -> None:
    course = begun(town.client("helper"), town)
    post(town.client("helper2"), f"{course}/reason", {"reason": "Called in while she is away"})
    where = town.path(f"/handovers/new/{id_in(course)}")
    assert town.client("helper2").get(where).status_code == 403
    sent = letter(town.people["helper2"].membership_id)
    assert post(town.client("helper2"), f"{where}/colleague", sent).status_code == 403
    post(town.client("leader"), f"{course}/reason", {"reason": "She has fallen ill today"})
    asked = ask_colleague(town.client("leader"), town, course, town.people["helper2"])
    assert state(town, asked) == "open"


@pytest.mark.parametrize("second", ["accept", "refuse", "withdraw"])
def test_of_two_answers_at_once_one_counts(town: Town, second: str) -> None:
    """A deadlock, two people responsible or none would show here."""
    sender = town.client("helper")
    course = begun(sender, town)
    where = {"accept": "helper2", "refuse": "helper2", "withdraw": "helper"}[second]
    asked = ask_colleague(sender, town, course, town.people["helper2"])
    clients = [town.client("leader"), town.client(where)]
    begin, answers = threading.Barrier(2), {}

    def act(number: int, action: str) -> None:
        begin.wait()
        answers[number] = clients[number].post(f"{asked}/{action}", data={"reason": REASON}).status_code

    people = [threading.Thread(target=act, args=item) for item in enumerate(("accept", second))]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert set(answers.values()) == {303}
    who = responsible(town, course)
    assert len(who) == 1
    ended = state(town, asked)
    assert (who == [town.helper.membership_id]) == (ended != "accepted")
    assert len(rows(town, select(Responsibility.id))) == (2 if ended == "accepted" else 1)


def test_reminder_then_escalation_each_once(town: Town) -> None:
    sender = town.client("helper")
    course = begun(sender, town)
    asked = ask_colleague(sender, town, course, town.people["helper2"])
    run_reminders(town)
    assert told(town, "helper2") == ["handovers.asked"]
    now = utcnow()
    change(town, asked, proposed_at=now - timedelta(days=3), due_at=now + timedelta(hours=5))
    for _ in range(2):
        run_reminders(town)
    assert told(town, "helper2") == ["handovers.asked", "handovers.reminded"]
    change(town, asked, due_at=now - timedelta(minutes=1))
    for _ in range(2):
        run_reminders(town)
    assert told(town, "leader") == ["handovers.overdue"] and told(town, "helper2")[2:] == []
    for client in (town.client("leader"), sender, town.client("helper2")):
        assert "Handover, not answered in time" in get(client, town.path("/"))
    assert "The leader knows." in get(sender, course)
    assert responsible(town, course) == [town.helper.membership_id]
    post(town.client("leader"), f"{asked}/accept", {})
    assert responsible(town, course) == [town.leader.membership_id]


def test_a_course_that_ends_meanwhile_leaves_no_question_open(town: Town) -> None:
    sender = town.client("helper")
    course = begun(sender, town)
    asked = ask_colleague(sender, town, course, town.people["helper2"])
    post(sender, f"{course}/ending", {"ending": "mutual"})
    assert state(town, asked) == "withdrawn" and responsible(town, course) == []
    assert told(town, "helper2") == ["handovers.asked", "handovers.withdrawn"]
    receiver = town.client("helper2")
    answer = post(receiver, f"{asked}/accept", {})
    assert "answered or taken back already" in get(receiver, answer.location)
    assert rows(town, select(Course.ending)) == [("mutual",)]


def test_a_course_that_ends_while_handovers_are_off_is_settled_when_they_are_on(town: Town) -> None:
    sender, switch = town.client("helper"), town.path("/settings/features/handovers")
    course = begun(sender, town)
    asked = ask_colleague(sender, town, course, town.people["helper2"])
    town.client("administrator").post(switch, data={"on": "0"})
    post(sender, f"{course}/ending", {"ending": "mutual"})
    assert state(town, asked) == "open"
    town.client("administrator").post(switch, data={"on": "1"})
    for _ in range(2):
        run(town)
    assert state(town, asked) == "withdrawn"


def leave(town: Town, key: str) -> None:
    where = town.path(f"/settings/people/{town.people[key].membership_id}/leave")
    assert post(town.client("administrator"), where, {}).status_code == 303


def test_what_asks_somebody_who_leaves_asks_the_leader_instead(town: Town) -> None:
    sender = town.client("helper")
    course = begun(sender, town)
    asked = ask_colleague(sender, town, course, town.people["helper2"])
    answered = begun(sender, town)
    done = ask_colleague(sender, town, answered, town.people["helper2"])
    post(town.client("helper2"), f"{done}/refuse", {"reason": REASON})
    people = get(town.client("leader"), town.path("/settings/people"))
    row = people.split(town.people["helper2"].name)[1].split("</tr>")[0]
    assert 'data-label="Questions to take over">1<' in row
    leave(town, "helper2")
    receivers = dict(map(tuple, rows(town, select(Handover.id, Handover.receiver_id))))
    assert receivers[id_in(asked)] == town.leader.membership_id
    assert receivers[id_in(done)] == town.people["helper2"].membership_id  # what has been is not rewritten
    assert "colleagues.took_over" in told(town, "leader")
    assert asked in get(town.client("leader"), town.path("/handovers"))
    post(town.client("leader"), f"{asked}/accept", {})
    assert responsible(town, course) == [town.leader.membership_id]


def test_a_door_that_is_asked_goes_on_with_its_own_leader(town: Town) -> None:
    boss, sender = town.people["everything"].membership_id, town.client("helper")
    people = {"duty_id": town.people["helper2"].membership_id, "deputy_id": boss, "leader_id": boss}
    course = begun(sender, town)
    asked = ask(sender, town, course, "door", add_door(town, "second", "Second", **people))
    leave(town, "helper2")
    assert rows(town, select(Handover.receiver_id)) == [(boss,)] and state(town, asked) == "open"


def test_nobody_is_asked_to_take_over_from_themselves(town: Town) -> None:
    """The sender leaves, and the leader who was asked gets the course itself; or the leader had asked the leaver."""
    course = begun(town.client("helper"), town)
    asked = ask_colleague(town.client("helper"), town, course, town.people["leader"])
    own = begun(town.client("leader"), town)
    back = ask_colleague(town.client("leader"), town, own, town.people["helper"])
    leave(town, "helper")
    assert responsible(town, course) == responsible(town, own) == [town.leader.membership_id]
    assert (state(town, asked), state(town, back)) == ("withdrawn", "withdrawn")


def test_somebody_who_has_just_left_is_not_asked(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    course = begun(town.client("helper"), town)
    monkeypatch.setattr("modules.handovers.sending.keep_seated", lambda _: False)
    where = town.path(f"/handovers/new/{id_in(course)}/colleague")
    answer = post(town.client("helper"), where, letter(town.people["helper2"].membership_id))
    assert answer.status_code == 422 and "They have left meanwhile" in answer.text
    assert rows(town, select(Handover.id)) == []


def test_lists_show_each_what_concerns_them(town: Town) -> None:
    sender = town.client("helper")
    course = begun(sender, town, name="Mina Oppdiktet")
    asked = ask_colleague(sender, town, course, town.people["helper2"])
    where = town.path("/handovers")
    href = f'href="{asked}"'
    assert href in get(town.client("helper2"), where) and href not in get(town.client("helper3"), where)
    sent = get(sender, f"{where}?show=sent")
    assert href in sent and "Mina Oppdiktet" in sent
    everything = get(town.client("leader"), f"{where}?show=open")
    assert href in everything and "Mina Oppdiktet" not in everything
    assert href not in get(town.client("helper3"), f"{where}?show=open")  # only the leader's
    post(town.client("helper2"), f"{asked}/accept", {})
    assert href in get(town.client("leader"), f"{where}?show=accepted")
    assert href not in get(town.client("leader"), f"{where}?show=open")
