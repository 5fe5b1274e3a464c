"""Signals of courses, what is brought to supervision, and what was learned there without anybody's name."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import ALL, WRITE, Base
from hjelpa.core.isolation import TenantOwned, tenant_key
from hjelpa.core.types import Moment, Name, PrivateText
from modules.feedback.signals.rules import KINDS

DONE = ("talked", "way", "goal", "helpers", "go_on", "other")
SOURCES = ("learning", "answers", "written")

_OPEN = text("ended_at is null")
_WAITS = text("talked_at is null")


class FeedbackSignal(TenantOwned, Base):
    """A reason to talk: open until it is told what was done. A course has at most one open of each kind.

    Who is to talk stands nowhere here: it is whoever answers for the course. A course that has ended has no open signals.
    """

    __tablename__ = "feedback_signals"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        tenant_key("course_id", to="courses"),
        tenant_key("conversation_id", to="conversations"),
        tenant_key("ended_by", to="memberships"),
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        CheckConstraint(f"done in {DONE}", name="done"),
        CheckConstraint("(ended_at is null) = (done is null)", name="ended_with_what_was_done"),
        CheckConstraint("ended_at >= noticed_at", name="ended_after_noticed"),
        Index("uq_feedback_signals_open", "tenant_id", "course_id", "kind", unique=True, postgresql_where=_OPEN),
        Index("ix_feedback_signals_course", "tenant_id", "course_id", "noticed_at"),
        Index("ix_feedback_signals_noticed", "tenant_id", "noticed_at"),
    )

    course_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Name)
    conversation_id: Mapped[uuid.UUID | None]
    noticed_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    done: Mapped[str | None] = mapped_column(Name)
    words: Mapped[str] = mapped_column(PrivateText, server_default="")
    ended_by: Mapped[uuid.UUID | None]


class SupervisionCase(TenantOwned, Base):
    """A course that its helper takes to the team's supervision, with a question; at most one waiting for each course."""

    __tablename__ = "supervision_cases"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        tenant_key("course_id", to="courses"),
        CheckConstraint("talked_at >= brought_at", name="talked_after_brought"),
        Index("uq_supervision_cases_waiting", "tenant_id", "course_id", unique=True, postgresql_where=_WAITS),
        Index("ix_supervision_cases_course", "tenant_id", "course_id"),
        Index("ix_supervision_cases_brought", "tenant_id", "brought_at", postgresql_where=_WAITS),
    )

    course_id: Mapped[uuid.UUID]
    question: Mapped[str] = mapped_column(PrivateText)
    brought_at: Mapped[datetime] = mapped_column(Moment)
    talked_at: Mapped[datetime | None] = mapped_column(Moment)


class LearningNote(TenantOwned, Base):
    """What was learned. A random id and the ISO week, no course and no time; `signature` only where somebody signed."""

    __tablename__ = "learning_notes"
    __grants__ = {"app": ALL}
    __table_args__ = (Index("ix_learning_notes_week", "tenant_id", "week"),)

    week: Mapped[str] = mapped_column(Name)
    words: Mapped[str] = mapped_column(PrivateText)
    signature: Mapped[str] = mapped_column(Name, server_default="")


class FeedbackTheme(TenantOwned, Base):
    """A theme that was handed on to improvement work: a random id, the ISO week, and nobody behind it."""

    __tablename__ = "feedback_themes"
    __grants__ = {"app": ALL}
    __table_args__ = (
        CheckConstraint(f"source in {SOURCES}", name="source"),
        Index("ix_feedback_themes_week", "tenant_id", "week"),
    )

    week: Mapped[str] = mapped_column(Name)
    source: Mapped[str] = mapped_column(Name)
    words: Mapped[str] = mapped_column(PrivateText)
