"""Reading what a conversation that begins with a scale needs to know: whether it is wanted, and how far it has come."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, select

from hjelpa.core.database import db
from modules.citizens.models import Citizen, Conversation, Course
from modules.feedback.answering.queries import CITIZEN, given_by
from modules.feedback.models import Answer, Refusal


def has_declined(course_id: ColumnElement[uuid.UUID]) -> ColumnElement[bool]:
    """That the citizen of a course would rather not be asked, as a part of another statement."""
    return exists(select(Refusal.id).where(Refusal.course_id == course_id, Refusal.ended_at.is_(None)))


def get_standing(conversation_id: uuid.UUID, scale: str) -> Row[datetime, str, Any]:
    """When a conversation was held, the citizen's age band, and the state of their answer on a scale (None without)."""
    given = and_(
        Answer.tenant_id == Conversation.tenant_id,
        Answer.conversation_id == Conversation.id,
        Answer.scale == scale,
        given_by(Answer, None),
    )
    found = (
        select(Conversation.held_at, Citizen.age_band, Answer.state)
        .join(Course, and_(Course.tenant_id == Conversation.tenant_id, Course.id == Conversation.course_id))
        .join(Citizen, CITIZEN)
        .outerjoin(Answer, given)
        .where(Conversation.id == conversation_id)
    )
    return db.session.execute(found).one()
