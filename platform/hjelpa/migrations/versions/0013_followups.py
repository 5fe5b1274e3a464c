"""Follow-ups, unmet needs and positions."""

import sqlalchemy as sa
from alembic import op

from hjelpa.core.ddl import create_tenant_table
from hjelpa.core.isolation import tenant_key

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_OPEN = sa.text("closed_at is null")


def upgrade() -> None:
    _create_followups()
    create_tenant_table(
        "unmet_needs",
        sa.Column("week", sa.String(200), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint("source in ('contact', 'conversation', 'plan', 'catalogue', 'written')", name="source"),
    )
    op.create_index("ix_unmet_needs_week", "unmet_needs", ["tenant_id", "week"])
    create_tenant_table(
        "positions",
        sa.Column("quarter", sa.String(200), nullable=False),
        sa.Column("hundredths", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.CheckConstraint("hundredths >= 0", name="hundredths"),
        tenant_key("membership_id", to="memberships"),
        rights=("select", "insert"),
    )
    op.create_index("ix_positions_quarter", "positions", ["tenant_id", "quarter", "entered_at"])


def _create_followups() -> None:
    create_tenant_table(
        "followups",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("conversation_id", sa.Uuid()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.CheckConstraint("due_at >= opened_at", name="due_after_opened"),
        sa.CheckConstraint("closed_at >= opened_at", name="closed_after_opened"),
        sa.CheckConstraint("closed_at is null or conversation_id is not null", name="closed_by_conversation"),
        tenant_key("conversation_id", to="conversations"),
        tenant_key("course_id", to="courses"),
        rights=("select", "insert", "update"),
    )
    course = ["tenant_id", "course_id"]
    op.create_index("ix_followups_course", "followups", course)
    op.create_index("uq_followups_open", "followups", course, unique=True, postgresql_where=_OPEN)
    op.create_index("ix_followups_due", "followups", ["tenant_id", "due_at"], postgresql_where=_OPEN)
    op.create_index("ix_followups_opened", "followups", ["tenant_id", "opened_at", "id"])
    create_tenant_table(
        "followup_signals",
        sa.Column("followup_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(200), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.CheckConstraint("kind in ('outcome', 'alliance', 'off_track', 'said')", name="kind"),
        tenant_key("followup_id", to="followups"),
        rights=("select", "insert"),
    )
    op.create_index("ix_followup_signals_followup", "followup_signals", ["tenant_id", "followup_id", "noticed_at"])


def downgrade() -> None:
    op.drop_table("positions")
    op.drop_table("unmet_needs")
    op.drop_table("followup_signals")
    op.drop_table("followups")
