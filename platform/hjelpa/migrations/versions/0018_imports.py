"""Imports of sessions: a file while it is worked on, and which courses came with one under which name."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from hjelpa.core.ddl import create_tenant_table
from hjelpa.core.isolation import tenant_key

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

STATES = "('waiting', 'checked', 'refused', 'confirmed', 'done', 'failed')"


def upgrade() -> None:
    create_tenant_table(
        "session_imports",
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("helper_id", sa.Uuid(), nullable=False),
        sa.Column("pack", sa.String(200), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(200), nullable=False, server_default="waiting"),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("summary", JSONB(), nullable=False, server_default=sa.text("'{}'")),
        sa.Column("rows_done", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("work_id", sa.Uuid()),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        tenant_key("made_by", to="memberships"),
        tenant_key("unit_id", to="units"),
        tenant_key("helper_id", to="memberships"),
        sa.CheckConstraint(f"state in {STATES}", name="state"),
        sa.CheckConstraint(
            "content is null or state in ('waiting', 'checked', 'confirmed')", name="content_while_needed"
        ),
    )
    op.create_index("ix_session_imports_latest", "session_imports", ["tenant_id", "created_at"])
    create_tenant_table(
        "imported_courses",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("reference_key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        tenant_key("course_id", to="courses"),
        sa.UniqueConstraint("tenant_id", "reference_key"),
        sa.UniqueConstraint("tenant_id", "course_id"),
        rights=("select", "insert"),
    )


def downgrade() -> None:
    op.drop_table("imported_courses")
    op.drop_table("session_imports")
