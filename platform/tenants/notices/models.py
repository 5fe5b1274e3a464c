"""Notices to a person in one municipality."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import ALL, Base
from hjelpa.core.isolation import TenantOwned, tenant_key
from hjelpa.core.types import Moment, Name


class Notice(TenantOwned, Base):
    """One notice. `kind` is declared in a manifest; `values` fill its sentence and address and name no citizen."""

    __tablename__ = "notices"
    __grants__ = {"app": ALL}
    __table_args__ = (
        tenant_key("membership_id", to="memberships"),
        Index("ix_notices_unread", "tenant_id", "membership_id", postgresql_where=text("read_at is null")),
    )

    membership_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Name)
    values: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    read_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
