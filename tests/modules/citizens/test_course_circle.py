"""Who may open the page of a course: the circle, a reason from anybody else, and what is written down of every look."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.types import utcnow
from modules.citizens.commands import pass_on
from modules.citizens.models import CircleReason, Conversation
from tenants.audit.models import AccessLogEntry
from tenants.notices.models import Notice
from tests.modules.door import begun, citizen_of, get, id_in, post, rows, talk
from tests.people import Town

REASON = "I cover for a colleague who is ill"


def reads(town: Town, course: str) -> list[tuple[uuid.UUID, str, str | None]]:
    query = select(AccessLogEntry.membership_id, AccessLogEntry.page, AccessLogEntry.reason)
    query = query.where(AccessLogEntry.subject_id == citizen_of(town, course)).order_by(AccessLogEntry.created_at)
    return [tuple(row) for row in rows(town, query)]


def test_outside_the_circle_a_reason_is_asked_and_nothing_is_told(pair: Town) -> None:
    course = begun(pair.client(), pair, name="Vilde Oppdiktet")
    colleague = pair.client("helper2")
    for end in ("", "/conversation", "/ending", "/reads"):
        answer = colleague.get(course + end)
        assert (answer.status_code, answer.location) == (303, f"{course}/reason")
    for end, sent in (("/conversation", talk()), ("/ending", {"ending": "mutual"})):
        assert post(colleague, course + end, sent).location == f"{course}/reason"
    page = get(colleague, f"{course}/reason")
    assert "Vilde Oppdiktet" not in page and "To sleep again" not in page and pair.helper.name in page
    assert rows(pair, select(func.count()).select_from(Conversation)) == [(1,)]
    assert {who for who, _, _ in reads(pair, course)} <= {pair.helper.membership_id}


@pytest.mark.parametrize("typed", ["", "   ", "short", "x" * 1001])
def test_a_reason_must_say_something(pair: Town, typed: str) -> None:
    course = begun(pair.client(), pair)
    answer = post(pair.client("helper2"), f"{course}/reason", {"reason": typed})
    assert answer.status_code == 422 and 'id="reason-error"' in answer.text
    assert rows(pair, select(func.count()).select_from(CircleReason)) == [(0,)]


def test_a_reason_opens_for_some_hours_and_stands_in_the_log(pair: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    course = begun(pair.client(), pair, name="Vilde Oppdiktet")
    colleague, me = pair.client("helper2"), pair.people["helper2"].membership_id
    assert post(colleague, f"{course}/reason", {"reason": REASON}).location == course
    page = get(colleague, course)
    assert "Vilde Oppdiktet" in page and REASON in page
    assert "End the course" not in page and colleague.get(f"{course}/ending").status_code == 403
    assert (me, "citizens.course", REASON) in reads(pair, course)

    log = get(pair.client(), f"{course}/reads")
    assert f"{pair.people['helper2'].name} read the page of the course" in log and REASON in log
    assert f"{pair.helper.name} read the list of who has read" in log

    with pair.app.app_context(), tenant_scope(pair.tenant_id):
        held = db.session.execute(select(CircleReason.expires_at)).scalar_one() - utcnow()
        assert timedelta(hours=7, minutes=59) < held <= timedelta(hours=8)
    monkeypatch.setattr("modules.citizens.gate.utcnow", lambda: utcnow() + timedelta(hours=8))
    assert colleague.get(course).location == f"{course}/reason"


def test_a_colleagues_conversation_leaves_the_responsibility_where_it_is(pair: Town) -> None:
    course = begun(pair.client(), pair, name="Vilde Oppdiktet")
    colleague, sent = pair.client("helper2"), talk()
    post(colleague, f"{course}/reason", {"reason": REASON})
    for _ in range(2):
        assert post(colleague, f"{course}/conversation", sent).status_code == 303
    page = get(colleague, course)
    assert f"{pair.helper.name} is responsible." in page
    assert f"{pair.people['helper2'].name} is responsible" not in page
    assert rows(pair, select(Notice.membership_id, Notice.kind)) == [
        (pair.helper.membership_id, "citizens.colleague_talked")
    ]
    told = get(pair.client(), pair.path("/notices"))
    assert (
        f"{pair.people['helper2'].name} has held a conversation in a course that you are responsible for" in told
    )
    assert "Vilde" not in told
    post(pair.client(), f"{course}/conversation", talk())
    assert rows(pair, select(func.count()).select_from(Notice)) == [(1,)]


def test_every_look_is_written_down_and_nothing_else_is(town: Town) -> None:
    helper = town.client()
    course = begun(helper, town)
    before = reads(town, course)
    for end in ("", "/conversation", "/ending", "/reads"):
        get(helper, course + end)
    post(helper, f"{course}/conversation", talk(matters=""))  # a mistake, shown again with the citizen's name
    me = town.helper.membership_id
    pages = ("course", "conversation", "ending", "access_log", "add_conversation")
    assert reads(town, course)[len(before) :] == [(me, f"citizens.{page}", None) for page in pages]


def test_nothing_is_shown_when_the_log_cannot_be_written(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    helper = town.client()
    course = begun(helper, town, name="Vilde Oppdiktet")

    def refuse(*args: object, **values: object) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr("modules.citizens.gate.record_read", refuse)
    for end in ("", "/conversation", "/ending", "/reads"):
        answer = helper.get(course + end)
        assert answer.status_code == 500 and "Vilde" not in answer.text


def test_former_responsibility_keeps_the_door_open(pair: Town) -> None:
    course = begun(pair.client(), pair)
    with pair.app.app_context(), tenant_scope(pair.tenant_id):
        colleague = pair.people["helper2"].membership_id
        assert colleague and pass_on(id_in(course), to_id=colleague, at=utcnow())
        db.session.commit()
    page = get(pair.client(), course)
    assert f"{pair.people['helper2'].name} is responsible." in page
    assert "End the course" not in page  # reading, yes; deciding, no
    assert "End the course" in get(pair.client("helper2"), course)


def test_a_leader_sees_all_courses_but_names_of_the_own_circle_only(pair: Town) -> None:
    course = begun(pair.client(), pair, name="Vilde Oppdiktet")
    leader = pair.client("leader")
    listed = get(leader, pair.path("/courses?show=all"))
    assert "Vilde Oppdiktet" not in listed and pair.helper.name in listed and str(id_in(course)) in listed
    assert str(id_in(course)) not in get(pair.client("helper2"), pair.path("/courses?show=all"))
    assert leader.get(course).location == f"{course}/reason"
    post(leader, f"{course}/reason", {"reason": REASON})
    assert "End the course" in get(leader, course)
    assert "Vilde Oppdiktet" in get(leader, pair.path("/courses?show=all"))


def test_foreign_and_missing_courses_do_not_exist(town: Town, other_town: Town) -> None:
    theirs = id_in(begun(other_town.client(), other_town))
    helper = town.client()
    nothing = helper.get(town.path(f"/courses/{uuid.uuid4()}")).data
    for end in ("", "/conversation", "/ending", "/reads", "/reason"):
        answer = helper.get(town.path(f"/courses/{theirs}{end}"))
        assert (answer.status_code, answer.data) == (404, nothing)
    for end, sent in (
        ("/conversation", talk()),
        ("/ending", {"ending": "mutual"}),
        ("/reason", {"reason": REASON}),
    ):
        assert post(helper, town.path(f"/courses/{theirs}{end}"), sent).status_code == 404
