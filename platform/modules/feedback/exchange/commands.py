"""What happens to an import: kept and checked, confirmed, taken in, thrown away. Nothing here commits."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hjelpa.core.contract import Job, NoticeKind
from hjelpa.core.database import db
from hjelpa.core.outbox import enqueue
from hjelpa.core.types import utcnow
from modules.feedback.exchange import queries
from modules.feedback.exchange.models import SessionImport
from modules.feedback.exchange.notices import CHECKED, DONE, FAILED
from modules.feedback.exchange.writing import Found, take_in
from modules.feedback.metrics.reading import Problem
from modules.feedback.metrics.rows import COLUMNS, SessionRow
from modules.feedback.metrics.tables import is_workbook
from tenants.identity.members import keep_seated
from tenants.notices.queries import notify

# A text file up to this size is checked while its sender waits; a larger one by a job, and so is every workbook:
# a small one can hold as much as a large one.
CHECKED_AT_ONCE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came, and how what is in it is to be registered."""

    filename: str
    content: bytes
    unit_id: uuid.UUID
    helper_id: uuid.UUID
    pack: str


def receive(key: uuid.UUID, upload: Upload, made_by: uuid.UUID, check: Job) -> uuid.UUID:
    """Keeps a file until it has been taken in or thrown away, and checks it now or soon.

    `key` becomes the import's id: the same form sent twice is one import.
    """
    if queries.find_import(key) is not None:
        return key
    given = SessionImport(
        id=key,
        made_by=made_by,
        unit_id=upload.unit_id,
        helper_id=upload.helper_id,
        pack=upload.pack,
        filename=upload.filename,
        size=len(upload.content),
        content=upload.content,
        state="waiting",
    )
    db.session.add(given)
    db.session.flush()
    if given.size <= CHECKED_AT_ONCE and not is_workbook(upload.content):
        look_at(given)
    else:
        given.work_id = enqueue(check, {"import_id": str(key)})
    return key


def look_at(given: SessionImport) -> None:
    """Checks a file and keeps what was found; nothing of it is registered."""
    found = take_in(given, write=False)
    if found.material.problems:
        _refuse(given, "refused", found)
    else:
        given.state, given.changed_at = "checked", utcnow()
        given.summary = summarise(found) | {"first": [_cells(row) for row in found.material.first]}


def confirm(given: SessionImport, job: Job) -> bool:
    """Has what was shown taken in; False where that is under way, or there is nothing to take in."""
    if given.state != "checked":
        return False
    given.state, given.changed_at, given.rows_done = "confirmed", utcnow(), 0
    given.work_id = enqueue(job, {"import_id": str(given.id)}, key=f"import-{given.id}")
    return True


def run(given: SessionImport) -> None:
    """Takes a confirmed file in, all of it or nothing, and tells who asked for it."""
    nested = db.session.begin_nested()
    seated = keep_seated(given.helper_id)
    found = take_in(given, write=True) if seated else None
    if found is None or found.material.problems:
        nested.rollback()
        _refuse(given, "failed", found)
        _tell(given, FAILED)
        return
    nested.commit()
    given.state, given.changed_at, given.content = "done", utcnow(), None
    given.summary = summarise(found)
    given.rows_done = found.material.rows
    _tell(given, DONE, {"answers": found.answers, "courses": found.courses})


def give_up(given: SessionImport) -> None:
    """What is left of an import whose job could not be done."""
    given.state, given.changed_at, given.content, given.summary = "failed", utcnow(), None, {}
    _tell(given, FAILED)


def tell_checked(given: SessionImport) -> None:
    _tell(given, CHECKED if given.state == "checked" else FAILED)


def throw_away(given: SessionImport) -> bool:
    """Removes an import that nothing has come of; False while something may."""
    if given.state not in ("checked", "refused", "failed"):
        return False
    db.session.delete(given)
    return True


def _refuse(given: SessionImport, state: str, found: Found | None) -> None:
    given.state, given.changed_at, given.content = state, utcnow(), None
    problems = found.material.problems if found else []
    left = {} if found else {"left": True}
    given.summary = {"problems": [_said(problem) for problem in problems]} | left


def _said(problem: Problem) -> dict[str, Any]:
    values = {name: str(value) for name, value in problem.reason.values.items()}
    return {"line": problem.line, "text": problem.reason.text, "values": values}


def summarise(found: Found) -> dict[str, Any]:
    """What was found, in numbers only."""
    material = found.material
    return {
        "rows": material.rows,
        "courses": len(material.courses),
        "sessions": material.sessions,
        "answers": material.answers,
        "bands": dict(material.bands),
        "new": {
            "courses": found.courses,
            "sessions": found.sessions,
            "answers": found.answers,
            "ended": found.ended,
        },
        "known": found.known,
    }


def _cells(row: SessionRow) -> list[str]:
    """A row as it stands in a file."""
    items = ["" if value is None else f"{value / 10:g}" for value in row.items]
    ended = row.ended.isoformat() if row.ended else ""
    about = [row.course, row.rater, row.age_band, row.scale, str(row.session), row.held_on.isoformat()]
    cells = [*about, *items, ended, row.ending or ""]
    assert len(cells) == len(COLUMNS)
    return cells


def _tell(given: SessionImport, kind: NoticeKind, values: Mapping[str, Any] | None = None) -> None:
    notify(given.made_by, kind, values or {}, {"import_id": given.id})
