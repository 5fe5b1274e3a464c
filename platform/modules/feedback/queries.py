"""Reading a course's answers."""

import uuid

from sqlalchemy import and_, select

from hjelpa.core.database import db
from modules.citizens.models import Conversation
from modules.feedback.models import Answer
from modules.feedback.rules import AnswerRow, Session, assemble


def list_sessions(course_id: uuid.UUID) -> tuple[Session, ...]:
    """A course's conversations with the citizen's own answers, in one statement however many there are."""
    own_answers = and_(
        Answer.tenant_id == Conversation.tenant_id,
        Answer.conversation_id == Conversation.id,
        Answer.rater_id.is_(None),
    )
    rows = db.session.execute(
        select(Conversation.id, Conversation.held_at, Answer.scale, Answer.state, Answer.total)
        .outerjoin(Answer, own_answers)
        .where(Conversation.course_id == course_id)
    )
    return assemble(AnswerRow._make(row) for row in rows)
