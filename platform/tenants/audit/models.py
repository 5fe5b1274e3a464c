"""The access log: one row for every read of a citizen's record, or of a contact that still waits."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import ADD, Base
from hjelpa.core.isolation import TenantOwned, tenant_key
from hjelpa.core.types import Moment, Name, PrivateText

KINDS = ("citizen", "contact")


class AccessLogEntry(TenantOwned, Base):
    """Who looked at whose record (subject), on which page, and the reason given outside the own circle.

    Who is a colleague (`membership_id`), or somebody on the citizen's own pages (`access_id`). The subject is a citizen, or a contact while nobody knows yet which citizen it will belong to. Append-only for
    every role. It holds what was looked at, never what was seen.
    """

    __tablename__ = "access_log"
    __grants__ = {"app": ADD}
    __table_args__ = (
        tenant_key("access_id", to="own_access"),
        CheckConstraint("num_nonnulls(membership_id, access_id) = 1", name="one_reader"),
        CheckConstraint(f"subject_kind in {KINDS}", name="subject_kind"),
        Index("ix_access_log_subject", "tenant_id", "subject_id", "created_at"),
    )

    membership_id: Mapped[uuid.UUID | None]
    access_id: Mapped[uuid.UUID | None]
    subject_kind: Mapped[str] = mapped_column(Name)
    subject_id: Mapped[uuid.UUID]
    page: Mapped[str] = mapped_column(Name)
    reason: Mapped[str | None] = mapped_column(PrivateText)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
