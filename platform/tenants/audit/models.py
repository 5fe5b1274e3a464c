"""The access log: one row for every read of a citizen's record."""

import uuid
from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import ADD, Base
from hjelpa.core.isolation import TenantOwned
from hjelpa.core.types import Moment, Name, PrivateText


class AccessLogEntry(TenantOwned, Base):
    """Who (membership) looked at whose record (citizen), on which page, and the reason given outside the own circle.

    Append-only for every role. It holds what was looked at, never what was seen.
    """

    __tablename__ = "access_log"
    __grants__ = {"app": ADD}
    __table_args__ = (Index("ix_access_log_citizen", "tenant_id", "citizen_id", "created_at"),)

    membership_id: Mapped[uuid.UUID]
    citizen_id: Mapped[uuid.UUID]
    page: Mapped[str] = mapped_column(Name)
    reason: Mapped[str | None] = mapped_column(PrivateText)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
