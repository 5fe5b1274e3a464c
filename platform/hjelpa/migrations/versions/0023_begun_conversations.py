"""A conversation may begin before anything is written about it: with a scale, and with its notes to follow."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "conversations", sa.Column("unwritten", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )
    op.execute("grant update (unwritten) on conversations to hjelpa_app")
    op.create_index(
        "ix_conversations_unwritten",
        "conversations",
        ["tenant_id", "membership_id", "course_id"],
        unique=True,
        postgresql_where=sa.text("unwritten"),
    )


def downgrade() -> None:
    op.drop_index("ix_conversations_unwritten", "conversations")
    op.drop_column("conversations", "unwritten")
