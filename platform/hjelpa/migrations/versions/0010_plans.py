"""One plan, the citizen's own: its parts, who has access to a child's, and every change."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from hjelpa.core.ddl import create_tenant_table
from hjelpa.core.isolation import tenant_key

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEPT = ("select", "insert", "update")


def _moment() -> sa.Column[Any]:
    return sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()"))


def _version() -> sa.Column[Any]:
    return sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1"))


def _text(name: str, *, default: str | None = "") -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def _name(name: str, *, default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.String(200), nullable=False, server_default=default)


def _yes_no(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.text("false"))


def _part_of_plan() -> list[Any]:
    return [sa.Column("plan_id", sa.Uuid(), nullable=False), tenant_key("plan_id", to="plans")]


def _words_of() -> list[Any]:
    return [sa.Column("author_adult_id", sa.Uuid()), tenant_key("author_adult_id", to="plan_adults")]


def upgrade() -> None:
    _make_plan()
    _make_canvas()
    _make_goals()
    _make_measures()
    _make_agreements()
    _make_evaluations()
    _make_history()
    create_tenant_table(
        "plan_settings",
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("youth_decides_from_age", sa.SmallInteger()),
        _moment(),
        sa.CheckConstraint("youth_decides_from_age between 1 and 18", name="youth_decides_from_age"),
        tenant_key("membership_id", to="memberships"),
        rights=("select", "insert"),
    )
    op.create_index("ix_plan_settings_newest", "plan_settings", ["tenant_id", "created_at"])


def _make_plan() -> None:
    create_tenant_table(
        "plans",
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        _text("matters"),
        sa.Column("evaluate_on", sa.Date()),
        sa.Column("birth_year", sa.SmallInteger()),
        sa.Column("decided_by", sa.String(200)),
        _yes_no("protected"),
        _version(),
        _moment(),
        sa.CheckConstraint("birth_year between 1900 and 2200", name="birth_year"),
        sa.CheckConstraint("decided_by in ('young', 'adult')", name="decided_by"),
        sa.UniqueConstraint("tenant_id", "citizen_id"),
        tenant_key("citizen_id", to="citizens"),
        rights=KEPT,
    )
    op.create_index(
        "ix_plans_evaluate",
        "plans",
        ["tenant_id", "evaluate_on"],
        postgresql_where=sa.text("evaluate_on is not null"),
    )
    create_tenant_table(
        "plan_adults",
        *_part_of_plan(),
        _text("name", default=None),
        _text("relation"),
        _text("contact", default=None),
        _yes_no("protected"),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        _text("given_by", default=None),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        _text("withdrawn_by"),
        sa.CheckConstraint("name <> '' and contact <> ''", name="name_and_contact"),
        sa.CheckConstraint("withdrawn_at >= given_at", name="withdrawn_after_given"),
        sa.CheckConstraint("withdrawn_at is null or withdrawn_by <> ''", name="withdrawn_by_somebody"),
        rights=KEPT,
    )
    op.create_index("ix_plan_adults_plan", "plan_adults", ["tenant_id", "plan_id"])
    create_tenant_table(
        "plan_addresses",
        *_part_of_plan(),
        sa.Column("adult_id", sa.Uuid()),
        _text("address", default=None),
        sa.UniqueConstraint("tenant_id", "plan_id", "adult_id", postgresql_nulls_not_distinct=True),
        tenant_key("adult_id", to="plan_adults"),
    )


def _make_canvas() -> None:
    create_tenant_table(
        "plan_areas",
        *_part_of_plan(),
        sa.Column("key", sa.String(200)),
        _text("heading"),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        _moment(),
        sa.CheckConstraint("key is not null or heading <> ''", name="named"),
        sa.UniqueConstraint("tenant_id", "plan_id", "key"),
        rights=KEPT,
    )
    op.create_index("ix_plan_areas_plan", "plan_areas", ["tenant_id", "plan_id", "position"])
    create_tenant_table(
        "plan_words",
        *_part_of_plan(),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        *_words_of(),
        _text("works"),
        _text("hard"),
        _text("wish"),
        _version(),
        sa.UniqueConstraint("tenant_id", "area_id", "author_adult_id", postgresql_nulls_not_distinct=True),
        tenant_key("area_id", to="plan_areas"),
        rights=KEPT,
    )
    op.create_index("ix_plan_words_plan", "plan_words", ["tenant_id", "plan_id"])


def _make_goals() -> None:
    create_tenant_table(
        "plan_goals",
        *_part_of_plan(),
        *_words_of(),
        _text("words", default=None),
        _name("state", default="open"),
        _version(),
        _moment(),
        sa.CheckConstraint("state in ('open', 'reached', 'dropped')", name="state"),
        rights=KEPT,
    )
    op.create_index("ix_plan_goals_plan", "plan_goals", ["tenant_id", "plan_id"])
    create_tenant_table(
        "plan_goal_progress",
        *_part_of_plan(),
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        *_words_of(),
        sa.Column("value", sa.SmallInteger(), nullable=False),
        _text("by_name", default=None),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.CheckConstraint("value between 0 and 10", name="value"),
        tenant_key("goal_id", to="plan_goals"),
        rights=KEPT,
    )
    op.create_index("ix_plan_goal_progress_plan", "plan_goal_progress", ["tenant_id", "plan_id"])
    op.create_index("ix_plan_goal_progress_goal", "plan_goal_progress", ["tenant_id", "goal_id", "at"])


def _make_measures() -> None:
    create_tenant_table(
        "plan_measures",
        *_part_of_plan(),
        sa.Column("goal_id", sa.Uuid()),
        *_words_of(),
        _name("kind"),
        _text("what", default=None),
        _text("who"),
        sa.Column("membership_id", sa.Uuid()),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("evaluate_on", sa.Date(), nullable=False),
        sa.Column("needs_decision", sa.Boolean(), nullable=False),
        sa.Column("ended_on", sa.Date()),
        _version(),
        _moment(),
        sa.CheckConstraint("kind in ('municipality', 'own', 'community')", name="kind"),
        sa.CheckConstraint("who <> '' or membership_id is not null", name="owned"),
        sa.CheckConstraint("evaluate_on >= begins_on", name="evaluate_after_begin"),
        sa.CheckConstraint("ended_on >= begins_on", name="end_after_begin"),
        tenant_key("goal_id", to="plan_goals"),
        tenant_key("membership_id", to="memberships"),
        rights=KEPT,
    )
    op.create_index("ix_plan_measures_plan", "plan_measures", ["tenant_id", "plan_id"])
    op.create_index("ix_plan_measures_begun", "plan_measures", ["tenant_id", "begins_on"])
    op.create_index(
        "ix_plan_measures_evaluate",
        "plan_measures",
        ["tenant_id", "evaluate_on"],
        postgresql_where=sa.text("ended_on is null"),
    )


def _make_agreements() -> None:
    create_tenant_table(
        "plan_agreements",
        *_part_of_plan(),
        *_words_of(),
        _text("what", default=None),
        _text("who", default=None),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        _version(),
        _moment(),
        sa.CheckConstraint("what <> '' and who <> ''", name="what_and_who"),
        rights=KEPT,
    )
    op.create_index("ix_plan_agreements_plan", "plan_agreements", ["tenant_id", "plan_id", "due_on"])


def _make_evaluations() -> None:
    create_tenant_table(
        "plan_evaluations",
        *_part_of_plan(),
        sa.Column("measure_id", sa.Uuid()),
        *_words_of(),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        _name("effect"),
        _name("right_help"),
        _text("change"),
        _text("wanted"),
        _yes_no("shared"),
        sa.Column("next_on", sa.Date()),
        _text("by_name", default=None),
        _moment(),
        sa.CheckConstraint("effect in ('yes', 'partly', 'no', 'unknown')", name="effect"),
        sa.CheckConstraint("right_help in ('yes', 'partly', 'no')", name="right_help"),
        sa.CheckConstraint("next_on > held_on", name="next_after_held"),
        tenant_key("measure_id", to="plan_measures"),
        rights=KEPT,
    )
    op.create_index("ix_plan_evaluations_plan", "plan_evaluations", ["tenant_id", "plan_id"])
    op.create_index("ix_plan_evaluations_measure", "plan_evaluations", ["tenant_id", "measure_id"])
    op.create_index("ix_plan_evaluations_due", "plan_evaluations", ["tenant_id", "due_on"])


def _make_history() -> None:
    create_tenant_table(
        "plan_changes",
        *_part_of_plan(),
        _name("part"),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        _name("field"),
        _text("label"),
        _text("old"),
        _text("new"),
        sa.Column("saved", sa.Boolean(), nullable=False, server_default=sa.text("true")),
        *_words_of(),
        _name("by_kind"),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        _text("by_name", default=None),
        _name("service", default=""),
        _moment(),
        sa.CheckConstraint("by_kind in ('member', 'citizen', 'adult')", name="by_kind"),
        rights=("select", "insert"),
    )
    op.create_index("ix_plan_changes_plan", "plan_changes", ["tenant_id", "plan_id", "id"])


def downgrade() -> None:
    for name in (
        "plan_settings",
        "plan_changes",
        "plan_evaluations",
        "plan_agreements",
        "plan_measures",
        "plan_goal_progress",
        "plan_goals",
        "plan_words",
        "plan_areas",
        "plan_addresses",
        "plan_adults",
        "plans",
    ):
        op.drop_table(name)
