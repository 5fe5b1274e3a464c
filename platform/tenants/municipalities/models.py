"""Municipalities are shared by nature (everyone may know that they exist); what they switch off is their own."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import ALL, READ, WRITE, Base, Shared
from hjelpa.core.isolation import TenantOwned
from hjelpa.core.types import Moment, Name, new_id

AUDIENCES = ("children", "adults", "both")
STATUSES = ("joining", "active", "suspended")


class Municipality(Shared, Base):
    """One municipality and its Hjelpa service. `slug` is the first segment of its addresses."""

    __tablename__ = "municipalities"
    __grants__ = {"app": READ, "auth": WRITE, "network": READ, "dispatch": READ}
    __table_args__ = (
        UniqueConstraint("slug"),
        CheckConstraint("slug ~ '^[a-z][a-z0-9-]{1,40}$'", name="slug"),
        CheckConstraint(f"audience in {AUDIENCES}", name="audience"),
        CheckConstraint(f"status in {STATUSES}", name="status"),
        CheckConstraint("colour ~ '^#[0-9a-f]{6}$'", name="colour"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(Name)
    name: Mapped[str] = mapped_column(Name)
    service: Mapped[str] = mapped_column(Name)
    country: Mapped[str] = mapped_column(Name, server_default="NO")
    language: Mapped[str] = mapped_column(Name, server_default="nb")
    audience: Mapped[str] = mapped_column(Name, server_default="both")
    since: Mapped[int | None]
    status: Mapped[str] = mapped_column(Name, server_default="joining")
    colour: Mapped[str] = mapped_column(Name, server_default="#1e5aa8")
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))


class FeatureSwitch(TenantOwned, Base):
    """A feature that this municipality has switched off. No row means on."""

    __tablename__ = "feature_switches"
    __grants__ = {"app": ALL, "auth": READ}
    __table_args__ = (UniqueConstraint("tenant_id", "feature"),)

    feature: Mapped[str] = mapped_column(Name)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
