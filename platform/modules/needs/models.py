"""An unmet need, in words that nobody stands behind."""

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import ALL, Base
from hjelpa.core.isolation import TenantOwned
from hjelpa.core.types import Name, PrivateText

SOURCES = ("contact", "conversation", "plan", "catalogue", "written")


class Need(TenantOwned, Base):
    """What would have helped and does not exist. `week` is the ISO week ("2026-W47"); nothing says when in it.

    Its id is a random UUIDv4, given by whoever makes the row: one made in order of time would tell who was met just
    then. There is no author, no course and no time, and there must never be.
    """

    __tablename__ = "unmet_needs"
    __grants__ = {"app": ALL}
    __table_args__ = (
        CheckConstraint(f"source in {SOURCES}", name="source"),
        Index("ix_unmet_needs_week", "tenant_id", "week"),
    )

    week: Mapped[str] = mapped_column(Name)
    source: Mapped[str] = mapped_column(Name)
    words: Mapped[str] = mapped_column(PrivateText)
