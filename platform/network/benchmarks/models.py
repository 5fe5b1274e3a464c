"""Contributions (each municipality's own counts) and releases (what anyone outside ever sees)."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import ADD, READ, WRITE, Base, Shared
from hjelpa.core.isolation import TenantOwned
from hjelpa.core.types import Moment, Name, new_id


class Contribution(TenantOwned, Base):
    """One municipality's counts for one cell. The one door: the role network reads this table and no other."""

    __tablename__ = "contributions"
    __grants__ = {"app": WRITE, "network": READ}
    __table_args__ = (
        UniqueConstraint("tenant_id", "indicator", "version", "period", "stratum"),
        CheckConstraint("numerator >= 0 and denominator >= 0 and eligible >= 0", name="counts"),
    )

    indicator: Mapped[str] = mapped_column(Name)
    version: Mapped[int]
    period: Mapped[str] = mapped_column(Name)
    stratum: Mapped[str] = mapped_column(Name, server_default="all")
    numerator: Mapped[int]
    denominator: Mapped[int]
    eligible: Mapped[int]
    computed_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))


class Release(Shared, Base):
    """One publication. Nobody may change or delete it: no role has the right."""

    __tablename__ = "releases"
    __grants__ = {"network": ADD, "app": READ}
    __table_args__ = (UniqueConstraint("sequence"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    sequence: Mapped[int]
    released_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
    policy: Mapped[dict[str, Any]] = mapped_column(JSONB)


class ReleaseCell(Shared, Base):
    """One cell of a release. A withheld cell has nothing after `status`, whatever the reason."""

    __tablename__ = "release_cells"
    __grants__ = {"network": ADD, "app": READ}
    __table_args__ = (
        UniqueConstraint("indicator", "version", "period", "stratum"),
        CheckConstraint("status in ('published', 'withheld')", name="status"),
        CheckConstraint(
            "status = 'published' or num_nonnulls(contributors, persons, value, q1, median, q3) = 0",
            name="withheld",
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    release_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("releases.id"), index=True)
    indicator: Mapped[str] = mapped_column(Name)
    version: Mapped[int]
    period: Mapped[str] = mapped_column(Name)
    stratum: Mapped[str] = mapped_column(Name)
    status: Mapped[str] = mapped_column(Name)
    contributors: Mapped[int | None]
    persons: Mapped[int | None]
    value: Mapped[Decimal | None] = mapped_column(Numeric(9, 1))
    q1: Mapped[Decimal | None] = mapped_column(Numeric(9, 1))
    median: Mapped[Decimal | None] = mapped_column(Numeric(9, 1))
    q3: Mapped[Decimal | None] = mapped_column(Numeric(9, 1))
