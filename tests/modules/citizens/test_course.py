"""The page of a course, its conversations and its end, through the pages that helpers use."""

import re
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.types import utcnow
from modules.citizens.commands import add_conversation, begin_course, pass_on
from modules.citizens.models import CircleReason, Conversation, Course, Responsibility
from modules.feedback.models import ScaleRequest
from tenants.audit.models import AccessLogEntry
from tenants.notices.models import Notice
from tests.modules.door import begun, citizen_of, get, id_in, post, registered, rows, tomorrow
from tests.people import Town, make_town
from tests.statements import counted_statements

REASON = "I cover for a colleague who is ill"


def talk(**typed: str) -> dict[str, str]:
    return {
        "key": str(uuid.uuid4()),
        "matters": "To walk in the forest",
        "happened": "",
        "next_step": "A call on Friday",
        "next_date": tomorrow(),
        "next_time": "9:15",
        **typed,
    }


def reads(town: Town, course: str) -> list[tuple[uuid.UUID, str, str | None]]:
    query = select(AccessLogEntry.membership_id, AccessLogEntry.page, AccessLogEntry.reason)
    query = query.where(AccessLogEntry.subject_id == citizen_of(town, course)).order_by(AccessLogEntry.created_at)
    return [tuple(row) for row in rows(town, query)]


@pytest.fixture
def pair(app: Flask) -> Town:
    return make_town(app, extra_helpers=1)


def test_a_later_conversation_stands_in_the_timeline_and_as_next_step(town: Town) -> None:
    helper = town.client()
    course = begun(helper, town)
    answer = post(helper, f"{course}/conversation", talk())
    assert (answer.status_code, answer.location) == (303, course)
    page = get(helper, course)
    assert "To walk in the forest" in page and "A call on Friday" in page and "kl. 09" not in page
    assert page.index("To walk in the forest") < page.index("To sleep again")
    assert f"{town.helper.name} is responsible." in page


def test_whoever_is_to_be_called_is_called_by_a_touch(town: Town) -> None:
    helper = town.client()
    page = get(helper, begun(helper, town, phone="000 12 345"))
    assert '<a class="ds-link nowrap" href="tel:00012345">000 12 345</a>' in page


def test_the_same_conversation_sent_twice_is_one(town: Town) -> None:
    helper = town.client()
    course, sent = begun(helper, town), talk()
    assert [post(helper, f"{course}/conversation", sent).status_code for _ in range(2)] == [303, 303]
    assert rows(town, select(func.count()).select_from(Conversation)) == [(2,)]


@pytest.mark.parametrize("other", [{"matters": "Other words"}, {"next_step": ""}, {"next_time": "23:00"}])
def test_the_same_key_with_other_words_is_another_conversation(town: Town, other: dict[str, str]) -> None:
    helper = town.client()
    course, sent = begun(helper, town), talk()
    changed = {**sent, **other} if "next_step" not in other else {**sent, "next_step": "", "next_time": ""}
    assert [post(helper, f"{course}/conversation", form).status_code for form in (sent, changed)] == [303, 303]
    assert rows(town, select(func.count()).select_from(Conversation)) == [(3,)]
    assert other.get("matters", "To walk in the forest") in get(helper, course)


def test_neither_question_is_called_optional(town: Town) -> None:
    helper = town.client()
    course = begun(helper, town)
    waiting = registered(helper, town, name="Somebody Else", phone="")
    for where in (f"{course}/conversation", f"{waiting}/first-conversation"):
        page = get(helper, where)
        for label in ("What matters to you?", "What has happened to you?"):
            assert f"{label}</label>" in page
        assert "Answer at least one of the two questions." in page


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"matters": "", "happened": " "}, "matters", "Write something under one of the two questions"),
        ({"next_step": ""}, "next_step", "Write what you agreed on"),
        ({"next_time": ""}, "next_time", "Write a time"),
        ({"next_date": ""}, "next_date", "Choose a date"),
        ({"next_date": "2019-05-05"}, "next_date", "This day has passed"),
        ({"next_date": "nonsense"}, "next_date", "Write the date like this"),
        ({"happened": "x" * 20_001}, "happened", "At most 20"),
    ],
)
def test_a_mistake_in_a_conversation(town: Town, typed: dict[str, str], field: str, message: str) -> None:
    helper = town.client()
    course = begun(helper, town)
    sent = talk(**{"happened": "Words that must survive", **typed})
    answer = post(helper, f"{course}/conversation", sent)
    assert answer.status_code == 422 and f'id="{field}-error">{message}' in answer.text
    assert sent["happened"].strip() in answer.text and sent["key"] in answer.text
    assert rows(town, select(func.count()).select_from(Conversation)) == [(1,)]


def test_a_last_conversation_may_end_without_a_next_step(town: Town) -> None:
    helper = town.client()
    course = begun(helper, town)
    assert post(helper, f"{course}/conversation", talk(next_step="", next_time="")).status_code == 303
    assert "No next step agreed" in get(helper, course)


def test_a_course_ends_for_everybody_and_only_once(town: Town) -> None:
    helper = town.client()
    course = begun(helper, town)
    answer = post(helper, f"{course}/ending", {})
    assert answer.status_code == 422 and 'id="ending-error">Choose how it ended' in answer.text
    assert post(helper, f"{course}/ending", {"ending": "nonsense"}).status_code == 422
    assert post(helper, f"{course}/ending", {"ending": "mutual"}).status_code == 303
    closed = rows(town, select(Course.closed_at, Course.ending))[0]
    assert closed.ending == "mutual"
    assert rows(town, select(Responsibility.until_at)) == [(closed.closed_at,)]
    page = get(helper, course)
    assert "We agreed to end here" in page and "New conversation" not in page

    post(helper, f"{course}/ending", {"ending": "unilateral"})
    assert rows(town, select(Course.closed_at, Course.ending))[0] == closed
    for end in ("/conversation", "/ending"):
        assert helper.get(course + end).location == course
    late = post(helper, f"{course}/conversation", talk(matters="Words that must survive", next_step=""))
    assert late.status_code == 409 and "The course ended while you wrote" in late.text
    assert "Words that must survive" in late.text and "Save the conversation" not in late.text
    assert rows(town, select(func.count()).select_from(Conversation)) == [(1,)]
    assert "Invented Person" in get(helper, town.path("/courses?show=ended"))
    assert "Invented Person" not in get(helper, town.path("/courses"))


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


def test_search_finds_the_own_circle_by_name_and_number(pair: Town) -> None:
    begun(pair.client(), pair, name="Vilde Oppdiktet", phone="000 12 345")
    for words in ("vilde", "OPPDIK", "00012", "000 12"):
        assert "Vilde Oppdiktet" in get(pair.client(), pair.path(f"/search?q={words}"))
        assert "Nothing found" in get(pair.client("helper2"), pair.path(f"/search?q={words}"))
    for words in ("%25%25", "__", "vi_de"):
        assert "Nothing found" in get(pair.client(), pair.path(f"/search?q={words}"))


def test_today_shows_agreements_when_their_day_has_come(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    helper = town.client()
    begun(helper, town, name="Vilde Oppdiktet")
    over = begun(helper, town, name="Over and Done")
    post(helper, f"{over}/ending", {"ending": "mutual"})
    assert "Vilde Oppdiktet" not in get(helper, town.path("/"))
    monkeypatch.setattr("modules.citizens.figures.utcnow", lambda: utcnow() + timedelta(days=1))
    today = get(helper, town.path("/"))
    assert "Vilde Oppdiktet" in today and "A walk together" in today and "Over and Done" not in today
    assert "Vilde Oppdiktet" not in get(town.client("leader"), town.path("/"))
    # The latest agreement counts: a new one further away takes the old one's place.
    course = re.findall(rf"{town.path('/courses/')}[0-9a-f-]{{36}}", today)[0]
    later = (utcnow() + timedelta(days=9)).date().isoformat()
    post(helper, f"{course}/conversation", talk(next_date=later))
    assert "Vilde Oppdiktet" not in get(helper, town.path("/"))


def test_the_leaders_figures(town: Town) -> None:
    course = begun(town.client(), town)
    begun(town.client(), town)
    post(town.client(), f"{course}/ending", {"ending": "unilateral"})
    page = get(town.client("leader"), town.path("/steering"))
    assert re.search(r"People helped this year</a></p>\s*<p class=\"number-value\">2<", page)
    assert re.search(r"Open courses</a></p>\s*<p class=\"number-value\">1<", page)


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


def test_lists_cost_the_same_at_any_length(town: Town) -> None:
    helper = town.client()
    course = begun(helper, town)
    waiting = registered(helper, town, name="Person 119-1").removeprefix(town.path(""))
    fill_up(town, 1)
    wheres = [
        waiting,
        f"{waiting}/first-conversation",
        f"{course.removeprefix(town.path(''))}/reads",
        "/courses",
        "/courses?show=ended",
        "/contacts?show=all",
        "/contacts",
        course.removeprefix(town.path("")),
    ]
    few = [statements(town, where) for where in wheres]
    fill_up(town, 119)
    assert [statements(town, where) for where in wheres] == few
    assert max(few) <= 12
    pages = [get(helper, town.path(f"/courses?page={number}")) for number in (1, 2, 3)]
    names = [re.findall(r"<bdi>(.*?)</bdi>", page) for page in pages]
    assert [len(page) for page in names] == [50, 50, 21]
    assert len({name for page in names for name in page}) == 121
    assert "121 courses" in pages[0] and 'aria-label="Page 3"' in pages[0]
    assert helper.get(town.path("/courses?page=99")).status_code == 303


def statements(town: Town, where: str) -> int:
    client = town.client()
    with counted_statements() as found:
        assert client.get(town.path(where)).status_code == 200
    return len(found)


def fill_up(town: Town, number: int) -> None:
    with town.app.app_context(), tenant_scope(town.tenant_id):
        for count in range(number):
            course_id = begin_course(
                name=f"Person {number}-{count}", phone="", age_band="child", helper_id=helper_of(town), at=utcnow()
            )
            db.session.add(
                Conversation(course_id=course_id, membership_id=helper_of(town), held_at=utcnow(), matters="Words")
            )
        db.session.commit()


def helper_of(town: Town) -> uuid.UUID:
    assert town.helper.membership_id is not None
    return town.helper.membership_id


def test_what_may_follow_a_first_conversation_may_follow_any(town: Town) -> None:
    helper = town.client()
    course = begun(helper, town)
    where = f"{course}/conversation"
    page = get(helper, where)
    assert page.count('name="then"') == 2 and "Save and hand over the outcome scale" in page
    sent = talk(then="outcome")
    answer = post(helper, where, sent)
    assert answer.status_code == 303 and "/my/scale/" in answer.location
    # The same form sent twice is one conversation and one scale. (The citizen has the first screen now.)
    helper = town.client()
    assert post(helper, where, sent).location == course
    asked = rows(town, select(ScaleRequest.course_id, ScaleRequest.conversation_id))
    held = select(Conversation.course_id, Conversation.id).where(Conversation.matters == sent["matters"])
    assert [tuple(row) for row in asked] == [tuple(row) for row in rows(town, held)]
    assert post(helper, where, talk(matters="Just this", then="nonsense")).location == course
    town.client("administrator").post(town.path("/settings/features/feedback"), data={"on": "0"})
    assert 'name="then"' not in get(helper, where)


def test_the_figure_of_people_helped_opens_the_people(app: Flask) -> None:
    town = make_town(app, extra_helpers=1)
    own = begun(town.client("leader"), town, name="Mina Oppdiktet")
    post(town.client("leader"), f"{own}/conversation", talk())
    post(town.client("leader"), f"{own}/ending", {"ending": "mutual"})
    hidden = begun(town.client("helper2"), town, name="Nora Oppdiktet")
    with app.app_context(), tenant_scope(town.tenant_id):
        # Somebody met last year only, and nobody met at all: neither counts.
        for name in ("Earlier Oppdiktet", "Never Oppdiktet"):
            who = {"name": name, "phone": "", "age_band": "adult"}
            course_id = begin_course(**who, helper_id=town.leader.membership_id, at=utcnow() - timedelta(days=800))
            if name.startswith("Earlier"):
                at = utcnow() - timedelta(days=700)
                said = {"matters": "Then", "happened": "", "next_step": "", "next_step_at": None}
                key, helper_id = uuid.uuid4(), town.leader.membership_id
                add_conversation(course_id, key=key, helper_id=helper_id, at=at, **said)
        db.session.commit()
    leader, where = town.client("leader"), town.path("/courses/figures/helped")
    assert f'href="{where}"' in get(leader, town.path("/steering"))
    page = get(leader, where)
    assert "2 people have had a conversation" in page and "Oppdiktet" in page
    assert page.count(f'href="{own}"') == 1 and page.count(f'href="{hidden}"') == 1
    assert "Mina Oppdiktet" in page and "Nora" not in page and "Earlier" not in page and "Never" not in page
    assert page.index(hidden) < page.index(own)
    assert leader.get(f"{where}?page=2").status_code == 303
    assert town.client("helper2").get(where).status_code == 403
