"""Reading signals and supervision for pages. Lists stand by time alone: no list knows what a signal is about, or by how much."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Subquery, and_, case, exists, false, func, literal, null, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from hjelpa.core.database import db
from modules.citizens.models import Citizen, Conversation, Course, Responsibility
from modules.citizens.paging import PAGE_SIZE, counted, one
from modules.citizens.queries import CITIZEN, HOLDER, AnyRow, in_circle
from modules.feedback.signals.basis import fits, newer, spoke
from modules.feedback.signals.models import FeedbackSignal, FeedbackTheme, LearningNote, SupervisionCase
from tenants.identity.models import Membership

WAITING = and_(
    SupervisionCase.tenant_id == Course.tenant_id,
    SupervisionCase.course_id == Course.id,
    SupervisionCase.talked_at.is_(None),
)


class SignalRow(NamedTuple):
    """One signal as pages tell it; `ended_at`, `done`, `words` and `ended_by` are empty while it is open.

    `held_at`: when the conversation it comes of was held. `modelled`: whether the expected trajectory spoke when it was
    noticed, for the kind that asks it. `newer`: whether there is an answer since, on the scale that it is about.
    """

    id: uuid.UUID
    kind: str
    noticed_at: datetime
    ended_at: datetime | None
    done: str | None
    words: str
    ended_by: str | None
    held_at: datetime | None
    modelled: bool
    newer: bool


class CaseRow(NamedTuple):
    """Once that a course was brought to supervision; `talked_at` is empty while it waits."""

    id: uuid.UUID
    question: str
    brought_at: datetime
    talked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """A course's signals and what was brought to supervision, in the order of time. `mine`: the reader answers for it now."""

    ended: bool
    mine: bool
    signals: tuple[SignalRow, ...]
    cases: tuple[CaseRow, ...]

    @property
    def open(self) -> tuple[SignalRow, ...]:
        return () if self.ended else tuple(signal for signal in self.signals if signal.ended_at is None)

    @property
    def waiting(self) -> CaseRow | None:
        return next((case for case in self.cases if case.talked_at is None and not self.ended), None)


def _holds(reader: uuid.UUID) -> ColumnElement[bool]:
    mine = one().where(
        Responsibility.tenant_id == Course.tenant_id,
        Responsibility.course_id == Course.id,
        Responsibility.membership_id == reader,
        Responsibility.until_at.is_(None),
    )
    return exists(mine)


def read_course(course_id: uuid.UUID, reader: uuid.UUID) -> Told:
    """Everything of one course in one statement. Only after the read has been logged."""
    brought = func.json_build_array(
        SupervisionCase.id, SupervisionCase.question, SupervisionCase.brought_at, SupervisionCase.talked_at
    )
    cases = (
        select(func.json_agg(aggregate_order_by(brought, SupervisionCase.brought_at, SupervisionCase.id)))
        .where(SupervisionCase.course_id == Course.id)
        .correlate(Course)
        .scalar_subquery()
    )
    signals = and_(FeedbackSignal.tenant_id == Course.tenant_id, FeedbackSignal.course_id == Course.id)
    who = and_(Membership.tenant_id == FeedbackSignal.tenant_id, Membership.id == FeedbackSignal.ended_by)
    talk = and_(
        Conversation.tenant_id == FeedbackSignal.tenant_id, Conversation.id == FeedbackSignal.conversation_id
    )
    rows: Sequence[AnyRow] = db.session.execute(
        select(Course.closed_at.is_not(None), _holds(reader), cases, *_columns())
        .select_from(Course)
        .join(Citizen, CITIZEN)
        .outerjoin(FeedbackSignal, signals)
        .outerjoin(Conversation, talk)
        .outerjoin(Membership, who)
        .where(Course.id == course_id)
        .order_by(FeedbackSignal.noticed_at, FeedbackSignal.id)
    ).all()
    ended, mine, found = rows[0][:3]
    told = tuple(SignalRow(*row[3:]) for row in rows if row[3] is not None)
    return Told(ended, mine, told, tuple(_case(*values) for values in found or ()))


def _columns() -> tuple[Any, ...]:
    return (
        FeedbackSignal.id,
        FeedbackSignal.kind,
        FeedbackSignal.noticed_at,
        FeedbackSignal.ended_at,
        FeedbackSignal.done,
        FeedbackSignal.words,
        case((FeedbackSignal.ended_by.is_not(None), Membership.name)),
        Conversation.held_at,
        case((FeedbackSignal.kind == "off_track", and_(spoke(), fits())), else_=false()),
        newer(),
    )


def _case(id: str, question: str, brought_at: str, talked_at: str | None) -> CaseRow:
    talked = None if talked_at is None else datetime.fromisoformat(talked_at)
    return CaseRow(uuid.UUID(id), question, datetime.fromisoformat(brought_at), talked)


def find_course_of(signal_id: uuid.UUID) -> uuid.UUID | None:
    query = select(FeedbackSignal.course_id).where(FeedbackSignal.id == signal_id)
    return db.session.execute(query).scalar_one_or_none()


def find_course_of_case(case_id: uuid.UUID) -> uuid.UUID | None:
    query = select(SupervisionCase.course_id).where(SupervisionCase.id == case_id)
    return db.session.execute(query).scalar_one_or_none()


def list_own(reader: uuid.UUID, page: int, *, brought: bool = True, limit: int = PAGE_SIZE) -> Sequence[AnyRow]:
    """Open courses that the reader answers for, with open signals or (unless `brought` is false) waiting for supervision.

    By how long it has been known, whatever it is about; `kinds` in the order in which they were noticed.
    """
    open_ones = _open_ones()
    signalled = and_(open_ones.c.tenant_id == Course.tenant_id, open_ones.c.course_id == Course.id)
    since = func.least(open_ones.c.noticed_at, SupervisionCase.brought_at if brought else None)
    wanted = open_ones.c.course_id.is_not(None)
    query = (
        select(
            Course.id,
            Citizen.name,
            open_ones.c.noticed_at,
            open_ones.c.kinds,
            SupervisionCase.id.label("case_id"),
            SupervisionCase.question,
            SupervisionCase.brought_at,
            func.count().over().label("total"),
        )
        .join(Citizen, CITIZEN)
        .outerjoin(open_ones, signalled)
        .outerjoin(SupervisionCase, WAITING)
        .where(Course.closed_at.is_(None), _holds(reader))
        .where(or_(wanted, SupervisionCase.id.is_not(None)) if brought else wanted)
        .order_by(since, Course.id)
        .limit(limit)
        .offset((page - 1) * PAGE_SIZE)
    )
    return db.session.execute(query).all()


def _open_ones() -> Subquery:
    """By course: since when it has had an open signal, and the kinds of those that are open."""
    in_order = aggregate_order_by(FeedbackSignal.kind, FeedbackSignal.noticed_at, FeedbackSignal.id)
    return (
        select(
            FeedbackSignal.tenant_id,
            FeedbackSignal.course_id,
            func.min(FeedbackSignal.noticed_at).label("noticed_at"),
            func.array_agg(in_order).label("kinds"),
        )
        .where(FeedbackSignal.ended_at.is_(None))
        .group_by(FeedbackSignal.tenant_id, FeedbackSignal.course_id)
        .subquery()
    )


def list_brought(reader: uuid.UUID, now: datetime, page: int) -> Sequence[AnyRow]:
    """What helpers have brought to supervision, the one brought first on top. `name` is empty outside the reader's circle."""
    holders = (
        select(func.string_agg(Membership.name, aggregate_order_by(literal(", "), Responsibility.since_at)))
        .select_from(Responsibility)
        .join(Membership, HOLDER)
        .where(Responsibility.course_id == Course.id, Responsibility.until_at.is_(None))
        .correlate(Course)
        .scalar_subquery()
    )
    matching = one().select_from(SupervisionCase).join(Course, WAITING).where(Course.closed_at.is_(None))
    query = (
        select(
            Course.id,
            SupervisionCase.id.label("case_id"),
            SupervisionCase.question,
            SupervisionCase.brought_at,
            case((in_circle(Course.citizen_id, reader, now), Citizen.name), else_=null()).label("name"),
            holders.label("holders"),
            counted(matching).label("total"),
        )
        .join(Citizen, CITIZEN)
        .join(SupervisionCase, WAITING)
        .where(Course.closed_at.is_(None))
        .order_by(SupervisionCase.brought_at, SupervisionCase.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return db.session.execute(query).all()


def list_written(model: type[LearningNote] | type[FeedbackTheme], page: int) -> Sequence[Any]:
    """One page of notes or themes with how many there are, the latest week on top; within a week by their words."""
    query = (
        select(model, counted(one().select_from(model)).label("total"))
        .order_by(model.week.desc(), func.lower(model.words), model.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return db.session.execute(query).all()


def find_note(note_id: uuid.UUID) -> LearningNote | None:
    return db.session.scalars(select(LearningNote).where(LearningNote.id == note_id)).one_or_none()


def find_theme(theme_id: uuid.UUID) -> FeedbackTheme | None:
    return db.session.scalars(select(FeedbackTheme).where(FeedbackTheme.id == theme_id)).one_or_none()
