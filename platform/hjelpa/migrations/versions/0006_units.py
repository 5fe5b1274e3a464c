"""Units: the doors of a municipality, who leads them and who is on duty."""

import sqlalchemy as sa
from alembic import op

from hjelpa.core.ddl import create_tenant_table
from hjelpa.core.isolation import tenant_key

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_tenant_table(
        "units",
        sa.Column("slug", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("area", sa.String(200), nullable=False, server_default=""),
        sa.Column("age_group", sa.String(200), nullable=False, server_default="all"),
        sa.Column("phone", sa.String(200), nullable=False, server_default=""),
        sa.Column("visit", sa.String(), nullable=False, server_default=""),
        sa.Column("answer_hours", sa.Integer(), nullable=False, server_default=sa.text("24")),
        sa.Column("open", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("leader_id", sa.Uuid()),
        sa.Column("duty_id", sa.Uuid()),
        sa.Column("deputy_id", sa.Uuid()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.CheckConstraint("age_group in ('all', 'children', 'adults')", name="age_group"),
        sa.CheckConstraint("answer_hours between 1 and 168", name="answer_hours"),
        sa.CheckConstraint("not open or num_nulls(leader_id, duty_id, deputy_id) = 0", name="open_is_held"),
        sa.CheckConstraint("slug ~ '^[a-z][a-z0-9-]{0,40}$'", name="slug"),
        sa.UniqueConstraint("tenant_id", "slug"),
        tenant_key("leader_id", to="memberships"),
        tenant_key("duty_id", to="memberships"),
        tenant_key("deputy_id", to="memberships"),
        rights=("select", "insert", "update"),
    )
    create_tenant_table(
        "duty_turns",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("duty_id", sa.Uuid(), nullable=False),
        sa.Column("deputy_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        tenant_key("unit_id", to="units"),
        tenant_key("duty_id", to="memberships"),
        tenant_key("deputy_id", to="memberships"),
    )
    op.create_index("ix_duty_turns_unit", "duty_turns", ["tenant_id", "unit_id", "starts_at"])


def downgrade() -> None:
    op.drop_table("duty_turns")
    op.drop_table("units")
