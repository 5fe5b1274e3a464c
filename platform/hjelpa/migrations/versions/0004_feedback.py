"""The citizen's feedback."""

import sqlalchemy as sa
from alembic import op

from hjelpa.core.ddl import create_tenant_table
from hjelpa.core.isolation import tenant_key

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_tenant_table(
        "scale_requests",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("scale", sa.String(200), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.CheckConstraint("scale in ('outcome', 'alliance')", name="scale"),
        tenant_key("conversation_id", to="conversations"),
        tenant_key("course_id", to="courses"),
        sa.UniqueConstraint("tenant_id", "token_hash"),
    )
    create_tenant_table(
        "answers",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("scale", sa.String(200), nullable=False),
        sa.Column("scale_version", sa.Integer(), nullable=False),
        sa.Column("rater", sa.String(200), nullable=False, server_default="self"),
        sa.Column("state", sa.String(200), nullable=False),
        sa.Column("item1", sa.SmallInteger()),
        sa.Column("item2", sa.SmallInteger()),
        sa.Column("item3", sa.SmallInteger()),
        sa.Column("item4", sa.SmallInteger()),
        sa.Column("total", sa.SmallInteger()),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.CheckConstraint("item1 between 0 and 100", name="item1"),
        sa.CheckConstraint("item2 between 0 and 100", name="item2"),
        sa.CheckConstraint("item3 between 0 and 100", name="item3"),
        sa.CheckConstraint("item4 between 0 and 100", name="item4"),
        sa.CheckConstraint("scale in ('outcome', 'alliance')", name="scale"),
        sa.CheckConstraint("state in ('answered', 'skipped')", name="state"),
        tenant_key("conversation_id", to="conversations"),
        tenant_key("course_id", to="courses"),
        sa.UniqueConstraint("tenant_id", "conversation_id", "scale", "rater"),
        rights=("select", "insert", "update"),
    )
    op.create_index("ix_answers_course", "answers", ["tenant_id", "course_id", "scale"])


def downgrade() -> None:
    op.drop_table("answers")
    op.drop_table("scale_requests")
