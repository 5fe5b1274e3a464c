"""Contributions and releases."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from hjelpa.core.ddl import create_shared_table, create_tenant_table, let_role_see_all_tenants

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_tenant_table(
        "contributions",
        sa.Column("indicator", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(200), nullable=False),
        sa.Column("stratum", sa.String(200), nullable=False, server_default="all"),
        sa.Column("numerator", sa.Integer(), nullable=False),
        sa.Column("denominator", sa.Integer(), nullable=False),
        sa.Column("eligible", sa.Integer(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.CheckConstraint("numerator >= 0 and denominator >= 0 and eligible >= 0", name="counts"),
        sa.UniqueConstraint("tenant_id", "indicator", "version", "period", "stratum"),
        rights=("select", "insert", "update"),
    )
    create_shared_table(
        "releases",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("policy", postgresql.JSONB(), nullable=False),
        sa.UniqueConstraint("sequence"),
        grants={
            "network": (
                "select",
                "insert",
            ),
            "app": ("select",),
        },
    )
    create_shared_table(
        "release_cells",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("release_id", sa.Uuid(), sa.ForeignKey("releases.id"), nullable=False),
        sa.Column("indicator", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(200), nullable=False),
        sa.Column("stratum", sa.String(200), nullable=False),
        sa.Column("status", sa.String(200), nullable=False),
        sa.Column("contributors", sa.Integer()),
        sa.Column("persons", sa.Integer()),
        sa.Column("value", sa.Numeric(9, 1)),
        sa.Column("q1", sa.Numeric(9, 1)),
        sa.Column("median", sa.Numeric(9, 1)),
        sa.Column("q3", sa.Numeric(9, 1)),
        sa.CheckConstraint("status in ('published', 'withheld')", name="status"),
        sa.CheckConstraint(
            "status = 'published' or num_nonnulls(contributors, persons, value, q1, median, q3) = 0",
            name="withheld",
        ),
        sa.UniqueConstraint("indicator", "version", "period", "stratum"),
        grants={
            "network": (
                "select",
                "insert",
            ),
            "app": ("select",),
        },
    )
    op.create_index("ix_release_cells_release_id", "release_cells", ["release_id"])
    let_role_see_all_tenants(
        "contributions",
        "network",
        {
            "select": (
                "tenant_id",
                "indicator",
                "version",
                "period",
                "stratum",
                "numerator",
                "denominator",
                "eligible",
                "computed_at",
            )
        },
    )


def downgrade() -> None:
    op.drop_table("release_cells")
    op.drop_table("releases")
    op.drop_table("contributions")
