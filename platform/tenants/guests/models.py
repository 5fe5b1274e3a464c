"""Who may come in to whose own pages, and the sessions of those who have."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import WRITE, Base
from hjelpa.core.isolation import TenantOwned, tenant_key
from hjelpa.core.types import Moment, Name, PrivateText

RELATIONS = ("self", "adult", "service")


class Access(TenantOwned, Base):
    """One person's access to one citizen's own pages, from `given_at` until `withdrawn_at`.

    `relation` is the citizen ("self"), an adult named in a child's plan, or a service outside the house that the
    citizen shares with. `address` is where the one-time codes go, as `rules.read_address` writes it. `given_by` is the name of who gave it. That
    of an adult in a child's plan has the same id as the adult has there.
    """

    __tablename__ = "own_access"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        tenant_key("citizen_id", to="citizens"),
        CheckConstraint(f"relation in {RELATIONS}", name="relation"),
        CheckConstraint("channel in ('email', 'sms')", name="channel"),
        CheckConstraint("withdrawn_at >= given_at", name="withdrawn_after_given"),
        Index("ix_own_access_citizen", "tenant_id", "citizen_id"),
        Index("ix_own_access_address", "tenant_id", "address", postgresql_where=text("withdrawn_at is null")),
    )

    citizen_id: Mapped[uuid.UUID]
    relation: Mapped[str] = mapped_column(Name)
    name: Mapped[str] = mapped_column(PrivateText)
    channel: Mapped[str] = mapped_column(Name)
    address: Mapped[str] = mapped_column(PrivateText)
    given_by: Mapped[str] = mapped_column(PrivateText)
    given_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
    withdrawn_by: Mapped[str | None] = mapped_column(PrivateText)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)


class GuestSession(TenantOwned, Base):
    """One coming-in on one device. Only a hash of the cookie's token is kept."""

    __tablename__ = "own_sessions"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        tenant_key("access_id", to="own_access"),
        UniqueConstraint("tenant_id", "token_hash"),
    )

    access_id: Mapped[uuid.UUID]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
    last_seen_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
    expires_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
