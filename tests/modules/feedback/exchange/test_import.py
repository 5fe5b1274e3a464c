"""Sessions from a file: shown first, then all of it in or nothing, and the same file again changes nothing."""

import io
import uuid
import zipfile
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.outbox import OutboxRow
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from modules.citizens.models import Citizen, Conversation, Course, Responsibility
from modules.feedback.exchange import commands, writing
from modules.feedback.exchange.jobs import RUN
from modules.feedback.exchange.known import Batch
from modules.feedback.exchange.models import ImportedCourse
from modules.feedback.models import Answer, Rater
from tenants.identity.models import Membership
from tenants.notices.models import Notice
from tenants.units.models import Unit
from tests.modules.feedback.courses import add_answer, inside, list_answers, make_course
from tests.modules.feedback.exchange.files import (
    confirm,
    count,
    find,
    make_file,
    random_rows,
    send,
    send_and_find,
    state_of,
    take_in,
    work,
)
from tests.people import Town

ROWS = (
    "k-1,self,adult,outcome,1,2026-01-12,3.2,4,5.1,3.9,2026-05-20,mutual",
    "k-1,self,adult,alliance,1,2026-01-12,8,8.5,,9,2026-05-20,mutual",
    "k-1,Mamma,adult,outcome,1,2026-01-13,4,4,4.5,4,2026-05-20,mutual",
    "k-1,self,adult,outcome,2,2026-01-12,5,5,5,5,2026-05-20,mutual",
    "k-2,self,child,outcome,1,2026-02-01,1,2,3,4,,",
    "k-2,self,child,alliance,1,2026-02-01,,,,,,",
)
NOTHING = dict.fromkeys(
    ("citizens", "courses", "responsibilities", "conversations", "raters", "answers", "imported_courses"), 0
)


def test_first_it_is_shown_and_nothing_is_registered(town: Town) -> None:
    import_id = send_and_find(town, make_file(*ROWS))
    assert state_of(town, import_id) == "checked"
    page = town.client("leader").get(town.path(f"/feedback/import/{import_id}?lang=en"))
    assert "Refresh" not in page.headers
    for words in (
        "New courses of help",
        "Take in the sessions",
        "The first rows",
        "k-1",
        "Waits for your yes",
        town.helper.name,
    ):
        assert words in page.text
    assert find(town, import_id).summary["new"] == {"courses": 2, "sessions": 3, "answers": 5, "ended": 0}
    assert count(town) == NOTHING


def test_confirmed_it_comes_in_as_it_was(town: Town) -> None:
    assert take_in(town, make_file(*ROWS)) == "done"
    with inside(town):
        courses = db.session.scalars(select(Course).order_by(Course.opened_at)).all()
        names = db.session.scalars(select(Citizen.name).order_by(Citizen.name)).all()
        references = dict(db.session.execute(select(ImportedCourse.course_id, ImportedCourse.reference)).all())
        first, second = courses
        turns = {turn.course_id: turn for turn in db.session.scalars(select(Responsibility))}
        answers = db.session.scalars(select(Answer)).all()
        talks = db.session.scalars(select(Conversation).order_by(Conversation.held_at)).all()
        rater = db.session.scalars(select(Rater)).one()
        assert [name.split()[-1] for name in names] == ["k-1", "k-2"]
        assert [references[course.id] for course in courses] == ["k-1", "k-2"]
        assert first.closed_at is not None and first.closed_at.astimezone(LOCAL).date() == date(2026, 5, 20)
        assert (first.ending, second.closed_at, second.ending) == ("mutual", None, None)
        assert turns[first.id].until_at == first.closed_at and turns[second.id].until_at is None
        assert turns[second.id].membership_id == town.helper.membership_id
        assert [talk.held_at.astimezone(LOCAL).date() for talk in talks] == [
            date(2026, 1, 12),
            date(2026, 1, 12),
            date(2026, 2, 1),
        ]
        kept = {
            (talk.id, answer.scale, answer.rater_id): answer
            for talk in talks
            for answer in answers
            if answer.conversation_id == talk.id
        }
        assert kept[talks[0].id, "outcome", None].items == [32, 40, 51, 39]
        assert kept[talks[0].id, "outcome", None].total == 162
        assert kept[talks[0].id, "alliance", None].items == [80, 85, None, 90]
        assert kept[talks[0].id, "alliance", None].total is None
        assert kept[talks[0].id, "outcome", rater.id].items == [40, 40, 45, 40]
        assert kept[talks[2].id, "outcome", None].form == "hjelpa.outcome.child"
        assert {answer.channel for answer in answers} == {"import"}
        assert len(answers) == 5 and rater.label == "Mamma"


@pytest.mark.parametrize("seed", range(4))
def test_the_same_file_again_changes_nothing(town: Town, seed: int) -> None:
    content = make_file(*random_rows(seed))
    assert take_in(town, content) == "done"
    before = count(town)
    assert before["answers"] > 50
    again = send_and_find(town, content)
    assert set(find(town, again).summary["new"].values()) == {0}
    for path in (f"/feedback/import/{again}", "/feedback/import"):
        page = town.client("leader").get(town.path(f"{path}?lang=en")).text
        assert "Nothing new" in page and "/confirm" not in page and "Waits for your yes" not in page
    confirm(town, again)
    work(town, again)
    assert (state_of(town, again), count(town)) == ("done", before)


@pytest.mark.parametrize("seed", range(4))
def test_a_longer_file_adds_what_is_new_in_whatever_order(town: Town, other_town: Town, seed: int) -> None:
    """Half first and then all ends as all at once does."""
    rows = random_rows(seed + 10)
    shorter = [row.rsplit(",", 2)[0] + ",," for row in rows[: len(rows) // 2]]
    assert take_in(town, make_file(*shorter)) == "done"
    assert take_in(town, make_file(*rows)) == "done"
    assert take_in(other_town, make_file(*rows)) == "done"
    assert count(town) == count(other_town)
    with inside(town):
        here = sorted(map(str, db.session.execute(select(Answer.items, Answer.total, Answer.scale))))
        ended = sorted(str(row) for row in db.session.execute(select(Course.closed_at, Course.ending)))
    with inside(other_town):
        assert sorted(map(str, db.session.execute(select(Answer.items, Answer.total, Answer.scale)))) == here
        assert sorted(str(row) for row in db.session.execute(select(Course.closed_at, Course.ending))) == ended


@pytest.mark.parametrize(
    ("row", "line", "words"),
    [
        ("k-1,self,adult,outcome,1,2026-01-12,3.3,4,5.1,3.9,2026-05-20,mutual", 2, "and otherwise"),
        ("k-1,self,child,outcome,1,2026-01-12,3.2,4,5.1,3.9,2026-05-20,mutual", 2, "age_band contradicts"),
        ("k-1,self,adult,outcome,1,2026-01-12,3.2,4,5.1,3.9,2026-05-21,mutual", 2, "ended or ending contradicts"),
        (
            "k-1,self,adult,outcome,1,2026-01-12,3.2,4,5.1,3.9,2026-05-20,unilateral",
            2,
            "ended or ending contradicts",
        ),
        ("k-1,self,adult,outcome,1,2026-01-11,3.2,4,5.1,3.9,2026-05-20,mutual", 2, "the date contradicts"),
        ("k-2,self,child,outcome,2,2026-01-11,3.2,4,5.1,3.9,2025-05-20,mutual", 2, "after the course ended"),
        ("k-1,self,adult,outcome,3,2026-05-19,3.25,4,5.1,3.9,2026-05-20,mutual", 2, "more than one decimal"),
        ("k-9,self,adult,outcome,1,2126-05-19,3,4,5.1,3.9,,", 2, "has not come yet"),
        ("k-9,self,adult,outcome,1,2026-05-19,11,4,5.1,3.9,,", 2, "outside 0–10"),
    ],
    ids=["answer", "band", "end", "ending", "day", "after", "fine", "future", "score"],
)
def test_what_contradicts_is_told_by_line_and_nothing_comes_in(
    town: Town, row: str, line: int, words: str
) -> None:
    assert take_in(town, make_file(*ROWS)) == "done"
    before = count(town)
    import_id = send_and_find(town, make_file(row, "k-3,self,adult,outcome,1,2026-01-12,1,1,1,1,,"))
    given = find(town, import_id)
    assert (given.state, given.content) == ("refused", None)
    assert [problem["line"] for problem in given.summary["problems"]] == [line]
    page = town.client("leader").get(town.path(f"/feedback/import/{import_id}"), headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert words in given.summary["problems"][0]["text"] % given.summary["problems"][0]["values"]
    assert count(town) == before


def test_what_changes_before_it_comes_in_stops_all_of_it(town: Town) -> None:
    """Somebody else's file says otherwise about one course in the meantime: not one row of this one stays."""
    import_id = send_and_find(town, make_file(*ROWS, *random_rows(3, prefix="r")))
    assert take_in(town, make_file("k-2,self,child,outcome,1,2026-02-01,9,9,9,9,,")) == "done"
    before = count(town)
    confirm(town, import_id)
    work(town, import_id)
    given = find(town, import_id)
    assert (given.state, given.content, count(town)) == ("failed", None, before)
    assert [problem["line"] for problem in given.summary["problems"]] == [6]
    assert notices(town, "leader") == {"feedback.import_done": 1, "feedback.import_failed": 1}


def test_a_helper_who_has_left_meanwhile_answers_for_nothing(town: Town) -> None:
    import_id = send_and_find(town, make_file(*ROWS), helper_id=str(town.people["everything"].membership_id))
    with inside(town):
        seat = Membership.id == town.people["everything"].membership_id
        db.session.execute(update(Unit).values(deputy_id=None, open=False))
        db.session.execute(update(Membership).where(seat).values(ended_at=utcnow()))
    confirm(town, import_id)
    work(town, import_id)
    assert (state_of(town, import_id), count(town)) == ("failed", NOTHING)
    assert town.client("leader").get(town.path(f"/feedback/import/{import_id}")).status_code == 200


def notices(town: Town, role: str) -> dict[str, int]:
    with inside(town):
        mine = Notice.membership_id == town.people[role].membership_id
        kinds = db.session.scalars(select(Notice.kind).where(mine)).all()
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


def test_a_large_file_is_checked_by_the_worker(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "CHECKED_AT_ONCE", 10)
    import_id = send_and_find(town, make_file(*ROWS))
    client = town.client("leader")
    page = client.get(town.path(f"/feedback/import/{import_id}"))
    assert (page.status_code, page.headers["Refresh"], state_of(town, import_id)) == (200, "4", "waiting")
    confirm(town, import_id, client)
    assert state_of(town, import_id) == "waiting"
    work(town, import_id)
    assert state_of(town, import_id) == "checked"
    confirm(town, import_id, client)
    assert client.get(town.path(f"/feedback/import/{import_id}")).headers["Refresh"] == "4"
    confirm(town, import_id, client)
    with inside(town):
        assert db.session.scalars(select(OutboxRow.job).where(OutboxRow.job == "feedback.run_import")).all() == [
            "feedback.run_import"
        ]
    work(town, import_id)
    work(town, import_id)
    given = find(town, import_id)
    assert (given.state, given.content, given.rows_done) == ("done", None, 6)
    assert "k-1" not in str(given.summary)
    assert notices(town, "leader") == {"feedback.import_checked": 1, "feedback.import_done": 1}
    assert "Refresh" not in client.get(town.path(f"/feedback/import/{import_id}")).headers


def test_work_that_is_given_up_is_told_and_the_file_is_gone(town: Town) -> None:
    import_id = send_and_find(town, make_file(*ROWS))
    confirm(town, import_id)
    with inside(town):
        db.session.execute(
            update(OutboxRow).where(OutboxRow.job == "feedback.run_import").values(dead_at=utcnow())
        )
    page = town.client("leader").get(town.path(f"/feedback/import/{import_id}"))
    assert (page.status_code, "Refresh" in page.headers) == (200, False)
    work(town)
    given = find(town, import_id)
    assert (given.state, given.content) == ("failed", None)
    assert notices(town, "leader") == {"feedback.import_failed": 1}


def test_a_file_that_nobody_takes_in_is_let_go_of(town: Town) -> None:
    import_id = send_and_find(town, make_file(*ROWS))
    with time_machine.travel(utcnow() + timedelta(days=3), tick=False):
        work(town)
    assert town.client("leader").get(town.path(f"/feedback/import/{import_id}")).status_code == 404


def test_the_same_form_twice_is_one_import_and_thrown_away_it_is_gone(town: Town) -> None:
    key = str(uuid.uuid4())
    first, second = (send_and_find(town, make_file(*ROWS), key=key) for _ in range(2))
    assert str(first) == str(second) == key
    client = town.client("leader")
    assert client.post(town.path(f"/feedback/import/{key}/throw-away")).status_code == 303
    assert client.get(town.path(f"/feedback/import/{key}")).status_code == 404
    assert count(town) == NOTHING


def test_our_own_course_gets_what_comes_after(town: Town) -> None:
    """Under its own id a course's conversations are counted; the next session is a new one, and a gap is refused."""
    held = utcnow() - timedelta(days=40)
    course_id, [talk] = make_course(town, held=[held])
    day = held.astimezone(LOCAL).date()
    same = f"{course_id},self,adult,outcome,1,{day},3,3,3,3,,"
    later = f"{course_id},self,adult,outcome,2,{day + timedelta(days=7)},5,5,5,5,,"
    assert take_in(town, make_file(same, later)) == "done"
    assert list_answers(town, talk)[0]["total"] == 120
    assert count(town)["courses"] == 1 and count(town)["conversations"] == 2
    assert take_in(town, make_file(same, later)) == "done"
    assert count(town)["conversations"] == 2 and count(town)["answers"] == 2
    gap = f"{course_id},self,adult,outcome,4,{day + timedelta(days=8)},5,5,5,5,,"
    early = f"{course_id},self,adult,outcome,3,{day},5,5,5,5,,"
    for row in (gap, early):
        assert state_of(town, send_and_find(town, make_file(row))) == "refused"


def test_what_was_skipped_may_be_answered_by_a_file(town: Town) -> None:
    held = utcnow() - timedelta(days=4)
    course_id, [talk] = make_course(town, held=[held])
    add_answer(town, course_id, talk, None, state="skipped")
    row = f"{course_id},self,adult,outcome,1,{held.astimezone(LOCAL).date()},3,3,3,3,,"
    assert take_in(town, make_file(row)) == "done"
    assert [(given["state"], given["total"]) for given in list_answers(town, talk)] == [("answered", 120)]


def test_another_municipalitys_course_is_a_name_like_any_other(town: Town, other_town: Town) -> None:
    course_id, [talk] = make_course(other_town)
    day = (utcnow() - timedelta(days=1)).astimezone(LOCAL).date()
    assert take_in(town, make_file(f"{course_id},self,adult,outcome,1,{day},3,3,3,3,,")) == "done"
    assert list_answers(other_town, talk) == []
    assert count(town)["courses"] == 1 and count(other_town)["courses"] == 1


def test_without_a_file_what_was_chosen_is_kept(town: Town) -> None:
    answer = send(town, b"", unit_id="nowhere")
    assert answer.status_code == 422
    assert f'value="{town.helper.membership_id}" selected' in answer.text
    assert 'id="file-error"' in answer.text and 'id="unit_id-error"' in answer.text


def test_only_those_who_may(town: Town) -> None:
    assert send(town, make_file(*ROWS), role="helper").status_code == 403
    assert town.client("helper").get(town.path("/feedback/export.csv")).status_code == 403
    assert send(town, make_file(*ROWS), role="administrator").status_code == 303


def test_a_bomb_is_refused(town: Town) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"0" * 200_000_000)
    import_id = send_and_find(town, packed.getvalue(), name="sessions.xlsx")
    # A workbook is never opened while its sender waits, however small it is.
    assert state_of(town, import_id) == "waiting"
    work(town, import_id)
    given = find(town, import_id)
    assert given.state == "refused"
    assert "unpack to more" in given.summary["problems"][0]["text"]


def test_too_large_a_file_is_refused_unread(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    view = town.app.view_functions["feedback_exchange.receive"]
    monkeypatch.setattr(view, "__hjelpa_most_bytes__", 5_000)
    assert send(town, b"x" * 6_000).status_code == 413
    assert send(town, make_file(*ROWS)).status_code == 303
    monkeypatch.undo()
    # Any other form may be this large only.
    monkeypatch.setitem(town.app.config, "MAX_CONTENT_LENGTH", 5_000)
    assert send(town, b"x" * 6_000).status_code == 303


def test_how_far_it_is_can_be_seen_while_it_is_under_way(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    write = writing._write

    def look(batch: Batch) -> None:
        write(batch)
        seen.append(find(town, import_id).rows_done)

    monkeypatch.setattr(writing, "_write", look)
    monkeypatch.setattr(writing, "AT_ONCE", 1)
    import_id = send_and_find(town, make_file(*ROWS))
    confirm(town, import_id)
    with town.app.app_context(), tenant_scope(town.tenant_id):
        RUN.handler({"import_id": str(import_id)})
        db.session.commit()
    assert seen == [0, 4]
    assert state_of(town, import_id) == "done"
