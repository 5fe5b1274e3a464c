"""Reading imports, and what is registered about the courses that a file names."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, select
from sqlalchemy.orm import undefer

from hjelpa.core.database import db
from hjelpa.core.outbox import OutboxRow
from hjelpa.core.schemas import LOCAL
from modules.citizens.models import Citizen, Conversation, Course, Responsibility
from modules.feedback.exchange.known import Kept, Known
from modules.feedback.exchange.models import ImportedCourse, SessionImport
from modules.feedback.models import Answer, Rater
from modules.feedback.scales.queries import list_packs
from modules.feedback.scales.registry import OWN_PACK
from modules.feedback.scales.wording import OWN_NAME
from tenants.identity.models import Membership
from tenants.municipalities.models import Municipality
from tenants.units.models import Unit

AnyRow = Row[*tuple[Any, ...]]


def find_import(import_id: uuid.UUID, *, lock: bool = False) -> SessionImport | None:
    """An import without its file; `lock` makes whoever else is to change it wait."""
    found = select(SessionImport).where(SessionImport.id == import_id)
    return db.session.scalars(found.with_for_update() if lock else found).one_or_none()


def find_with_content(import_id: uuid.UUID) -> SessionImport | None:
    """An import with its file. Not held: how far the work is, is written to its row meanwhile, and the job is held."""
    found = select(SessionImport).where(SessionImport.id == import_id)
    return db.session.scalars(found.options(undefer(SessionImport.content))).one_or_none()


def is_given_up(given: SessionImport) -> bool:
    """Whether the job that was to work on it has been given up."""
    dead = select(OutboxRow.dead_at).where(OutboxRow.id == given.work_id)
    return given.busy and db.session.scalar(dead) is not None


def list_given_up() -> Sequence[SessionImport]:
    """Imports whose job has been given up, and that nobody has been told of."""
    lost = and_(OutboxRow.tenant_id == SessionImport.tenant_id, OutboxRow.id == SessionImport.work_id)
    busy = SessionImport.state.in_(("waiting", "confirmed"))
    return db.session.scalars(
        select(SessionImport).join(OutboxRow, lost).where(busy, OutboxRow.dead_at.is_not(None))
    ).all()


def find_chosen(given: SessionImport) -> tuple[str, str, str]:
    """The names of the door, the helper and the forms (empty for a pack that is gone) that were chosen for an import."""
    answers = and_(Membership.tenant_id == Unit.tenant_id, Membership.id == given.helper_id)
    query = select(Unit.name, Membership.name).join(Membership, answers).where(Unit.id == given.unit_id)
    door, helper = db.session.execute(query).one()
    if given.pack == OWN_PACK:
        return door, helper, str(OWN_NAME)
    packs = {str(pack.id): pack.name for pack in list_packs()}
    return door, helper, packs.get(given.pack, "")


def list_latest(limit: int = 20) -> Sequence[AnyRow]:
    """(id, filename, state, created_at, what is new in it, name of who made it), the latest first."""
    maker = and_(Membership.tenant_id == SessionImport.tenant_id, Membership.id == SessionImport.made_by)
    columns = (
        SessionImport.id,
        SessionImport.filename,
        SessionImport.state,
        SessionImport.created_at,
        SessionImport.summary["new"].label("new"),
    )
    query = select(*columns, Membership.name).join(Membership, maker)
    return db.session.execute(query.order_by(SessionImport.created_at.desc()).limit(limit)).all()


def get_language(tenant_id: uuid.UUID) -> str:
    return db.session.execute(select(Municipality.language).where(Municipality.id == tenant_id)).scalar_one()


def reference_key(reference: str) -> bytes:
    """What a file's name for a course is found by."""
    return hashlib.sha256(reference.encode()).digest()


def load_known(names: Sequence[str]) -> Mapping[str, Known]:
    """What is registered about those of some courses that are known, by the file's name for them: five statements."""
    courses = _find_courses(names)
    if courses:
        by_id = {known.id: known for known in courses.values()}
        _add_conversations(by_id)
        _add_answers(by_id)
    return courses


def _find_courses(names: Sequence[str]) -> dict[str, Known]:
    by_key = {reference_key(name): name for name in names}
    columns = (ImportedCourse.reference_key, ImportedCourse.course_id)
    given = db.session.execute(select(*columns).where(ImportedCourse.reference_key.in_(by_key)))
    named = {course_id: (by_key[key], True) for key, course_id in given}
    taken = {name for name, _ in named.values()}
    ids = {id: name for name in names if name not in taken and (id := _read_id(name))}
    rows = db.session.execute(
        select(
            Course.id,
            Citizen.age_band,
            func.date(func.timezone(str(LOCAL), Course.closed_at)),
            Course.ending,
            Responsibility.since_at,
        )
        .join(Citizen, and_(Citizen.tenant_id == Course.tenant_id, Citizen.id == Course.citizen_id))
        .outerjoin(
            Responsibility,
            and_(
                Responsibility.tenant_id == Course.tenant_id,
                Responsibility.course_id == Course.id,
                Responsibility.until_at.is_(None),
            ),
        )
        .where(Course.id.in_([*named, *ids]))
    ).all()
    named |= {row[0]: (ids[row[0]], False) for row in rows if row[0] not in named}
    return {named[row[0]][0]: Known(row[0], named[row[0]][1], *row[1:]) for row in rows}


def _read_id(name: str) -> uuid.UUID | None:
    """A course's id as our export writes it, and no other way of writing one."""
    try:
        found = uuid.UUID(name)
    except ValueError:
        return None
    return found if str(found) == name else None


def _add_conversations(by_id: Mapping[uuid.UUID, Known]) -> None:
    columns = (Conversation.course_id, Conversation.id, Conversation.held_at)
    order = (Conversation.course_id, Conversation.held_at, Conversation.id)
    held = select(*columns).where(Conversation.course_id.in_(by_id)).order_by(*order)
    for course_id, id, moment in db.session.execute(held):
        by_id[course_id].conversations.append((id, moment.astimezone(LOCAL).date()))
        by_id[course_id].last_at = moment
    raters = select(Rater.course_id, Rater.id, Rater.label).where(Rater.course_id.in_(by_id))
    for course_id, id, label in db.session.execute(raters.order_by(Rater.created_at, Rater.id)):
        by_id[course_id].raters.append((id, label))


def _add_answers(by_id: Mapping[uuid.UUID, Known]) -> None:
    where = (Answer.course_id, Answer.conversation_id, Answer.scale, Answer.rater_id)
    given = (Answer.id, Answer.items, Answer.answered_at)
    for course_id, talk, scale, rater, id, items, at in db.session.execute(
        select(*where, *given).where(Answer.course_id.in_(by_id))
    ):
        kept = Kept(id, tuple(items), at.astimezone(LOCAL).date())
        by_id[course_id].answers[talk, scale, rater] = kept


def list_old(before: datetime) -> Iterable[SessionImport]:
    """Imports that nobody has done anything about since."""
    idle = SessionImport.state.in_(("checked", "refused"))
    return db.session.scalars(select(SessionImport).where(idle, SessionImport.changed_at < before)).all()
