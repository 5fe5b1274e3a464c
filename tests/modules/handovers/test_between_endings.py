"""Handing over to another municipality that ends otherwise, at once, too late or in the middle: never with nobody responsible."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hjelpa.core.config import Settings
from hjelpa.core.isolation import tenant_scope
from hjelpa.embedded import EmbeddedServers
from modules.citizens.models import Course
from modules.handovers import exchange
from modules.handovers.jobs import settle
from modules.handovers.models import Arrival
from tenants.notices.models import Notice
from tests.modules.door import count, get, post, rows
from tests.modules.handovers.asking import (
    REASON,
    accepted,
    age,
    handed_in,
    incoming,
    receiving,
    responsible,
    run,
    state,
    transfer,
)
from tests.people import Town


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
