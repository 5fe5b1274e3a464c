"""What is brought to supervision and learned there: whose it is, who sees it, and that nobody stands behind a note."""

import re
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hjelpa.core.config import Settings
from hjelpa.core.events import Theme
from hjelpa.core.types import utcnow
from hjelpa.embedded import EmbeddedServers
from modules.citizens.commands import pass_on
from modules.citizens.unnamed import week_of
from modules.feedback.signals import commands
from modules.feedback.signals.jobs import mix_notes
from modules.feedback.signals.models import FeedbackTheme, LearningNote, SupervisionCase
from tests.modules.door import get, post, rows
from tests.modules.feedback.courses import inside, make_course
from tests.modules.feedback.signals.test_signals import look, waiting_course
from tests.people import Town, make_town

QUESTION = "Hva gjør dere når samtalene går i ring?"


@pytest.fixture
def superuser(servers: EmbeddedServers, settings: Settings) -> Iterator[psycopg.Connection[Any]]:
    with servers.superuser(settings.database_url.partition("@/")[2].partition("?")[0]) as connection:
        yield connection


@pytest.fixture
def wide(town: Town) -> Town:
    """A municipality with two helpers."""
    return make_town(town.app, extra_helpers=1)


def bring(client: FlaskClient, town: Town, course_id: uuid.UUID, question: str = QUESTION) -> Any:
    return post(client, town.path(f"/feedback/courses/{course_id}/supervision"), {"question": question})


def cases(town: Town) -> Sequence[Any]:
    columns = (SupervisionCase.id, SupervisionCase.course_id, SupervisionCase.question, SupervisionCase.talked_at)
    return rows(town, select(*columns).order_by(SupervisionCase.brought_at))


def listed(client: FlaskClient, town: Town, rest: str = "") -> str:
    page = get(client, town.path(f"/feedback/supervision{rest}"))
    return page[page.index("<main") :]


def test_a_helper_sees_the_own_courses_with_signals_and_nobody_elses(wide: Town) -> None:
    own, others = waiting_course(wide), waiting_course(wide, helper=wide.people["helper2"].membership_id)
    look(wide)
    page = listed(wide.client(), wide)
    assert str(own) in page and str(others) not in page and "No whole answer for a while" in page
    leaders = [listed(wide.client("leader"), wide, rest) for rest in ("", "?show=brought")]
    assert not any(str(course) in page for course in (own, others) for page in leaders)


def test_what_is_brought_is_seen_by_the_leader_without_the_name(wide: Town) -> None:
    course_id = make_course(wide)[0]
    assert bring(wide.client(), wide, course_id).status_code == 303
    assert "Ada Liksom" in listed(wide.client(), wide) and QUESTION in listed(wide.client(), wide)
    page = listed(wide.client("leader"), wide, "?show=brought")
    assert QUESTION in page and "Ada Liksom" not in page and wide.helper.name in page
    # A helper has no such list, whatever is asked for.
    assert QUESTION not in listed(wide.client("helper2"), wide, "?show=brought")
    assert QUESTION in get(wide.client(), wide.path(f"/courses/{course_id}"))


def test_a_leader_without_own_courses_sees_first_what_is_brought(wide: Town) -> None:
    bring(wide.client(), wide, make_course(wide)[0])
    leader = wide.client("leader")
    assert QUESTION in listed(leader, wide) and QUESTION not in listed(leader, wide, "?show=own")
    assert "show=own" in listed(leader, wide)


def test_it_follows_the_course_to_whoever_answers_for_it(wide: Town) -> None:
    course_id, taker = make_course(wide)[0], wide.people["helper2"].membership_id
    bring(wide.client(), wide, course_id)
    assert taker is not None
    with inside(wide):
        pass_on(course_id, to_id=taker, at=utcnow())
    assert QUESTION not in listed(wide.client(), wide) and QUESTION in listed(wide.client("helper2"), wide)


def test_brought_twice_it_is_one_with_the_latest_question(town: Town) -> None:
    course_id = make_course(town)[0]
    for question in (QUESTION, "Et annet spørsmål"):
        assert bring(town.client(), town, course_id, question).status_code == 303
    assert [(row.course_id, row.question) for row in cases(town)] == [(course_id, "Et annet spørsmål")]
    assert "Et annet spørsmål" in get(town.client(), town.path(f"/feedback/courses/{course_id}/supervision"))


def test_nobody_takes_other_peoples_courses(wide: Town) -> None:
    course_id = make_course(wide)[0]
    asked = bring(wide.client("helper2"), wide, course_id)
    assert (asked.status_code, asked.location) == (303, wide.path(f"/courses/{course_id}/reason"))
    reason = {"reason": "Vikar i dag for en kollega"}
    post(wide.client("helper2"), wide.path(f"/courses/{course_id}/reason"), reason)
    assert bring(wide.client("helper2"), wide, course_id).status_code == 403
    assert cases(wide) == []


@pytest.mark.parametrize(
    ("question", "message"),
    [(" ", "Write what you want to ask"), ("Ring 400 00 000", "Leave out phone numbers"), ("x" * 2001, "At most")],
)
def test_what_is_wrong_with_a_question_is_told_beside_it(town: Town, question: str, message: str) -> None:
    page = bring(town.client(), town, make_course(town)[0], question)
    assert page.status_code == 422 and re.search(rf'id="question-error"[^>]*>[^<]*{message}', page.text)
    assert question.strip() in page.text and cases(town) == []


@pytest.mark.parametrize("role", ["helper", "leader"])
def test_talked_through_it_leaves_the_list_and_leads_to_a_note(town: Town, role: str) -> None:
    course_id = make_course(town)[0]
    bring(town.client(), town, course_id)
    ((case_id, *_),) = cases(town)
    for _ in range(2):
        answer = post(town.client(role), town.path(f"/feedback/supervision/{case_id}/talked"), {})
        assert (answer.status_code, answer.location) == (303, town.path("/feedback/learning/new"))
    assert cases(town)[0].talked_at is not None and QUESTION not in listed(town.client(), town)
    page = get(town.client(), town.path(f"/courses/{course_id}"))
    assert "Talked through in supervision" in page and "Taken to supervision" in page


def write(client: FlaskClient, town: Town, where: str = "learning", **typed: str) -> Any:
    form = {"key": str(uuid.uuid4()), "words": "Spør om hva som er annerledes", "source": "written", **typed}
    return post(client, town.path(f"/feedback/{where}/new"), form)


def test_a_note_is_read_by_every_helper_and_names_nobody_unless_signed(wide: Town) -> None:
    assert write(wide.client(), wide).status_code == 303
    assert write(wide.client(), wide, words="Vi spurte skolen", signed="1").status_code == 303
    notes = rows(wide, select(LearningNote.week, LearningNote.words, LearningNote.signature, LearningNote.id))
    assert {note[:3] for note in notes} == {
        (week_of(utcnow()), "Spør om hva som er annerledes", ""),
        (week_of(utcnow()), "Vi spurte skolen", wide.helper.name),
    }
    assert {note.id.version for note in notes} == {4}
    page = get(wide.client("helper2"), wide.path("/feedback/learning"))
    assert "Spør om hva som er annerledes" in page and page.count(wide.helper.name) == 1
    assert set(LearningNote.__table__.columns.keys()) == {"tenant_id", "id", "week", "words", "signature"}
    assert set(FeedbackTheme.__table__.columns.keys()) == {"tenant_id", "id", "week", "source", "words"}


@pytest.mark.parametrize("where", ["learning", "themes"])
def test_nothing_else_is_written_beside_it_and_at_night_the_order_is_lost(
    town: Town, superuser: psycopg.Connection[Any], where: str
) -> None:
    table = {"learning": "learning_notes", "themes": "feedback_themes"}[where]
    client = town.client()
    get(client, town.path(f"/feedback/{where}/new"))
    before = traces(superuser, town)
    for number in range(6):
        assert write(client, town, where, words=f"Ord {number}").status_code == 303
    assert {name for name, state in traces(superuser, town).items() if before[name] != state} == {table}
    hidden = f"select count(distinct xmin::text), array_agg(id order by ctid) from {table} where tenant_id = %s"
    with inside(town):
        mix_notes({})
    found = superuser.execute(hidden.encode(), (town.tenant_id,)).fetchone()
    assert found is not None and found[0] == 1 and found[1] == sorted(found[1]) and len(found[1]) == 6


def traces(superuser: psycopg.Connection[Any], town: Town) -> dict[str, Any]:
    """Everything that any table holds of the municipality."""
    named = "select table_name from information_schema.columns where table_schema = 'public' and column_name = %s"
    state = "select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from {} t where tenant_id = %s"
    return {
        name: superuser.execute(state.format(name).encode(), (town.tenant_id,)).fetchone()
        for (name,) in superuser.execute(named, ("tenant_id",)).fetchall()
    }


@pytest.mark.parametrize("where", ["learning", "themes"])
@pytest.mark.parametrize(
    ("words", "message"),
    [(" ", "Write what"), ("Kari, 400 00 000", "Leave out phone numbers"), ("x" * 2001, "At most")],
)
def test_what_is_wrong_is_told_beside_the_words(town: Town, where: str, words: str, message: str) -> None:
    page = write(town.client(), town, where, words=words)
    assert page.status_code == 422 and re.search(rf'id="words-error"[^>]*>[^<]*{message}', page.text)
    assert words.strip() in page.text and rows(town, select(LearningNote.id)) == rows(
        town, select(FeedbackTheme.id)
    )


def test_a_theme_goes_from_a_note_to_whoever_listens_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[object] = []
    monkeypatch.setattr(commands, "publish", heard.append)
    write(town.client(), town, words="Møt folk ute")
    ((note_id,),) = rows(town, select(LearningNote.id))
    page = get(town.client(), town.path(f"/feedback/themes/new?note={note_id}"))
    assert "Møt folk ute" in page and re.search(r'value="learning"[^>]*checked', page)
    key = str(uuid.uuid4())
    for _ in range(2):
        assert (
            write(town.client(), town, "themes", key=key, words="Møt folk ute", source="learning").status_code
            == 303
        )
    assert heard == [Theme("Møt folk ute", "learning")]
    kept = rows(town, select(FeedbackTheme.words, FeedbackTheme.source, FeedbackTheme.week))
    assert kept == [("Møt folk ute", "learning", week_of(utcnow()))]
    assert "Møt folk ute" in get(town.client("leader"), town.path("/feedback/themes"))


@pytest.mark.parametrize("asked", ["x", "", str(uuid.uuid4())], ids=["no id", "nothing", "nobody"])
def test_a_note_that_is_none_begins_an_empty_theme(town: Town, asked: str) -> None:
    assert town.client().get(town.path(f"/feedback/themes/new?note={asked}")).status_code == 200


@pytest.mark.parametrize(("where", "model"), [("learning", LearningNote), ("themes", FeedbackTheme)])
def test_a_leader_takes_away_what_tells_who_it_was(town: Town, where: str, model: Any) -> None:
    write(town.client(), town, where, words="Kari Liksom")
    ((id,),) = rows(town, select(model.id))
    address = town.path(f"/feedback/{where}/{id}/remove")
    assert post(town.client(), address, {}).status_code == 403
    assert post(town.client("leader"), address, {}).status_code == 303
    assert rows(town, select(model.id)) == [] and post(town.client("leader"), address, {}).status_code == 404


def test_within_a_week_words_stand_by_themselves(town: Town) -> None:
    for words in ("Å spørre", "bolig", "Avtaler"):
        write(town.client(), town, words=words)
    page = get(town.client(), town.path("/feedback/learning"))
    places = [page.index(f">{words}<") for words in ("Avtaler", "bolig", "Å spørre")]
    assert places == sorted(places)
