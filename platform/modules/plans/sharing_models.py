"""With which services a citizen shares the plan."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import WRITE, Base
from hjelpa.core.isolation import TenantOwned, tenant_key
from hjelpa.core.types import Moment, Name, PrivateText


class Share(TenantOwned, Base):
    """One service that the plan is shared with, from `since_at` until `withdrawn_at`.

    `unit_id` is a door of the municipality; a service outside it comes in by a code and has `access_id`. `held_back`
    names the parts (`document.PARTS`) that it does not see.
    """

    __tablename__ = "plan_shares"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        tenant_key("plan_id", to="plans"),
        tenant_key("unit_id", to="units"),
        tenant_key("access_id", to="own_access"),
        CheckConstraint("unit_id is not null or access_id is not null", name="with_somebody"),
        CheckConstraint("withdrawn_at >= since_at", name="withdrawn_after_since"),
        Index(
            "uq_plan_shares_unit",
            "tenant_id",
            "plan_id",
            "unit_id",
            unique=True,
            postgresql_where=text("withdrawn_at is null and unit_id is not null"),
        ),
        Index("ix_plan_shares_plan", "tenant_id", "plan_id"),
        Index("ix_plan_shares_unit", "tenant_id", "unit_id", postgresql_where=text("withdrawn_at is null")),
    )

    plan_id: Mapped[uuid.UUID]
    unit_id: Mapped[uuid.UUID | None]
    access_id: Mapped[uuid.UUID | None]
    name: Mapped[str] = mapped_column(PrivateText)
    held_back: Mapped[list[str]] = mapped_column(ARRAY(Name), server_default=text("'{}'"))
    by_name: Mapped[str] = mapped_column(PrivateText)
    since_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
