"""Conversations that begin before anything is written about them, and that whoever holds them writes up afterwards."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import and_, case, exists, null, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from hjelpa.core.database import db
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.types import new_id, utcnow
from modules.citizens.commands import is_received
from modules.citizens.models import Citizen, Conversation, Course
from modules.citizens.paging import one
from modules.citizens.queries import CITIZEN, AnyRow, in_circle

Outcome = Literal["written", "received", "refused"]


class Begun(NamedTuple):
    """`new` unless it had begun before; `unwritten` until its notes have come."""

    id: uuid.UUID
    new: bool = False
    unwritten: bool = True


def begin_conversation(course_id: uuid.UUID, *, key: uuid.UUID, helper_id: uuid.UUID, at: datetime) -> Begun:
    """A conversation that is held now and not written up yet. `key` becomes its id.

    While a helper has one in a course that is not written up, it is that one, by whatever button it is begun again.
    """
    row = {"tenant_id": get_tenant_id(), "course_id": course_id, "membership_id": helper_id}
    for id in (key, new_id()):
        new = insert(Conversation).values(id=id, **row, held_at=at, unwritten=True)
        if db.session.execute(new.on_conflict_do_nothing().returning(Conversation.id)).first() is not None:
            return Begun(id, new=True)
        waiting = select(Conversation.id).where(Conversation.course_id == course_id, _is_of(helper_id))
        earlier = db.session.scalars(waiting.where(Conversation.unwritten)).first()
        if earlier is not None:
            return Begun(earlier)
        if is_received(Conversation, id, row):
            return Begun(id, unwritten=False)
    raise RuntimeError("a new id is taken")


def _is_of(helper_id: uuid.UUID) -> Any:
    return Conversation.membership_id == helper_id


def write_up(
    conversation_id: uuid.UUID, *, course_id: uuid.UUID, helper_id: uuid.UUID, said: Mapping[str, Any]
) -> Outcome:
    """Writes a begun conversation's notes into it, once.

    "received" when these very notes stand there already; "refused" when others do, or it is not this helper's own.
    """
    own = and_(Conversation.id == conversation_id, Conversation.course_id == course_id, _is_of(helper_id))
    notes = update(Conversation).where(own, Conversation.unwritten).values(**said, unwritten=False)
    quietly = notes.returning(Conversation.id).execution_options(synchronize_session=False)
    if db.session.execute(quietly).first() is not None:
        return "written"
    same = {"course_id": course_id, "membership_id": helper_id, "unwritten": False, **said}
    return "received" if is_received(Conversation, conversation_id, same) else "refused"


def find_begun(conversation_id: uuid.UUID, course_id: uuid.UUID, helper_id: uuid.UUID) -> AnyRow | None:
    """A helper's own conversation in a course: when it was held, whether it is unwritten, and whether it is the first."""
    earlier = aliased(Conversation)
    before = and_(earlier.tenant_id == Conversation.tenant_id, earlier.course_id == Conversation.course_id)
    found = one().select_from(earlier).where(before, earlier.held_at < Conversation.held_at)
    own = (Conversation.id == conversation_id, Conversation.course_id == course_id, _is_of(helper_id))
    columns = (Conversation.id, Conversation.held_at, Conversation.unwritten, (~exists(found)).label("first"))
    return db.session.execute(select(*columns).where(*own)).one_or_none()


def list_unwritten(helper_id: uuid.UUID, *, limit: int) -> Sequence[AnyRow]:
    """A helper's conversations that are not written up, the earliest first; `name` is empty outside the circle."""
    visible = case((in_circle(Citizen.id, helper_id, utcnow()), Citizen.name), else_=null())
    query = (
        select(Conversation.id, Conversation.course_id, Conversation.held_at, visible.label("name"))
        .join(Course, and_(Course.tenant_id == Conversation.tenant_id, Course.id == Conversation.course_id))
        .join(Citizen, CITIZEN)
        .where(_is_of(helper_id), Conversation.unwritten)
        .order_by(Conversation.held_at, Conversation.id)
        .limit(limit)
    )
    return db.session.execute(query).all()
