"""A conversation that begins with the outcome scale, and is written up afterwards."""

import re
import threading
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from hjelpa.core.events import UnmetNeed
from hjelpa.core.types import utcnow
from modules.citizens.begun import begin_conversation
from modules.citizens.commands import end_course, give_reason, pass_on
from modules.citizens.models import Conversation
from modules.citizens.queries import find_head
from modules.feedback.answering.commands import accept, decline
from modules.feedback.models import Answer, ScaleRequest
from tenants.notices.models import Notice
from tests.modules.door import begun, get, id_in, post, rows, tomorrow
from tests.modules.feedback.courses import ALL_ANSWERED, inside, make_course
from tests.people import SCREEN_CODE, Town, make_town
from tests.statements import counted_statements

BEGIN = "Begin with the outcome scale"
NOTES = {
    "matters": "To sing again",
    "happened": "",
    "next_step": "A call on Friday",
    "next_date": tomorrow(),
    "next_time": "9:15",
}


def tap(client: FlaskClient, course: str, *, key: str = "", way: str = "outcome"):
    """The button on the page of a course."""
    return post(client, f"{course}/begin", {"key": key or str(uuid.uuid4()), "way": way})


def take_back(client: FlaskClient) -> str:
    """The helper's code after the citizen's answer, and where it leads."""
    answer = client.post("/account/locked", data={"screen_code": SCREEN_CODE})
    assert answer.status_code == 303
    return str(answer.location)


def held_in(town: Town, course: str) -> list[tuple[str, bool]]:
    """What stands in a course's conversations, the earliest first, and whether each is unwritten."""
    columns = select(Conversation.matters, Conversation.unwritten).where(Conversation.course_id == id_in(course))
    return [tuple(row) for row in rows(town, columns.order_by(Conversation.held_at))]


def started(client: FlaskClient, town: Town) -> tuple[str, str]:
    """A course in which a conversation has begun, and the address where it is written up."""
    course = begun(client, town)
    tap(client, course)
    return course, take_back(client)


def test_the_scale_is_answered_first_and_the_notes_come_into_the_same_conversation(town: Town) -> None:
    helper = town.client()
    course = begun(helper, town)
    assert BEGIN in get(helper, course)
    scale = tap(helper, course).location
    assert re.fullmatch(rf"/{town.slug}/my/scale/[\w-]{{43}}", scale)
    assert town.app.test_client().post(scale, data=ALL_ANSWERED).status_code == 303
    notes = take_back(helper)
    assert id_in(notes) == rows(town, select(Answer.conversation_id))[0].conversation_id

    page = get(helper, notes)
    assert "Write up the conversation" in page and "The conversation has begun" in page
    assert "Save and hand over the alliance scale" in page
    assert "Save and hand over the outcome scale" not in page
    # One may be without a next step; the first one of a course may not, and asks for what does not exist.
    assert "only when you have agreed that nothing more is needed" in page and "does not exist" not in page
    answer = post(helper, notes, NOTES)
    assert (answer.status_code, answer.location) == (303, course)
    assert held_in(town, course) == [("To sleep again", False), ("To sing again", False)]
    assert "not written up" not in get(helper, course)


def test_an_unwritten_one_stands_on_the_course_and_in_today_for_whoever_held_it(app: Flask) -> None:
    town = make_town(app, extra_helpers=1)
    helper, colleague = town.client(), town.client("helper2")
    course, notes = started(helper, town)
    page = get(helper, course)
    assert f'href="{notes}"' in page and "waits to be written up" in page and "not written up" in page
    # What was agreed before still stands; nothing new was said yet, and one conversation begins at a time.
    assert "A walk together" in page and "No next step agreed" not in page and BEGIN not in page
    today = get(helper, town.path("/"))
    assert f'href="{notes}"' in today and "Invented Person" in today

    with inside(town):
        assert pass_on(id_in(course), to_id=town.people["helper2"].membership_id, at=utcnow())
    page = get(colleague, course)
    assert notes not in page and "not written up" in page and BEGIN in page
    assert notes not in get(colleague, town.path("/"))
    assert colleague.get(notes).status_code == 404
    assert post(colleague, notes, NOTES).status_code == 404
    assert held_in(town, course)[-1] == ("", True)


def test_the_name_in_today_follows_the_circle(app: Flask) -> None:
    town = make_town(app, extra_helpers=1)
    outsider, course = town.client("helper2"), begun(town.client(), town)
    seat_id = town.people["helper2"].membership_id
    with inside(town):
        head = find_head(id_in(course), seat_id)
        begin_conversation(head.id, key=uuid.uuid4(), helper_id=seat_id, at=utcnow())
    page = get(outsider, town.path("/"))
    assert "Write it up" in page and "Invented Person" not in page
    with inside(town):
        give_reason(head.citizen_id, seat_id, "I cover for a colleague")
    assert "Invented Person" in get(outsider, town.path("/"))


def test_whoever_is_responsible_is_told_once(app: Flask) -> None:
    town = make_town(app, extra_helpers=1)
    colleague, course = town.client("helper2"), begun(town.client(), town)
    post(colleague, f"{course}/reason", {"reason": "I cover for a colleague who is ill"})
    tap(colleague, course)
    assert post(colleague, take_back(colleague), NOTES).status_code == 303
    told = select(func.count()).select_from(Notice).where(Notice.kind == "citizens.colleague_talked")
    assert rows(town, told) == [(1,)]


def test_the_same_notes_sent_twice_are_one(town: Town) -> None:
    helper = town.client()
    course, notes = started(helper, town)
    sent = [post(helper, notes, NOTES | {"then": "alliance"}) for _ in range(2)]
    assert sent[0].status_code == 303 and "/my/scale/" in sent[0].location
    assert take_back(helper).startswith(course)
    again = post(helper, notes, NOTES)
    assert (again.status_code, again.location) == (303, course)
    assert held_in(town, course) == [("To sleep again", False), ("To sing again", False)]
    assert rows(town, select(ScaleRequest.scale).order_by(ScaleRequest.scale)) == [("alliance",), ("outcome",)]
    assert helper.get(notes).location == course


def test_other_notes_from_a_second_tab_are_refused_and_shown(town: Town) -> None:
    helper = town.client()
    course, notes = started(helper, town)
    assert post(helper, notes, NOTES).status_code == 303
    answer = post(helper, notes, NOTES | {"matters": "Words of the other tab"})
    assert answer.status_code == 409 and "Words of the other tab" in answer.text
    assert "has been written up already" in answer.text
    assert held_in(town, course) == [("To sleep again", False), ("To sing again", False)]


def test_two_tabs_at_once_write_one(town: Town) -> None:
    helper, other, answers = town.client(), town.client(), []
    course, notes = started(helper, town)
    pairs = [(helper, "One tab"), (other, "Another tab")]
    threads = [
        threading.Thread(target=lambda c=client, w=words: answers.append(post(c, notes, NOTES | {"matters": w})))
        for client, words in pairs
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert len(held_in(town, course)) == 2


def test_begun_from_two_tabs_or_tapped_twice_is_one(town: Town) -> None:
    course, key = begun(town.client(), town), str(uuid.uuid4())
    first, second, third = town.client(), town.client(), town.client()
    assert "/my/scale/" in tap(first, course, key=key).location
    # Not answered yet: the scale is handed over anew for the same conversation, and the first address has stopped.
    scale = tap(second, course, key=key).location
    assert "/my/scale/" in scale
    assert town.app.test_client().post(scale, data=ALL_ANSWERED).status_code == 303
    # Answered: there is nothing to hand over, and the notes are next, whichever page it was begun on.
    assert tap(third, course).location == take_back(first)
    assert held_in(town, course) == [("To sleep again", False), ("", True)]
    assert [post(third, take_back(second), NOTES).status_code, len(held_in(town, course))] == [303, 2]
    answer = tap(third, course, key=key)
    assert answer.location == course and "has been written up already" in get(third, course)
    assert len(held_in(town, course)) == 2


def test_begun_at_the_same_instant_is_one(town: Town) -> None:
    course, answers = begun(town.client(), town), []
    clients = [town.client() for _ in range(3)]
    threads = [threading.Thread(target=lambda c=client: answers.append(tap(c, course))) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [303] * 3
    assert held_in(town, course) == [("To sleep again", False), ("", True)]


def test_a_key_that_is_something_elses_begins_its_own(town: Town, other_town: Town) -> None:
    helper, course = town.client(), begun(town.client(), town)
    earlier = rows(town, select(Conversation.id))[0].id
    _, (theirs,) = make_course(other_town)
    elsewhere = begun(helper, town, name="Another Person")
    tap(helper, elsewhere, key=str(earlier))
    assert id_in(take_back(helper)) != earlier
    assert held_in(town, elsewhere)[-1] == ("", True) and len(held_in(town, course)) == 1
    tap(helper, course, key=str(theirs))
    take_back(helper)
    assert held_in(town, course)[-1] == ("", True)


@pytest.mark.parametrize("typed", [{"matters": ""}, {"next_time": ""}, {"next_date": "2020-01-01"}])
def test_wrong_notes_are_shown_again(town: Town, typed: dict[str, str]) -> None:
    helper = town.client()
    course, notes = started(helper, town)
    answer = post(helper, notes, NOTES | typed)
    assert answer.status_code == 422 and f'action="{notes}"' in answer.text
    assert held_in(town, course)[-1] == ("", True)


def test_a_closed_course_begins_nothing_and_takes_the_notes_of_what_was_held(town: Town) -> None:
    helper = town.client()
    course, notes = started(helper, town)
    with inside(town):
        assert end_course(id_in(course), "mutual")
    page = get(helper, course)
    assert BEGIN not in page and f'href="{notes}"' in page
    assert "What did you agree on?" not in get(helper, notes)
    answer = post(helper, notes, {"matters": "A good end"})
    assert (answer.status_code, answer.location) == (303, course)
    assert "No next step was agreed" not in get(helper, course)
    assert held_in(town, course)[-1] == ("A good end", False)
    assert tap(helper, course).location == course
    assert "This course has ended" in get(helper, course)
    assert len(held_in(town, course)) == 2


def test_somebody_who_would_rather_not_be_asked_is_not(town: Town) -> None:
    helper, course = town.client(), begun(town.client(), town)
    with inside(town):
        decline(id_in(course), utcnow())
    assert BEGIN not in get(helper, course)
    assert tap(helper, course).location == course
    assert "would rather not be asked" in get(helper, course)
    assert len(held_in(town, course)) == 1 and rows(town, select(ScaleRequest.id)) == []
    with inside(town):
        accept(id_in(course), utcnow() + timedelta(seconds=1))
    assert BEGIN in get(helper, course)


def test_only_whoever_may_hand_over_begins_so(town: Town) -> None:
    course = begun(town.client("everything"), town)
    leader = town.client("leader")
    post(leader, f"{course}/reason", {"reason": "A complaint has come about this"})
    assert BEGIN not in get(leader, course)
    assert tap(leader, course).status_code == 404
    assert tap(town.client("everything"), course, way="alliance").status_code == 404
    assert len(held_in(town, course)) == 1


def test_nothing_of_another_municipality_is_begun_or_written(town: Town, other_town: Town) -> None:
    helper, stranger = town.client(), other_town.client()
    course, notes = started(helper, town)
    own = begun(stranger, other_town)
    theirs = [course.replace(town.slug, other_town.slug), notes.replace(town.slug, other_town.slug)]
    assert tap(stranger, theirs[0]).status_code == 404
    for address in (theirs[1], f"{own}/conversations/{id_in(notes)}"):
        assert stranger.get(address).status_code == 404
        assert post(stranger, address, NOTES).status_code == 404
    assert held_in(town, course)[-1] == ("", True) and len(held_in(other_town, own)) == 1


def test_the_first_conversation_asks_for_a_next_step_and_for_what_does_not_exist(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[UnmetNeed] = []
    monkeypatch.setattr("modules.citizens.routes_begun.publish", heard.append)
    helper = town.client()
    course_id, (only,) = make_course(town)
    course = town.path(f"/courses/{course_id}")
    notes = f"{course}/conversations/{only}"
    with inside(town):
        held = Conversation.__table__
        from_now = held.update().where(held.c.id == only).values(unwritten=True, matters="", happened="")
        town.app.extensions["sqlalchemy"].session.execute(from_now)
    assert "does not exist" in get(helper, notes)
    assert post(helper, notes, NOTES | {"next_step": ""}).status_code == 422
    for _ in range(2):
        assert post(helper, notes, NOTES | {"missing": "A place to sing"}).status_code == 303
    assert heard == [UnmetNeed("A place to sing", "conversation")]


def test_beginning_and_writing_up_cost_few_statements(town: Town) -> None:
    helper = town.client()
    course, notes = started(helper, town)
    with counted_statements() as statements:
        assert helper.get(notes).status_code == 200
    assert len(statements) <= 12
    for where in (course, town.path("/")):
        with counted_statements() as statements:
            assert helper.get(where).status_code == 200
        assert len(statements) <= 12, (where, statements)
    post(helper, notes, NOTES)
    with counted_statements() as statements:
        assert helper.get(course).status_code == 200
    assert len(statements) <= 12, statements
