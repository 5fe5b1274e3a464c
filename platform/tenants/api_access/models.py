"""Tokens of the API: what each may, until when, and who made it. Only a token's hash is kept."""

import uuid
from datetime import datetime

from sqlalchemy import Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import READ, WRITE, Base
from hjelpa.core.isolation import TenantOwned, tenant_key
from hjelpa.core.types import Moment, Name


class ApiToken(TenantOwned, Base):
    """One token. The role auth finds it before a municipality has been entered, and notes its last use."""

    __tablename__ = "api_tokens"
    __grants__ = {"app": WRITE, "auth": READ | {"UPDATE"}}
    __table_args__ = (
        tenant_key("made_by", to="memberships"),
        UniqueConstraint("tenant_id", "token_hash"),
        Index("ix_api_tokens_hash", "token_hash"),
    )

    name: Mapped[str] = mapped_column(Name)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Name))
    made_by: Mapped[uuid.UUID]
    expires_at: Mapped[datetime] = mapped_column(Moment)
    last_used_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
