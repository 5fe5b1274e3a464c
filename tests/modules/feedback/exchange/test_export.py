"""Everything out, and in again: the columns of an import, no names, and the same figures."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from hjelpa.core.database import db
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from hjelpa.web.downloads import write_csv, write_workbook
from modules.citizens.models import Citizen, Course
from modules.feedback.exchange import writing
from modules.feedback.metrics.reading import read_courses
from modules.feedback.metrics.rows import COLUMNS
from tenants.audit.models import AccessLogEntry
from tests.modules.feedback.courses import add_answer, inside, make_course
from tests.modules.feedback.exchange.files import count, export, make_file, random_rows, take_in
from tests.modules.lives import write_lives
from tests.people import Town


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("seed", range(3))
def test_out_and_in_again_changes_nothing(town: Town, seed: int, kind: str) -> None:
    assert take_in(town, make_file(*random_rows(seed))) == "done"
    course_id, [first, second] = make_course(
        town, held=[utcnow() - timedelta(days=9), utcnow() - timedelta(days=2)]
    )
    add_answer(town, course_id, first, 248)
    add_answer(town, course_id, second, None, state="skipped")
    before, content = count(town), export(town, kind)
    assert take_in(town, content, name=f"x.{kind}") == "done"
    assert count(town) == before
    assert export(town, kind) == content or kind == "xlsx"
    assert not read_courses(io.BytesIO(content)).problems


@pytest.mark.parametrize("seed", range(3))
def test_lives_of_every_kind_come_back_as_they_were(
    town: Town, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Conversations at any hour, without answers, with others' answers, on the same day, after the end."""
    write_lives(town, seed)
    before, content = count(town), export(town)
    reading = read_courses(io.BytesIO(content))
    assert not reading.problems, [str(problem) for problem in reading.problems]
    # They have ended by then, all of them.
    monkeypatch.setattr(writing, "utcnow", lambda: datetime(2028, 1, 1, tzinfo=UTC))
    assert take_in(town, content) == "done"
    assert count(town) == before


def test_an_end_before_its_last_conversation_is_told_as_it_can_be(town: Town) -> None:
    """A file cannot say that somebody talked after the end; taken in again it is the same all the same."""
    closed = utcnow() - timedelta(days=20)
    make_course(town, held=[utcnow() - timedelta(days=30), utcnow() - timedelta(days=10)], closed_at=closed)
    content = export(town)
    last = (utcnow() - timedelta(days=10)).astimezone(LOCAL).date().isoformat()
    assert {row["ended"] for row in rows_of(content)} == {last}
    before = count(town)
    assert take_in(town, content) == "done"
    assert count(town) == before


def test_a_file_taken_in_gives_the_figures_of_the_file(town: Town, tmp_path: Path) -> None:
    rows = [row for row in random_rows(7, courses=60) if ",self," in row]
    assert take_in(town, make_file(*rows)) == "done"
    before = read_courses(io.BytesIO(make_file(*rows)))
    after = read_courses(io.BytesIO(export(town)))
    assert before.problems == after.problems == []
    # An end without a word on it is one that nobody agreed to; names of courses are others.
    told = [sorted(_facts(reading)) for reading in (before, after)]
    assert told[0] == told[1]


def _facts(reading: object) -> list[str]:
    return [
        str(
            (
                r.age_band,
                r.ended_on,
                r.ending or (r.ended_on and "unilateral"),
                [s.total for s in r.sessions if s.total is not None],
                r.first_items,
            )
        )
        for r in reading.records  # type: ignore[attr-defined]  # a Reading
    ]


def test_the_file_has_no_names_and_numbers_are_numbers(town: Town) -> None:
    rows = (
        "k-1,self,adult,outcome,1,2026-01-12,3.2,4,5.1,3.9,,",
        "k-1,Mamma Hemmelig,adult,outcome,1,2026-01-12,4,4,4.5,4,,",
        "k-1,Pappa Hemmelig,adult,outcome,2,2026-01-13,4,4,,4,,",
    )
    assert take_in(town, make_file(*rows)) == "done"
    content = export(town)
    with inside(town):
        course_id = str(db.session.scalars(select(Course.id)).one())
    found = [(row["rater"], row["scale"], row["session"], row["item1"], row["item3"]) for row in rows_of(content)]
    assert set(found) >= {
        ("self", "outcome", "1", "3,2", "5,1"),
        ("self", "alliance", "1", "", ""),
        ("self", "outcome", "2", "", ""),
        ("self", "alliance", "2", "", ""),
    }
    assert sorted(rater for rater, *_ in found) == ["rater2", "rater3", *["self"] * 4]
    assert {row["course"] for row in rows_of(content)} == {course_id}
    assert b"Hemmelig" not in content and b"k-1" not in content
    sheet = load_workbook(io.BytesIO(export(town, "xlsx"))).worksheets[0]
    values = list(sheet.iter_rows(values_only=True))
    assert values[0] == COLUMNS
    assert [value for value in values[1] if isinstance(value, float)] == [3.2, 4, 5.1, 3.9]
    assert values[1][4] == 1


def test_it_is_written_in_each_citizens_log_before_it_leaves(town: Town, other_town: Town) -> None:
    for place in (town, other_town):
        make_course(place)
    make_course(town)
    export(town)
    with inside(town):
        logged = db.session.execute(
            select(AccessLogEntry.subject_id, AccessLogEntry.page, AccessLogEntry.membership_id)
        ).all()
        citizens = set(db.session.scalars(select(Citizen.id)))
    assert {row.subject_id for row in logged} == citizens and len(logged) == 2
    assert {(row.page, row.membership_id) for row in logged} == {
        ("feedback_export.as_csv", town.leader.membership_id)
    }
    with inside(other_town):
        assert db.session.scalar(select(func.count(AccessLogEntry.id))) == 0


def test_nothing_of_another_municipality(town: Town, other_town: Town) -> None:
    course_id, _ = make_course(other_town)
    assert rows_of(export(town)) == []
    assert {row["course"] for row in rows_of(export(other_town))} == {str(course_id)}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_text_becomes_a_formula(text: str) -> None:
    written = b"".join(write_csv(["a"], [[text], [-1.5]])).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(written, newline=""), delimiter=";"))[1:] == [[f"'{text}"], ["-1,5"]]
    book = b"".join(write_workbook(["a"], [[text], [-1.5]]))
    cells = [row[0] for row in load_workbook(io.BytesIO(book)).worksheets[0].iter_rows(min_row=2)]
    assert [cell.data_type for cell in cells] == ["s", "n"] or [cell.data_type for cell in cells] == [
        "inlineStr",
        "n",
    ]
    assert str(cells[0].value).startswith("'")
