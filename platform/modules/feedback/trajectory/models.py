"""What a municipality's own answers say of what is usual there: trajectory models, and the limits that a change must exceed.

Both are added to and never rewritten, so that a figure's basis can be found again; the latest of a pack is in use.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import ADD, Base
from hjelpa.core.isolation import TenantOwned
from hjelpa.core.types import Moment, Name


class TrajectoryModel(TenantOwned, Base):
    """A model of expected trajectories; `parameters` is empty where `courses` were too few for one.

    `courses` are those with two complete answers, `answers` all complete answers there were to read.
    """

    __tablename__ = "trajectory_models"
    __grants__ = {"app": ADD}
    __table_args__ = (
        CheckConstraint("courses >= 0 and answers >= 0", name="counts"),
        Index("ix_trajectory_models_latest", "tenant_id", "pack", "fitted_at"),
    )

    pack: Mapped[str] = mapped_column(Name)
    fitted_at: Mapped[datetime] = mapped_column(Moment)
    courses: Mapped[int]
    answers: Mapped[int]
    latest_answer_at: Mapped[datetime | None] = mapped_column(Moment)
    formula_version: Mapped[str] = mapped_column(Name)
    parameters: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class ScaleThreshold(TenantOwned, Base):
    """How much a total must change before it counts (points), estimated from `n` first answers; empty where it cannot be."""

    __tablename__ = "scale_thresholds"
    __grants__ = {"app": ADD}
    __table_args__ = (
        CheckConstraint("scale in ('outcome', 'alliance')", name="scale"),
        CheckConstraint("n >= 0", name="n"),
        CheckConstraint(
            "(threshold is null) = (sd is null) and (threshold is null) = (reliability is null)",
            name="all_or_none",
        ),
        Index("ix_scale_thresholds_latest", "tenant_id", "scale", "pack", "estimated_at"),
    )

    scale: Mapped[str] = mapped_column(Name)
    pack: Mapped[str] = mapped_column(Name)
    sd: Mapped[float | None]
    reliability: Mapped[float | None]
    n: Mapped[int]
    threshold: Mapped[float | None]
    estimated_at: Mapped[datetime] = mapped_column(Moment)
    formula_version: Mapped[str] = mapped_column(Name)
