"""How many full-time positions the service had in a quarter, as the leader entered it."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import ADD, Base
from hjelpa.core.isolation import TenantOwned, tenant_key
from hjelpa.core.types import Moment, Name


class Position(TenantOwned, Base):
    """One entry: the positions of a quarter ("2026-Q3") in hundredths. The latest holds, and the earlier ones stay."""

    __tablename__ = "positions"
    __grants__ = {"app": ADD}
    __table_args__ = (
        tenant_key("membership_id", to="memberships"),
        CheckConstraint("hundredths >= 0", name="hundredths"),
        Index("ix_positions_quarter", "tenant_id", "quarter", "entered_at"),
    )

    quarter: Mapped[str] = mapped_column(Name)
    hundredths: Mapped[int]
    membership_id: Mapped[uuid.UUID]
    entered_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
