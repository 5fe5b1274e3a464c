"""Reading and writing answers, raters and a no to feedback."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select, update
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert

from hjelpa.core.database import db
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.types import new_id
from modules.citizens.models import Citizen, Conversation, Course
from modules.feedback.models import Answer, Rater, Refusal, ScaleRequest
from modules.feedback.rules import Sheet
from tenants.identity.models import Membership

AnyRow = Row[*tuple[Any, ...]]

CITIZEN = and_(Citizen.tenant_id == Course.tenant_id, Citizen.id == Course.citizen_id)


def find_conversation(conversation_id: uuid.UUID) -> Row[uuid.UUID, datetime, str] | None:
    """The course of a conversation, when it was held, and the citizen's age band."""
    found = (
        select(Conversation.course_id, Conversation.held_at, Citizen.age_band)
        .join(Course, and_(Course.tenant_id == Conversation.tenant_id, Course.id == Conversation.course_id))
        .join(Citizen, CITIZEN)
        .where(Conversation.id == conversation_id)
    )
    return db.session.execute(found).one_or_none()


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer belongs: the conversation, the scale, and who answers (None is the citizen)."""

    course_id: uuid.UUID
    conversation_id: uuid.UUID
    scale: str
    rater_id: uuid.UUID | None = None


def find_answer(place: Place) -> Answer | None:
    """What has been given there."""
    same = Answer.conversation_id == place.conversation_id, Answer.scale == place.scale
    return db.session.scalars(select(Answer).where(*same, given_by(Answer, place.rater_id))).one_or_none()


def given_by(model: type[Answer | ScaleRequest], rater_id: uuid.UUID | None) -> ColumnElement[bool]:
    """Whose it is: a rater's, or the citizen's own."""
    return model.rater_id.is_(None) if rater_id is None else model.rater_id == rater_id


def keep_answer(
    place: Place,
    sheet: Sheet,
    now: datetime,
    *,
    channel: str,
    entered_by: uuid.UUID | None = None,
    words: str = "",
) -> bool:
    """Keeps an answer; False where another stays.

    There is one row per conversation, scale and rater: one that was skipped may be answered later, one that was
    answered stays. Only what a helper wrote in may be put right by writing it in once more, which does not make it a
    later answer, or be replaced, words and all, by what they answer themselves.
    """
    given = _as_columns(sheet) | {"channel": channel, "entered_by": entered_by, "words": words}
    free, entered = Answer.state == "skipped", Answer.entered_by.is_not(None)
    replaces = free if sheet.state == "skipped" else or_(free, entered)
    first = case((and_(entered, ~free), Answer.answered_at), else_=now) if entered_by else now
    where = {
        "tenant_id": get_tenant_id(),
        "course_id": place.course_id,
        "conversation_id": place.conversation_id,
        "scale": place.scale,
        "rater_id": place.rater_id,
    }
    row = insert(Answer).values(id=new_id(), **where, **given, answered_at=now)
    kept = row.on_conflict_do_update(
        index_elements=["tenant_id", "conversation_id", "scale", "rater_id"],
        set_=given | {"answered_at": first},
        where=replaces,
    )
    return db.session.execute(kept.returning(Answer.id)).first() is not None


def _as_columns(sheet: Sheet) -> dict[str, Any]:
    return {
        "state": sheet.state,
        "items": list(sheet.values) if sheet.state == "answered" else [],
        "total": sheet.total,
        "form": sheet.form.key,
        "form_version": sheet.form.version,
    }


def add_words(place: Place, words: str) -> None:
    """What somebody wants to say besides their marks; what stands there already stays."""
    same = Answer.conversation_id == place.conversation_id, Answer.scale == place.scale
    own = update(Answer).where(*same, given_by(Answer, place.rater_id), Answer.words == "")
    db.session.execute(own.values(words=words).execution_options(synchronize_session=False))


class RaterRow(NamedTuple):
    """Somebody besides the citizen who answers in a course, by what the course calls them."""

    id: uuid.UUID
    label: str
    ended: bool


class GivenRow(NamedTuple):
    """One answer as helpers are told of it; `entered_by` is the name of who wrote it in, None if nobody did."""

    state: str
    total: int | None
    form: str
    form_version: int
    channel: str
    words: str
    entered_by: str | None
    answered_at: datetime


# In the order of GivenRow.
_GIVEN = (
    Answer.state,
    Answer.total,
    Answer.form,
    Answer.form_version,
    Answer.channel,
    Answer.words,
    case((Answer.entered_by.is_not(None), Membership.name)),
    Answer.answered_at,
)


@dataclass(frozen=True, slots=True)
class Around:
    """What a course has of answering: raters, every answer by (conversation, scale, rater), a no, and when each
    conversation was held."""

    declined_at: datetime | None
    raters: tuple[RaterRow, ...]
    given: Mapping[tuple[uuid.UUID, str, uuid.UUID | None], GivenRow]
    held: Mapping[uuid.UUID, datetime]

    @property
    def asked(self) -> list[RaterRow]:
        """Those who may be asked now."""
        return [rater for rater in self.raters if not rater.ended]

    def find_rater(self, rater_id: uuid.UUID) -> RaterRow | None:
        return next((rater for rater in self.raters if rater.id == rater_id), None)


def read_around(course_id: uuid.UUID) -> Around:
    """Everything of a course's answering in one statement, however much there is. Only after the read was logged."""
    talks = and_(Conversation.tenant_id == Course.tenant_id, Conversation.course_id == Course.id)
    answers = and_(Answer.tenant_id == Conversation.tenant_id, Answer.conversation_id == Conversation.id)
    writer = and_(Membership.tenant_id == Answer.tenant_id, Membership.id == Answer.entered_by)
    rows = db.session.execute(
        select(
            *(declined_since(), _raters(), Conversation.id, Conversation.held_at),
            *(Answer.scale, Answer.rater_id, *_GIVEN),
        )
        .select_from(Course)
        .outerjoin(Conversation, talks)
        .outerjoin(Answer, answers)
        .outerjoin(Membership, writer)
        .where(Course.id == course_id)
    ).all()
    declined_at, raters = rows[0][:2]
    return Around(
        declined_at,
        tuple(RaterRow(uuid.UUID(id), label, ended) for id, label, ended in raters or ()),
        {(row[2], row[4], row[5]): GivenRow(*row[6:]) for row in rows if row[4] is not None},
        {row[2]: row[3] for row in rows if row[2] is not None},
    )


def declined_since() -> ColumnElement[Any]:
    """Since when a course's citizen has not wanted to be asked, as a part of another statement; empty otherwise."""
    living = Refusal.course_id == Course.id, Refusal.ended_at.is_(None)
    return select(Refusal.declined_at).where(*living).correlate(Course).scalar_subquery()


def _raters() -> ColumnElement[Any]:
    one = func.json_build_array(Rater.id, Rater.label, Rater.ended_at.is_not(None))
    listed = select(func.json_agg(aggregate_order_by(one, Rater.created_at, Rater.id)))
    return listed.where(Rater.course_id == Course.id).correlate(Course).scalar_subquery()


def is_declined(course_id: uuid.UUID) -> bool:
    living = Refusal.course_id == course_id, Refusal.ended_at.is_(None)
    return db.session.scalars(select(Refusal.id).where(*living)).first() is not None


def find_label(rater_id: uuid.UUID) -> str:
    """What the course calls a rater."""
    return str(db.session.scalars(select(Rater.label).where(Rater.id == rater_id)).one())
