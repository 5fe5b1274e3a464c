"""The curve that somebody's own answers make, and what the citizen's own page shows besides."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, select

from hjelpa.core.database import db
from modules.citizens.models import Conversation, Course
from modules.feedback.answering.queries import declined_since, given_by
from modules.feedback.answering.rules import Mark
from modules.feedback.models import Answer

AnyRow = Row[*tuple[Any, ...]]


def list_marks(course_id: uuid.UUID, rater_id: uuid.UUID | None = None) -> tuple[Mark, ...]:
    """One mark per conversation of a course on the outcome scale, in the order in which they were held."""
    theirs = and_(
        Answer.tenant_id == Conversation.tenant_id,
        Answer.conversation_id == Conversation.id,
        Answer.scale == "outcome",
        given_by(Answer, rater_id),
    )
    rows = db.session.execute(
        select(Conversation.held_at, Answer.total, Answer.form, Answer.form_version)
        .outerjoin(Answer, theirs)
        .where(Conversation.course_id == course_id)
        .order_by(Conversation.held_at, Conversation.id)
    )
    return tuple(make_mark(*row) for row in rows)


def make_mark(held_at: datetime, total: int | None, form: str | None, version: int | None) -> Mark:
    """One conversation on a curve; without a total its form tells nothing."""
    return (
        Mark(held_at)
        if total is None or form is None or version is None
        else Mark(held_at, total, (form, version))
    )


def find_own_course(citizen_id: uuid.UUID) -> AnyRow | None:
    """(id, closed_at, declined_at) of the course that a citizen is in, else was in last; None before there is one."""
    query = select(Course.id, Course.closed_at, declined_since().label("declined_at"))
    latest = query.where(Course.citizen_id == citizen_id)
    order = Course.closed_at.is_not(None), Course.opened_at.desc(), Course.id
    return db.session.execute(latest.order_by(*order).limit(1)).one_or_none()


def list_said(course_id: uuid.UUID) -> Sequence[AnyRow]:
    """(held_at, words) of what the citizen has said besides the marks, the latest first."""
    conversation = and_(Conversation.tenant_id == Answer.tenant_id, Conversation.id == Answer.conversation_id)
    query = select(Conversation.held_at, Answer.words).join(Conversation, conversation)
    own = Answer.course_id == course_id, Answer.rater_id.is_(None), Answer.words != ""
    return db.session.execute(query.where(*own).order_by(Conversation.held_at.desc(), Answer.scale)).all()
