"""Figures that were worked out by night, where doing it for every page would take too long."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import WRITE, Base
from hjelpa.core.isolation import TenantOwned
from hjelpa.core.types import Moment, Name


class TeamFigures(TenantOwned, Base):
    """All figures of one period as `kept.to_json` gives them; `courses` are those that they rest on."""

    __tablename__ = "team_figures"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        UniqueConstraint("tenant_id", "period"),
        CheckConstraint("courses >= 0", name="courses"),
    )

    period: Mapped[str] = mapped_column(Name)
    computed_at: Mapped[datetime] = mapped_column(Moment)
    courses: Mapped[int]
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB)
