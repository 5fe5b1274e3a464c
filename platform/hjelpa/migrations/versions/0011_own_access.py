"""Messages to citizens, one-time codes and the access they give, and with whom a plan is shared."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from hjelpa.core.ddl import create_tenant_table
from hjelpa.core.isolation import tenant_key

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def _moment(name: str, *, required: bool = False, now: bool = False) -> sa.Column[Any]:
    default = sa.text("now()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not (required or now), server_default=default)


def _name(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String(200), nullable=False)


def _text(name: str, *, empty: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False, server_default="" if empty else None)


def upgrade() -> None:
    _make_messages()
    _make_access()
    create_tenant_table(
        "own_codes",
        _text("address"),
        sa.Column("tries", sa.Integer(), nullable=False, server_default=sa.text("0")),
        _moment("expires_at", required=True),
        _moment("used_at"),
        _moment("created_at", now=True),
    )
    op.create_index("ix_own_codes_address", "own_codes", ["tenant_id", "address", "created_at"])
    _let_guests_into_the_log()
    _make_shares()


def _make_messages() -> None:
    create_tenant_table(
        "messages",
        _name("kind"),
        _name("channel"),
        _text("address"),
        _text("subject", empty=True),
        _text("words", empty=True),
        _moment("expires_at"),
        _moment("sent_at"),
        _moment("dropped_at"),
        _moment("created_at", now=True),
        sa.CheckConstraint("channel in ('email', 'sms')", name="channel"),
    )
    op.create_index("ix_messages_created", "messages", ["tenant_id", "created_at"])


def _make_access() -> None:
    kept = ("select", "insert", "update")
    create_tenant_table(
        "own_access",
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        _name("relation"),
        _text("name"),
        _name("channel"),
        _text("address"),
        _text("given_by"),
        _moment("given_at", now=True),
        sa.Column("withdrawn_by", sa.Text()),
        _moment("withdrawn_at"),
        sa.CheckConstraint("channel in ('email', 'sms')", name="channel"),
        sa.CheckConstraint("relation in ('self', 'adult', 'service')", name="relation"),
        sa.CheckConstraint("withdrawn_at >= given_at", name="withdrawn_after_given"),
        tenant_key("citizen_id", to="citizens"),
        rights=kept,
    )
    op.create_index("ix_own_access_citizen", "own_access", ["tenant_id", "citizen_id"])
    living = sa.text("withdrawn_at is null")
    op.create_index("ix_own_access_address", "own_access", ["tenant_id", "address"], postgresql_where=living)
    create_tenant_table(
        "own_sessions",
        sa.Column("access_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        _moment("created_at", now=True),
        _moment("last_seen_at", now=True),
        _moment("expires_at", required=True),
        _moment("ended_at"),
        tenant_key("access_id", to="own_access"),
        sa.UniqueConstraint("tenant_id", "token_hash"),
        rights=kept,
    )


def _let_guests_into_the_log() -> None:
    """A reader is a colleague, or somebody who has come in to the citizen's own pages."""
    op.add_column("access_log", sa.Column("access_id", sa.Uuid()))
    op.alter_column("access_log", "membership_id", nullable=True)
    op.create_foreign_key(
        "fk_access_log_tenant_id_access_id",
        "access_log",
        "own_access",
        ["tenant_id", "access_id"],
        ["tenant_id", "id"],
    )
    op.create_check_constraint("one_reader", "access_log", "num_nonnulls(membership_id, access_id) = 1")


def _make_shares() -> None:
    create_tenant_table(
        "plan_shares",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid()),
        sa.Column("access_id", sa.Uuid()),
        _text("name"),
        sa.Column("held_back", ARRAY(sa.String(200)), nullable=False, server_default=sa.text("'{}'")),
        _text("by_name"),
        _moment("since_at", now=True),
        _moment("withdrawn_at"),
        sa.CheckConstraint("unit_id is not null or access_id is not null", name="with_somebody"),
        sa.CheckConstraint("withdrawn_at >= since_at", name="withdrawn_after_since"),
        tenant_key("plan_id", to="plans"),
        tenant_key("unit_id", to="units"),
        tenant_key("access_id", to="own_access"),
        rights=("select", "insert", "update"),
    )
    once, living = "withdrawn_at is null and unit_id is not null", sa.text("withdrawn_at is null")
    by_unit = ["tenant_id", "plan_id", "unit_id"]
    op.create_index("uq_plan_shares_unit", "plan_shares", by_unit, unique=True, postgresql_where=sa.text(once))
    op.create_index("ix_plan_shares_plan", "plan_shares", ["tenant_id", "plan_id"])
    op.create_index("ix_plan_shares_unit", "plan_shares", ["tenant_id", "unit_id"], postgresql_where=living)


def downgrade() -> None:
    op.drop_table("plan_shares")
    op.drop_constraint(op.f("ck_access_log_one_reader"), "access_log", type_="check")
    op.drop_column("access_log", "access_id")
    op.execute("delete from access_log where membership_id is null")
    op.alter_column("access_log", "membership_id", nullable=False)
    for table in ("own_codes", "own_sessions", "own_access", "messages"):
        op.drop_table(table)
