"""Files of sessions for the tests of import and export, and how one is sent in."""

import io
import re
import uuid
from collections.abc import Sequence
from random import Random
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select

from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from modules.citizens.models import Citizen, Conversation, Course, Responsibility
from modules.feedback.exchange.jobs import JOBS
from modules.feedback.exchange.models import ImportedCourse, SessionImport
from modules.feedback.metrics.rows import COLUMNS
from modules.feedback.models import Answer, Rater
from tests.people import Town

HEADER = ",".join(COLUMNS)
TABLES = (Citizen, Course, Responsibility, Conversation, Rater, Answer, ImportedCourse)


def make_file(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *rows, "")).encode()


def send(town: Town, content: bytes, *, role: str = "leader", name: str = "sessions.csv", **other: str) -> Any:
    """Sends a file in; returns the answer."""
    chosen = {"unit_id": str(town.unit_id), "helper_id": str(town.helper.membership_id), "pack": "hjelpa"}
    data = {"key": str(uuid.uuid4()), **chosen, **other, "file": (io.BytesIO(content), name)}
    return town.client(role).post(town.path("/feedback/import"), data=data)


def send_and_find(town: Town, content: bytes, **other: str) -> uuid.UUID:
    """Sends a file in that holds together; returns the import's id."""
    answer = send(town, content, **other)
    assert answer.status_code == 303, re.sub(r"\s+", " ", answer.text)
    return uuid.UUID(answer.location.rpartition("/")[2])


def confirm(town: Town, import_id: uuid.UUID, client: FlaskClient | None = None) -> None:
    answer = (client or town.client("leader")).post(town.path(f"/feedback/import/{import_id}/confirm"))
    assert answer.status_code == 303


def work(town: Town, import_id: uuid.UUID | None = None) -> None:
    """Does what the worker does for imports: each job in a transaction."""
    with town.app.app_context(), tenant_scope(town.tenant_id):
        for job in JOBS:
            job.handler({"import_id": str(import_id)} if import_id else {})
            db.session.commit()


def take_in(town: Town, content: bytes, **other: str) -> str:
    """All the way in; returns the import's last state."""
    import_id = send_and_find(town, content, **other)
    work(town, import_id)
    if state_of(town, import_id) == "checked":
        confirm(town, import_id)
        work(town, import_id)
    return state_of(town, import_id)


def find(town: Town, import_id: uuid.UUID) -> SessionImport:
    with town.app.app_context(), tenant_scope(town.tenant_id):
        found = db.session.scalars(select(SessionImport).where(SessionImport.id == import_id)).one()
        _ = found.content
        db.session.expunge_all()
        db.session.rollback()
        return found


def state_of(town: Town, import_id: uuid.UUID) -> str:
    return find(town, import_id).state


def count(town: Town) -> dict[str, int]:
    """How many rows each table has that an import writes to."""
    with town.app.app_context(), tenant_scope(town.tenant_id):
        found = {
            model.__tablename__: db.session.scalar(select(func.count()).select_from(model)) or 0
            for model in TABLES
        }
        db.session.rollback()
        return found


def export(town: Town, kind: str = "csv", role: str = "leader") -> bytes:
    answer = town.client(role).get(town.path(f"/feedback/export.{kind}"))
    assert answer.status_code == 200
    return bytes(answer.data)


def random_rows(
    seed: int, *, courses: int = 25, raters: Sequence[str] = ("self", "Mamma"), prefix: str = "k"
) -> list[str]:
    """Rows of invented courses, shuffled: gaps, lines left open, sessions without an answer, ends of both kinds."""
    random = Random(seed)
    rows = []
    for number in range(courses):
        band = random.choice(("child", "adolescent", "adult"))
        sessions, day = random.randrange(1, 8), random.randrange(1, 60)
        end = random.choice(("2026-09-30,mutual", "2026-09-30,unilateral", ","))
        held = 0
        for session in range(1, sessions + 1):
            day += random.choice((0, 1, 7, 14))
            date = f"2026-{1 + day // 28:02}-{1 + day % 28:02}"
            for rater in raters:
                for scale in ("outcome", "alliance"):
                    if random.random() < (0.1 if rater == "self" else 0.6) and held:
                        continue
                    items = ",".join(
                        "" if random.random() < 0.1 else f"{random.randrange(101) / 10:g}" for _ in range(4)
                    )
                    if random.random() < 0.1:
                        items = ",,,"
                    rows.append(f"{prefix}-{number},{rater},{band},{scale},{session},{date},{items},{end}")
                    held = 1
    random.shuffle(rows)
    return rows
