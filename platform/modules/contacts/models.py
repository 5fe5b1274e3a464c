"""A contact: somebody approached a door. No severity, no duration, no referral."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import WRITE, Base
from hjelpa.core.isolation import TenantOwned, tenant_key
from hjelpa.core.types import Moment, Name, PrivateText

CHANNELS = ("call", "write", "drop_in", "call_me")
MADE_BY = ("self", "for_someone", "with_service")


class Contact(TenantOwned, Base):
    """One approach, in the person's words, with consent and the agreed next step.

    Somebody answers for it from the moment it is received (`membership_id`). `answered_at` is when a helper took it:
    agreed on a time, took it over or held the first conversation; until then `next_step_at` is the moment by which an
    answer was promised, and `deputy_told_at` and `leader_told_at` say how far it has climbed. `course_id` is set when
    help has begun; `first_conversation_at` when the first conversation was held.
    """

    __tablename__ = "contacts"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        tenant_key("membership_id", to="memberships"),
        tenant_key("course_id", to="courses"),
        tenant_key("unit_id", to="units"),
        CheckConstraint(f"channel in {CHANNELS}", name="channel"),
        CheckConstraint(f"made_by in {MADE_BY}", name="made_by"),
        CheckConstraint("first_conversation_at >= received_at", name="conversation_after_contact"),
        CheckConstraint("answered_at >= received_at", name="answer_after_contact"),
        CheckConstraint("consent or made_by = 'self'", name="consent"),
        Index("ix_contacts_received", "tenant_id", "received_at", "id"),
        Index(
            "ix_contacts_waiting",
            "tenant_id",
            "received_at",
            postgresql_where=text("first_conversation_at is null"),
        ),
        Index(
            "ix_contacts_unanswered",
            "tenant_id",
            "received_at",
            postgresql_where=text("answered_at is null"),
        ),
        Index("ix_contacts_course", "tenant_id", "course_id"),
    )

    unit_id: Mapped[uuid.UUID]
    received_at: Mapped[datetime] = mapped_column(Moment)
    channel: Mapped[str] = mapped_column(Name)
    made_by: Mapped[str] = mapped_column(Name)
    consent: Mapped[bool]
    name: Mapped[str] = mapped_column(PrivateText, server_default="")
    phone: Mapped[str] = mapped_column(PrivateText, server_default="")
    email: Mapped[str] = mapped_column(PrivateText, server_default="")
    words: Mapped[str] = mapped_column(PrivateText)
    next_step: Mapped[str] = mapped_column(PrivateText)
    next_step_at: Mapped[datetime] = mapped_column(Moment)
    membership_id: Mapped[uuid.UUID]
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    deputy_told_at: Mapped[datetime | None] = mapped_column(Moment)
    leader_told_at: Mapped[datetime | None] = mapped_column(Moment)
    course_id: Mapped[uuid.UUID | None]
    first_conversation_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
