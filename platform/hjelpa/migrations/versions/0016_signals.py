"""Signals of courses, supervision, learning notes and themes; follow-ups know the finer signs."""

import sqlalchemy as sa
from alembic import op

from hjelpa.core.ddl import all_municipalities, create_tenant_table
from hjelpa.core.isolation import tenant_key

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KINDS = "('off_track', 'deteriorated', 'alliance_low', 'alliance_fell', 'no_answer', 'no_movement')"
DONE = "('talked', 'way', 'goal', 'helpers', 'go_on', 'other')"
OLD_SIGNS = "('outcome', 'alliance', 'off_track', 'said')"
SIGNS = (
    "('outcome', 'alliance', 'said', 'off_track', 'deteriorated', 'alliance_low', 'alliance_fell', 'no_answer',"
    " 'no_movement')"
)
WRITTEN = ("select", "insert", "update")


def upgrade() -> None:
    _create_signals()
    _create_cases()
    create_tenant_table(
        "learning_notes",
        sa.Column("week", sa.String(200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("signature", sa.String(200), nullable=False, server_default=""),
    )
    op.create_index("ix_learning_notes_week", "learning_notes", ["tenant_id", "week"])
    create_tenant_table(
        "feedback_themes",
        sa.Column("week", sa.String(200), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint("source in ('learning', 'answers', 'written')", name="source"),
    )
    op.create_index("ix_feedback_themes_week", "feedback_themes", ["tenant_id", "week"])
    _let_signs_be(SIGNS)


def _create_signals() -> None:
    table, course = "feedback_signals", ["tenant_id", "course_id"]
    create_tenant_table(
        table,
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(200), nullable=False),
        sa.Column("conversation_id", sa.Uuid()),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("done", sa.String(200)),
        sa.Column("words", sa.Text(), nullable=False, server_default=""),
        sa.Column("ended_by", sa.Uuid()),
        sa.CheckConstraint(f"kind in {KINDS}", name="kind"),
        sa.CheckConstraint(f"done in {DONE}", name="done"),
        sa.CheckConstraint("(ended_at is null) = (done is null)", name="ended_with_what_was_done"),
        sa.CheckConstraint("ended_at >= noticed_at", name="ended_after_noticed"),
        tenant_key("course_id", to="courses"),
        tenant_key("conversation_id", to="conversations"),
        tenant_key("ended_by", to="memberships"),
        rights=WRITTEN,
    )
    still_open = sa.text("ended_at is null")
    op.create_index("uq_feedback_signals_open", table, [*course, "kind"], unique=True, postgresql_where=still_open)
    op.create_index("ix_feedback_signals_course", table, [*course, "noticed_at"])
    op.create_index("ix_feedback_signals_noticed", table, ["tenant_id", "noticed_at"])


def _create_cases() -> None:
    table, course, waits = "supervision_cases", ["tenant_id", "course_id"], sa.text("talked_at is null")
    create_tenant_table(
        table,
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("talked_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("talked_at >= brought_at", name="talked_after_brought"),
        tenant_key("course_id", to="courses"),
        rights=WRITTEN,
    )
    op.create_index("uq_supervision_cases_waiting", table, course, unique=True, postgresql_where=waits)
    op.create_index("ix_supervision_cases_course", table, course)
    op.create_index("ix_supervision_cases_brought", table, ["tenant_id", "brought_at"], postgresql_where=waits)


def _let_signs_be(kinds: str) -> None:
    op.drop_constraint(op.f("ck_followup_signals_kind"), "followup_signals", type_="check")
    op.create_check_constraint("kind", "followup_signals", f"kind in {kinds}")


def downgrade() -> None:
    """The finer signs become the two that there were before."""
    with all_municipalities("followup_signals"):
        op.execute("update followup_signals set kind = 'alliance' where kind in ('alliance_low', 'alliance_fell')")
        op.execute(f"update followup_signals set kind = 'outcome' where kind not in {OLD_SIGNS}")
    _let_signs_be(OLD_SIGNS)
    for table in ("feedback_themes", "learning_notes", "supervision_cases", "feedback_signals"):
        op.drop_table(table)
