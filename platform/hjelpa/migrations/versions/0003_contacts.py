"""The one door."""

import sqlalchemy as sa
from alembic import op

from hjelpa.core.ddl import create_tenant_table
from hjelpa.core.isolation import tenant_key

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_tenant_table(
        "contacts",
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(200), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("consent", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, server_default=""),
        sa.Column("phone", sa.Text(), nullable=False, server_default=""),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("next_step_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid()),
        sa.Column("first_conversation_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.CheckConstraint("channel in ('call', 'write', 'drop_in', 'call_me')", name="channel"),
        sa.CheckConstraint("consent or made_by = 'self'", name="consent"),
        sa.CheckConstraint("first_conversation_at >= received_at", name="conversation_after_contact"),
        sa.CheckConstraint("made_by in ('self', 'for_someone', 'with_service')", name="made_by"),
        tenant_key("course_id", to="courses"),
        tenant_key("membership_id", to="memberships"),
        rights=("select", "insert", "update"),
    )
    op.create_index("ix_contacts_course", "contacts", ["tenant_id", "course_id"])
    op.create_index("ix_contacts_received", "contacts", ["tenant_id", "received_at", "id"])
    op.create_index(
        "ix_contacts_waiting",
        "contacts",
        ["tenant_id", "received_at"],
        postgresql_where=sa.text("first_conversation_at is null"),
    )


def downgrade() -> None:
    op.drop_table("contacts")
