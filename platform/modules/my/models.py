"""One-time codes that have been asked for."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import ALL, Base
from hjelpa.core.isolation import TenantOwned
from hjelpa.core.types import Moment, PrivateText


class CodeRequest(TenantOwned, Base):
    """Somebody has asked for a code to an address, whether anybody is known by it or not.

    The code itself is kept nowhere: it follows from `id` and the platform's secret (`rules.make_code`).
    """

    __tablename__ = "own_codes"
    __grants__ = {"app": ALL}
    __table_args__ = (Index("ix_own_codes_address", "tenant_id", "address", "created_at"),)

    address: Mapped[str] = mapped_column(PrivateText)
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
