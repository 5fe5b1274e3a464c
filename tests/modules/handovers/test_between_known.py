"""Somebody who comes from another municipality and is known here: asked about, and one person."""

import re

import pytest
from sqlalchemy import select

from modules.citizens.models import Citizen, Course
from modules.handovers.models import Arrival
from tenants.notices.models import Notice
from tests.modules.door import begun, citizen_of, count, get, id_in, post, rows
from tests.modules.handovers.asking import (
    handed_in,
    incoming,
    receiving,
    responsible,
)
from tests.people import Town


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
