"""Reading courses as the rules of signals see them: one, or all open ones of a municipality at the same number of statements."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, or_, select

from hjelpa.core.database import db
from modules.citizens.models import Citizen, Conversation, Course
from modules.citizens.queries import CITIZEN
from modules.feedback.models import Answer, Refusal
from modules.feedback.scales.forms import Form
from modules.feedback.scales.queries import find_forms
from modules.feedback.signals.models import FeedbackSignal
from modules.feedback.signals.stories import Expecting, Measure, Meeting, Reply, Story, measure_of
from modules.feedback.trajectory.queries import find_model, find_threshold


class Row(NamedTuple):
    """A conversation of a course with one of its answers, the last eight empty where there is none; in the order of time."""

    course_id: uuid.UUID
    ended: bool
    age_band: str
    declined: bool | None
    resumed_at: datetime | None
    id: uuid.UUID
    held_at: datetime
    scale: str | None = None
    form: str | None = None
    form_version: int | None = None
    rater_id: uuid.UUID | None = None
    state: str | None = None
    total: int | None = None
    items: Sequence[int | None] | None = None
    answered_at: datetime | None = None


class Talked(NamedTuple):
    """What stands of a course's signals: the kinds that are open, and when each kind was last ended."""

    waiting: frozenset[str]
    settled: Mapping[str, datetime]


UNTOLD = Talked(frozenset(), {})


@dataclass(frozen=True, slots=True)
class Constants:
    """Forms with what is estimated for their packs."""

    forms: Mapping[tuple[str, int], Form]
    thresholds: Mapping[str, float | None]
    models: Mapping[str, Expecting | None]

    def measure(self, key: str, version: int, age_band: str) -> Measure | None:
        """None for a form that is no longer known: its answers say nothing to the rules."""
        form = self.forms.get((key, version))
        if form is None:
            return None
        # The estimate is of the outcome scale; an alliance total is measured by its own limit or not at all.
        threshold = self.thresholds[form.pack] if form.kind == "outcome" else None
        return measure_of(form, age_band, estimated=threshold, model=self.models[form.pack])


def read_story(course_id: uuid.UUID) -> Story:
    """One course, open or ended."""
    (story,) = list_stories(Course.id == course_id)
    return story


def list_open_stories() -> Iterator[Story]:
    """Every open course that has had a conversation, those that began first on top."""
    return list_stories(Course.closed_at.is_(None))


def list_stories(which: ColumnElement[bool]) -> Iterator[Story]:
    """Courses by a condition on them, in the order in which they began."""
    rows = [Row._make(row) for row in db.session.execute(_statement(which))]
    return assemble(rows, _read_talked(which))


def assemble(rows: Sequence[Row], talked: Mapping[uuid.UUID, Talked]) -> Iterator[Story]:
    """Stories from rows of whole courses, each course's in the order of time."""
    used = {(row.form, row.form_version) for row in rows if row.form is not None and row.form_version is not None}
    constants = _read_constants(used)
    for course_id, own in groupby(rows, key=lambda row: row.course_id):
        yield _assemble(list(own), constants, talked.get(course_id, UNTOLD))


# In the order of Row.
_ANSWER = (
    Answer.scale,
    Answer.form,
    Answer.form_version,
    Answer.rater_id,
    Answer.state,
    Answer.total,
    Answer.items,
    Answer.answered_at,
)
_GIVEN = and_(
    Answer.tenant_id == Conversation.tenant_id,
    Answer.conversation_id == Conversation.id,
    # On the outcome scale others than the citizen have curves of their own, which open no signal.
    or_(Answer.rater_id.is_(None), Answer.scale == "alliance"),
)


def _statement(which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    refused = _refused()
    held = and_(Conversation.tenant_id == Course.tenant_id, Conversation.course_id == Course.id)
    return (
        select(
            Course.id.label("course_id"),
            Course.closed_at.is_not(None),
            Citizen.age_band,
            refused.c.declined,
            refused.c.resumed_at,
            Conversation.id,
            Conversation.held_at,
            *_ANSWER,
        )
        .join(Citizen, CITIZEN)
        .join(Conversation, held)
        .outerjoin(Answer, _GIVEN)
        .outerjoin(refused, and_(refused.c.tenant_id == Course.tenant_id, refused.c.course_id == Course.id))
        .where(which)
        .order_by(Course.opened_at, Course.id, Conversation.held_at, Conversation.id)
    )


def _refused() -> Subquery:
    """By course: whether its citizen does not want to be asked now, and when a no was last taken back."""
    return (
        select(
            Refusal.tenant_id,
            Refusal.course_id,
            func.bool_or(Refusal.ended_at.is_(None)).label("declined"),
            func.max(Refusal.ended_at).label("resumed_at"),
        )
        .group_by(Refusal.tenant_id, Refusal.course_id)
        .subquery()
    )


def _read_constants(wanted: Iterable[tuple[str, int]]) -> Constants:
    forms = find_forms(wanted)
    packs = {form.pack for form in forms.values()}
    kept = {pack: find_threshold(pack=pack) for pack in packs}
    thresholds = {pack: found.threshold if found else None for pack, found in kept.items()}
    return Constants(forms, thresholds, {pack: find_model(pack) for pack in packs})


def _read_talked(which: ColumnElement[bool]) -> Mapping[uuid.UUID, Talked]:
    """By course: which kinds are open, and when what was known of each kind was talked about last."""
    course = and_(Course.tenant_id == FeedbackSignal.tenant_id, Course.id == FeedbackSignal.course_id)
    kinds = (
        select(
            FeedbackSignal.course_id,
            FeedbackSignal.kind,
            func.bool_or(FeedbackSignal.ended_at.is_(None)).label("waits"),
            func.max(FeedbackSignal.ended_at).label("ended_at"),
        )
        .join(Course, course)
        .where(which)
        .group_by(FeedbackSignal.course_id, FeedbackSignal.kind)
        .order_by(FeedbackSignal.course_id)
    )
    found: dict[uuid.UUID, Talked] = {}
    for course_id, own in groupby(db.session.execute(kinds).all(), key=lambda row: row.course_id):
        rows = list(own)
        settled = {row.kind: row.ended_at for row in rows if row.ended_at is not None}
        found[course_id] = Talked(frozenset(row.kind for row in rows if row.waits), settled)
    return found


def _assemble(rows: Sequence[Row], constants: Constants, talked: Talked) -> Story:
    first = rows[0]
    by_conversation = groupby(rows, key=lambda row: row.id)
    meetings = [
        _meet(number, list(given), constants, first.age_band)
        for number, (_, given) in enumerate(by_conversation, 1)
    ]
    return Story(
        first.course_id,
        first.age_band,
        tuple(meetings),
        settled=talked.settled,
        waiting=talked.waiting,
        declined=bool(first.declined),
        resumed_at=first.resumed_at,
        ended=first.ended,
    )


def _meet(number: int, rows: Sequence[Row], constants: Constants, age_band: str) -> Meeting:
    replies = [reply for row in rows if (reply := _reply(row, constants, age_band)) is not None]
    outcome = next((reply for reply in replies if reply.measure.form.kind == "outcome"), None)
    alliance = tuple(reply for reply in replies if reply.measure.form.kind == "alliance")
    return Meeting(number, rows[0].id, rows[0].held_at, outcome, alliance)


def _reply(row: Row, constants: Constants, age_band: str) -> Reply | None:
    if row.form is None or row.form_version is None or row.state is None or row.answered_at is None:
        return None
    measure = constants.measure(row.form, row.form_version, age_band)
    if measure is None:
        return None
    return Reply(measure, row.rater_id, row.state, row.total, tuple(row.items or ()), row.answered_at)
