"""A follow-up of a course of help, with its clock, and the signals that it is about."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import ADD, WRITE, Base
from hjelpa.core.isolation import TenantOwned, tenant_key
from hjelpa.core.types import Moment, Name

# The first two are of before there were finer signs from the answers.
KINDS = (
    "outcome",
    "alliance",
    "said",
    "off_track",
    "deteriorated",
    "alliance_low",
    "alliance_fell",
    "no_answer",
    "no_movement",
)

_OPEN = text("closed_at is null")


class FollowUp(TenantOwned, Base):
    """Open until a conversation has been held in which the next step was agreed; a course has at most one open.

    Who holds it stands nowhere here: it is whoever answers for the course. Where the course has ended the follow-up
    has too, without an agreement. `told_at` is when the leader was told that its time had passed.
    """

    __tablename__ = "followups"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        tenant_key("course_id", to="courses"),
        tenant_key("conversation_id", to="conversations"),
        CheckConstraint("due_at >= opened_at", name="due_after_opened"),
        CheckConstraint("closed_at >= opened_at", name="closed_after_opened"),
        CheckConstraint("closed_at is null or conversation_id is not null", name="closed_by_conversation"),
        Index("uq_followups_open", "tenant_id", "course_id", unique=True, postgresql_where=_OPEN),
        Index("ix_followups_course", "tenant_id", "course_id"),
        Index("ix_followups_due", "tenant_id", "due_at", postgresql_where=_OPEN),
        Index("ix_followups_opened", "tenant_id", "opened_at", "id"),
    )

    course_id: Mapped[uuid.UUID]
    opened_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    told_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    conversation_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))


class Signal(TenantOwned, Base):
    """One sign that somebody is not helped: the first opens the follow-up, later ones are added to it."""

    __tablename__ = "followup_signals"
    __grants__ = {"app": ADD}
    __table_args__ = (
        tenant_key("followup_id", to="followups"),
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        Index("ix_followup_signals_followup", "tenant_id", "followup_id", "noticed_at"),
    )

    followup_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Name)
    noticed_at: Mapped[datetime] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
