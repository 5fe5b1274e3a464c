"""Reading and writing answers, and the one-time requests by which citizens give them."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, and_, delete, func, select, true
from sqlalchemy.dialects.postgresql import insert

from hjelpa.core.contract import Counts, Period
from hjelpa.core.database import db
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.types import new_id
from modules.citizens.models import Conversation
from modules.feedback.indicators import (
    bounds_of,
    closed_courses,
    feedback_in_first_meeting,
    first_and_last_totals,
)
from modules.feedback.models import ITEMS, Answer, ScaleRequest
from modules.feedback.rules import REQUEST_LIFETIME, AnswerRow, Session, Sheet, assemble
from modules.feedback.scales import SCALES
from tenants.identity.rules import hash_token, make_token

OWN = "self"


def list_sessions(course_id: uuid.UUID) -> tuple[Session, ...]:
    """A course's conversations with the citizen's own answers, in one statement however many there are."""
    own_answers = and_(
        Answer.tenant_id == Conversation.tenant_id, Answer.conversation_id == Conversation.id, Answer.rater == OWN
    )
    rows = db.session.execute(
        select(Conversation.id, Conversation.held_at, Answer.scale, Answer.state, Answer.total)
        .outerjoin(Answer, own_answers)
        .where(Conversation.course_id == course_id)
    )
    return assemble(AnswerRow._make(row) for row in rows)


def find_conversation(conversation_id: uuid.UUID) -> Row[uuid.UUID, datetime] | None:
    """The course of a conversation and when it was held."""
    found = select(Conversation.course_id, Conversation.held_at).where(Conversation.id == conversation_id)
    return db.session.execute(found).one_or_none()


def find_answer(conversation_id: uuid.UUID, scale: str) -> Answer | None:
    """What the citizen has given on one scale for one conversation."""
    own = Answer.conversation_id == conversation_id, Answer.scale == scale, Answer.rater == OWN
    return db.session.scalars(select(Answer).where(*own)).one_or_none()


def open_request(course_id: uuid.UUID, conversation_id: uuid.UUID, scale: str, now: datetime) -> str:
    """Makes a one-time request and returns its token, which is kept nowhere.

    An earlier one for the same scale stops working, and what has expired is cleared away: it answers nobody.
    """
    same = and_(ScaleRequest.conversation_id == conversation_id, ScaleRequest.scale == scale)
    db.session.execute(delete(ScaleRequest).where(same | (ScaleRequest.expires_at <= now)))
    token = make_token()
    db.session.add(
        ScaleRequest(
            course_id=course_id,
            conversation_id=conversation_id,
            scale=scale,
            token_hash=hash_token(token),
            expires_at=now + REQUEST_LIFETIME,
        )
    )
    return token


def find_request(token: str, now: datetime, *, lock: bool = False) -> ScaleRequest | None:
    """The living request with this token, used or not. `lock` makes a second sending wait for the first."""
    living = select(ScaleRequest).where(
        ScaleRequest.token_hash == hash_token(token), ScaleRequest.expires_at > now
    )
    return db.session.scalars(living.with_for_update() if lock else living).one_or_none()


def keep_answer(asked: ScaleRequest, sheet: Sheet, now: datetime) -> None:
    """Keeps what the citizen gave and ends the request.

    There is one row per conversation and scale: one that was skipped may be answered later, one that was answered stays.
    """
    given = {
        "state": sheet.state,
        **dict(zip(ITEMS, sheet.values, strict=True)),
        "total": sheet.total,
        "scale_version": SCALES[asked.scale].version,
        "answered_at": now,
    }
    place = {
        "tenant_id": get_tenant_id(),
        "course_id": asked.course_id,
        "conversation_id": asked.conversation_id,
        "scale": asked.scale,
        "rater": OWN,
    }
    row = insert(Answer).values(id=new_id(), **place, **given)
    unique = ["tenant_id", "conversation_id", "scale", "rater"]
    db.session.execute(
        row.on_conflict_do_update(index_elements=unique, set_=given, where=Answer.state == "skipped")
    )
    asked.used_at = now


@dataclass(frozen=True, slots=True)
class Ended:
    """People whose course ended in a period: all, those with two complete answers, how they moved (tenths)."""

    eligible: int
    measured: int
    higher: int
    mean_change: float | None


def summarise(period: Period) -> tuple[Ended, Counts]:
    """The indicator `higher_at_end` with the mean change beside it, over the very same people, and the one on first
    conversations: in one statement, since the leader's page has many figures.
    """
    ended, first = _ended(period).subquery(), feedback_in_first_meeting(period).subquery()
    row = db.session.execute(select(*ended.c, *first.c).join_from(ended, first, true())).one()
    eligible, several, higher, mean, *counts = row
    return Ended(eligible, several, higher, None if mean is None else float(mean)), Counts(*counts)


def _ended(period: Period) -> Select[int, int, int, float | None]:
    closed = closed_courses(*bounds_of(period))
    ends = first_and_last_totals(closed)
    measured, change = ends.c.answers >= 2, ends.c.last - ends.c.first
    counted = select(
        func.count(),
        func.count().filter(measured),
        func.count().filter(measured, change > 0),
        func.avg(change).filter(measured),
    )
    matched = closed.outerjoin(ends, and_(ends.c.tenant_id == closed.c.tenant_id, ends.c.course_id == closed.c.id))
    return counted.select_from(matched)
