"""Taking a file in: held against what is registered course by course, and written in batches. Nothing here commits."""

import io
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from flask_babel import force_locale, gettext
from sqlalchemy import bindparam, update

from hjelpa.core.bulk import insert_rows, settle
from hjelpa.core.database import db, side_transaction
from hjelpa.core.events import CourseEnds, publish
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.types import utcnow
from hjelpa.web.i18n import LANGUAGES
from modules.citizens.models import Citizen, Conversation, Course, Responsibility
from modules.feedback.exchange.known import Batch, Setting
from modules.feedback.exchange.material import Forms, Material, read_material
from modules.feedback.exchange.models import ImportedCourse, SessionImport
from modules.feedback.exchange.planning import plan_course
from modules.feedback.exchange.queries import get_language, load_known, reference_key
from modules.feedback.models import Answer, Rater
from modules.feedback.scales.choosing import local_day
from modules.feedback.scales.forms import AGES, KINDS
from modules.feedback.scales.queries import list_forms_of
from modules.feedback.scales.registry import OWN_PACK, own_form

# Courses held against the database at a time.
AT_ONCE = 2_000


@dataclass(slots=True)
class Found:
    """What a file adds, and what was there already."""

    material: Material
    courses: int = 0
    sessions: int = 0
    answers: int = 0
    ended: int = 0
    known: int = 0

    def count(self, batch: Batch) -> None:
        self.courses += len(batch.courses)
        self.sessions += len(batch.conversations)
        self.answers += len(batch.answers) + len(batch.fillings)
        self.ended += len(batch.endings)
        self.known += batch.known_answers


@dataclass(slots=True)
class Report:
    """How far the writing is, for the page that shows it; told outside the writing's own transaction."""

    import_id: uuid.UUID
    rows: int = 0

    def add(self, rows: int) -> None:
        self.rows += rows
        with side_transaction(apart=True) as session:
            there = update(SessionImport).where(SessionImport.id == self.import_id)
            session.execute(there.values(rows_done=self.rows))


def forms_of(pack: str) -> Forms:
    """The form of a pack for each scale and age band; None where it has none."""
    places = [(kind, band) for kind in KINDS for band in AGES]
    if pack == OWN_PACK:
        return {(kind, band): own_form(kind, band) for kind, band in places}
    forms = list_forms_of(pack)
    fitting = {
        place: [form for form in forms if form.kind == place[0] and place[1] in form.ages] for place in places
    }
    return {place: next(iter(found), None) for place, found in fitting.items()}


def take_in(given: SessionImport, *, write: bool) -> Found:
    """Checks a file against what is registered, and with `write` adds what is new; with problems nothing was written
    that may stay."""
    assert given.content is not None
    forms = forms_of(given.pack)
    material = read_material(io.BytesIO(given.content), forms, local_day(utcnow()))
    found = Found(material)
    if material.problems:
        return found
    setting = Setting(given.unit_id, given.helper_id, forms, _name_for_citizens())
    report = Report(given.id) if write else None
    for names in _slices(material):
        batch = _plan(material, names, setting)
        found.count(batch)
        for problem in batch.problems:
            material.note(problem.line, problem.reason)
        if write and not material.problems:
            _write(batch)
        if report is not None:
            report.add(sum(len(material.courses[name]) for name in names))
    material.problems.sort(key=lambda problem: problem.line)
    return found


def _slices(material: Material) -> Iterator[list[str]]:
    names = iter(material.courses)
    while part := list(islice(names, AT_ONCE)):
        yield part


def _plan(material: Material, names: list[str], setting: Setting) -> Batch:
    batch, known = Batch(), load_known(names)
    for name in names:
        plan_course(name, material.courses[name], known.get(name), setting, batch)
    return batch


def _name_for_citizens() -> str:
    """What somebody is called of whom only a file's name is known, in the municipality's language."""
    language = get_language(get_tenant_id())
    with force_locale(language if language in LANGUAGES else "nb"):
        return str(gettext("Imported %(reference)s", reference="%(reference)s"))


def _write(batch: Batch) -> None:
    insert_rows(Citizen, batch.citizens)
    insert_rows(Course, batch.courses)
    insert_rows(Responsibility, batch.turns)
    insert_rows(ImportedCourse, [row | {"reference_key": _hash(row)} for row in batch.references])
    insert_rows(Conversation, batch.conversations)
    insert_rows(Rater, batch.raters)
    insert_rows(Answer, batch.answers)
    _fill(batch.fillings)
    for course_id, closed_at, ending in batch.endings:
        _end(course_id, closed_at, ending)
    settle()


def _hash(row: Mapping[str, Any]) -> str:
    return f"\\x{reference_key(row['reference']).hex()}"


def _fill(fillings: list[dict[str, Any]]) -> None:
    """Answers where there was only that the scale had been skipped."""
    if fillings:
        table = Answer.__table__
        here = (table.c.tenant_id == get_tenant_id(), table.c.id == bindparam("filled"))
        rows = [
            {"filled": row["id"]} | {name: value for name, value in row.items() if name != "id"}
            for row in fillings
        ]
        db.session.connection().execute(update(Answer).where(*here), rows)


def _end(course_id: uuid.UUID, closed_at: datetime, ending: str) -> None:
    """A course that a longer file says has ended; what waits for an answer about it is settled first."""
    publish(CourseEnds(course_id))
    unsynced = {"synchronize_session": False}
    last = update(Responsibility).where(Responsibility.course_id == course_id, Responsibility.until_at.is_(None))
    ended = db.session.execute(
        last.values(until_at=closed_at).returning(Responsibility.id), execution_options=unsynced
    )
    if ended.first() is not None:
        course = update(Course).where(Course.id == course_id, Course.closed_at.is_(None))
        db.session.execute(course.values(closed_at=closed_at, ending=ending), execution_options=unsynced)
