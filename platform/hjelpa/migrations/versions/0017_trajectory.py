"""Models of expected trajectories, and the limits that a change must exceed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from hjelpa.core.ddl import create_tenant_table

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ADDED_TO = ("select", "insert")


def upgrade() -> None:
    create_tenant_table(
        "trajectory_models",
        sa.Column("pack", sa.String(200), nullable=False),
        sa.Column("fitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("courses", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("latest_answer_at", sa.DateTime(timezone=True)),
        sa.Column("formula_version", sa.String(200), nullable=False),
        sa.Column("parameters", JSONB()),
        sa.CheckConstraint("courses >= 0 and answers >= 0", name="counts"),
        rights=ADDED_TO,
    )
    op.create_index("ix_trajectory_models_latest", "trajectory_models", ["tenant_id", "pack", "fitted_at"])
    create_tenant_table(
        "scale_thresholds",
        sa.Column("scale", sa.String(200), nullable=False),
        sa.Column("pack", sa.String(200), nullable=False),
        sa.Column("sd", sa.Float()),
        sa.Column("reliability", sa.Float()),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("threshold", sa.Float()),
        sa.Column("estimated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("formula_version", sa.String(200), nullable=False),
        sa.CheckConstraint("scale in ('outcome', 'alliance')", name="scale"),
        sa.CheckConstraint("n >= 0", name="n"),
        sa.CheckConstraint(
            "(threshold is null) = (sd is null) and (threshold is null) = (reliability is null)",
            name="all_or_none",
        ),
        rights=ADDED_TO,
    )
    latest = ["tenant_id", "scale", "pack", "estimated_at"]
    op.create_index("ix_scale_thresholds_latest", "scale_thresholds", latest)


def downgrade() -> None:
    op.drop_table("scale_thresholds")
    op.drop_table("trajectory_models")
