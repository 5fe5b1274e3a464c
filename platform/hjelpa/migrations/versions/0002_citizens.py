"""Citizens, courses of help, who is responsible, and conversations."""

import sqlalchemy as sa
from alembic import op

from hjelpa.core.ddl import create_tenant_table
from hjelpa.core.isolation import tenant_key

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_tenant_table(
        "citizens",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text()),
        sa.Column("age_band", sa.String(200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.CheckConstraint("age_band in ('child', 'adolescent', 'adult')", name="age_band"),
        rights=("select", "insert", "update"),
    )
    create_tenant_table(
        "courses",
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("ending", sa.String(200)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.CheckConstraint("closed_at >= opened_at", name="closed_after_opened"),
        sa.CheckConstraint("(closed_at is null) = (ending is null)", name="closed_with_ending"),
        sa.CheckConstraint("ending in ('mutual', 'unilateral')", name="ending"),
        tenant_key("citizen_id", to="citizens"),
        rights=("select", "insert", "update"),
    )
    op.create_index("ix_courses_citizen", "courses", ["tenant_id", "citizen_id"])
    op.create_index("ix_courses_opened", "courses", ["tenant_id", "opened_at", "id"])
    op.create_index(
        "ix_courses_open",
        "courses",
        ["tenant_id", "opened_at", "id"],
        postgresql_where=sa.text("closed_at is null"),
    )
    create_tenant_table(
        "responsibilities",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("until_at >= since_at", name="until_after_since"),
        tenant_key("course_id", to="courses"),
        tenant_key("membership_id", to="memberships"),
        rights=("select", "insert", "update"),
    )
    op.create_index("ix_responsibilities_course", "responsibilities", ["tenant_id", "course_id"])
    op.create_index("ix_responsibilities_member", "responsibilities", ["tenant_id", "membership_id"])
    create_tenant_table(
        "conversations",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("matters", sa.Text(), nullable=False, server_default=""),
        sa.Column("happened", sa.Text(), nullable=False, server_default=""),
        sa.Column("next_step", sa.Text(), nullable=False, server_default=""),
        sa.Column("next_step_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        tenant_key("course_id", to="courses"),
        tenant_key("membership_id", to="memberships"),
        rights=("select", "insert", "update"),
    )
    op.create_index("ix_conversations_course", "conversations", ["tenant_id", "course_id", "held_at"])
    op.create_index("ix_conversations_held", "conversations", ["tenant_id", "held_at"])
    create_tenant_table(
        "circle_reasons",
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        tenant_key("citizen_id", to="citizens"),
        tenant_key("membership_id", to="memberships"),
        rights=("select", "insert"),
    )
    op.create_index("ix_circle_reasons_reader", "circle_reasons", ["tenant_id", "membership_id", "citizen_id"])


def downgrade() -> None:
    op.drop_table("circle_reasons")
    op.drop_table("conversations")
    op.drop_table("responsibilities")
    op.drop_table("courses")
    op.drop_table("citizens")
