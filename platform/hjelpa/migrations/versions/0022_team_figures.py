"""Figures of large municipalities, worked out by night."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from hjelpa.core.ddl import create_tenant_table

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_tenant_table(
        "team_figures",
        sa.Column("period", sa.String(200), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("courses", sa.Integer(), nullable=False),
        sa.Column("figures", JSONB(), nullable=False),
        sa.UniqueConstraint("tenant_id", "period"),
        sa.CheckConstraint("courses >= 0", name="courses"),
        rights=("select", "insert", "update"),
    )


def downgrade() -> None:
    op.drop_table("team_figures")
