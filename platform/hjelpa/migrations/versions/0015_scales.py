"""Answers of any form and any rater, how they came, and a no to feedback."""

import sqlalchemy as sa
from alembic import op

from hjelpa.core.ddl import all_municipalities, create_tenant_table, grant_columns
from hjelpa.core.isolation import tenant_key

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ITEMS = [f"item{number}" for number in range(1, 5)]
UNIQUE = ["tenant_id", "conversation_id", "scale"]
CHANNELS = "('screen', 'link', 'paper', 'phone', 'import')"


def upgrade() -> None:
    create_tenant_table(
        "raters",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        tenant_key("course_id", to="courses"),
        rights=("select", "insert", "update"),
    )
    op.create_index("ix_raters_course", "raters", ["tenant_id", "course_id"])
    create_tenant_table(
        "feedback_refusals",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.CheckConstraint("ended_at >= declined_at", name="ended_after_declined"),
        tenant_key("course_id", to="courses"),
        rights=("select", "insert", "update"),
    )
    living = sa.text("ended_at is null")
    place = ["tenant_id", "course_id"]
    op.create_index(
        "uq_feedback_refusals_living", "feedback_refusals", place, unique=True, postgresql_where=living
    )
    _widen_requests()
    _widen_answers()


def _widen_requests() -> None:
    # Requests live for hours: those that are open are made anew.
    with all_municipalities("scale_requests"):
        op.execute("delete from scale_requests")
    op.add_column("scale_requests", sa.Column("form", sa.String(200), nullable=False))
    op.add_column("scale_requests", sa.Column("rater_id", sa.Uuid()))
    op.add_column("scale_requests", sa.Column("channel", sa.String(200), nullable=False, server_default="screen"))
    op.create_check_constraint("channel", "scale_requests", "channel in ('screen', 'link')")
    _refer("scale_requests", "rater_id", "raters")
    grant_columns("scale_requests", "app", {"update": ["form", "rater_id", "channel"]})


def _widen_answers() -> None:
    op.add_column("answers", sa.Column("form", sa.String(200)))
    op.add_column("answers", sa.Column("rater_id", sa.Uuid()))
    op.add_column("answers", sa.Column("channel", sa.String(200), nullable=False, server_default="screen"))
    op.add_column("answers", sa.Column("entered_by", sa.Uuid()))
    op.add_column("answers", sa.Column("items", sa.ARRAY(sa.SmallInteger())))
    op.add_column("answers", sa.Column("words", sa.Text(), nullable=False, server_default=""))
    with all_municipalities("answers"):
        op.execute("delete from answers where rater <> 'self'")
        op.execute(
            "update answers set form = 'hjelpa.' || scale,"
            " items = case state when 'skipped' then '{}' else array[item1, item2, item3, item4] end"
        )
    op.drop_constraint("uq_answers_tenant_id_conversation_id_scale_rater", "answers")
    for column in ("rater", *ITEMS):
        op.drop_column("answers", column)
    op.alter_column("answers", "form", nullable=False)
    op.alter_column("answers", "items", nullable=False)
    op.alter_column("answers", "scale_version", new_column_name="form_version")
    op.create_check_constraint("channel", "answers", f"channel in {CHANNELS}")
    op.create_check_constraint("items", "answers", "0 <= all (items) and 100 >= all (items)")
    op.create_unique_constraint(
        "uq_answers_once", "answers", [*UNIQUE, "rater_id"], postgresql_nulls_not_distinct=True
    )
    _refer("answers", "rater_id", "raters")
    _refer("answers", "entered_by", "memberships")
    added = ["form", "rater_id", "channel", "entered_by", "items", "words"]
    grant_columns("answers", "app", {"update": added})


def _refer(table: str, column: str, to: str) -> None:
    op.create_foreign_key(f"fk_{table}_tenant_id_{to}", table, to, ["tenant_id", column], ["tenant_id", "id"])


def downgrade() -> None:
    """Answers of other raters, and of forms with other lines, have no place in the table as it was."""
    with all_municipalities("answers"):
        op.execute("delete from answers where rater_id is not null or cardinality(items) not in (0, 4)")
    op.drop_constraint("uq_answers_once", "answers")
    op.add_column("answers", sa.Column("rater", sa.String(200), nullable=False, server_default="self"))
    for item in ITEMS:
        op.add_column("answers", sa.Column(item, sa.SmallInteger()))
        op.create_check_constraint(item, "answers", f"{item} between 0 and 100")
    filled = ", ".join(f"{item} = items[{number}]" for number, item in enumerate(ITEMS, 1))
    with all_municipalities("answers"):
        op.execute(f"update answers set {filled}")
    op.alter_column("answers", "form_version", new_column_name="scale_version")
    for column in ("form", "rater_id", "channel", "entered_by", "items", "words"):
        op.drop_column("answers", column)
    op.create_unique_constraint(None, "answers", [*UNIQUE, "rater"])
    op.execute(f"grant update (rater, {', '.join(ITEMS)}) on answers to hjelpa_app")
    for column in ("form", "rater_id", "channel"):
        op.drop_column("scale_requests", column)
    op.drop_table("feedback_refusals")
    op.drop_table("raters")
