"""Municipalities, people, sign-in, traces, notices and the outbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from hjelpa.core.ddl import create_shared_table, create_tenant_table, let_role_see_all_tenants, prepare_schema
from hjelpa.core.isolation import tenant_key

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# What the dispatcher sees of a job besides whose it is: everything but what it carries.
_STATES = ("job", "key", "created_at", "run_at", "sent_at", "done_at", "dead_at", "attempts", "error")


def upgrade() -> None:
    prepare_schema()
    op.execute("grant select on alembic_version to hjelpa_app, hjelpa_backup")
    create_shared_table(
        "municipalities",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("slug", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("service", sa.String(200), nullable=False),
        sa.Column("country", sa.String(200), nullable=False, server_default="NO"),
        sa.Column("language", sa.String(200), nullable=False, server_default="nb"),
        sa.Column("audience", sa.String(200), nullable=False, server_default="both"),
        sa.Column("since", sa.Integer()),
        sa.Column("status", sa.String(200), nullable=False, server_default="joining"),
        sa.Column("colour", sa.String(200), nullable=False, server_default="#1e5aa8"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.CheckConstraint("audience in ('children', 'adults', 'both')", name="audience"),
        sa.CheckConstraint("colour ~ '^#[0-9a-f]{6}$'", name="colour"),
        sa.CheckConstraint("slug ~ '^[a-z][a-z0-9-]{1,40}$'", name="slug"),
        sa.CheckConstraint("status in ('joining', 'active', 'suspended')", name="status"),
        sa.UniqueConstraint("slug"),
        grants={
            "app": ("select",),
            "auth": (
                "select",
                "insert",
                "update",
            ),
            "network": {"select": ("id", "status")},
            "dispatch": {"select": ("id", "status")},
        },
    )
    create_shared_table(
        "accounts",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("email", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("password_hash", sa.String()),
        sa.Column("language", sa.String(200), nullable=False, server_default="nb"),
        sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.text("true")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.CheckConstraint("email = lower(email)", name="lower_email"),
        sa.UniqueConstraint("email"),
        grants={
            "auth": (
                "select",
                "insert",
                "update",
            )
        },
    )
    create_shared_table(
        "sign_in_sessions",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("device", sa.String(200), nullable=False, server_default=""),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("token_hash"),
        grants={
            "auth": (
                "select",
                "insert",
                "update",
            )
        },
    )
    op.create_index("ix_sign_in_sessions_account", "sign_in_sessions", ["account_id"])
    create_shared_table(
        "sign_in_attempts",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        grants={
            "auth": (
                "select",
                "insert",
                "update",
                "delete",
            )
        },
    )
    op.create_index("ix_sign_in_attempts_subject", "sign_in_attempts", ["subject", "created_at"])
    create_shared_table(
        "organisations",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("shell", sa.String(200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.CheckConstraint("shell in ('network', 'national', 'operator')", name="shell"),
        sa.UniqueConstraint("name"),
        grants={
            "auth": (
                "select",
                "insert",
                "update",
            ),
        },
    )
    create_shared_table(
        "organisation_members",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("organisation_id", sa.Uuid(), sa.ForeignKey("organisations.id"), nullable=False),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.String(200)), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.UniqueConstraint("organisation_id", "account_id"),
        grants={
            "auth": (
                "select",
                "insert",
                "update",
            )
        },
    )
    op.create_index("ix_organisation_members_account_id", "organisation_members", ["account_id"])
    create_tenant_table(
        "memberships",
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.String(200)), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.UniqueConstraint("tenant_id", "account_id"),
        rights=("select",),
    )
    op.create_index("ix_memberships_account", "memberships", ["account_id"])
    create_tenant_table(
        "feature_switches",
        sa.Column("feature", sa.String(200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.UniqueConstraint("tenant_id", "feature"),
    )
    create_tenant_table(
        "access_log",
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.String(200), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("page", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.CheckConstraint("subject_kind in ('citizen', 'contact')", name="subject_kind"),
        rights=("select", "insert"),
    )
    op.create_index("ix_access_log_subject", "access_log", ["tenant_id", "subject_id", "created_at"])
    create_tenant_table(
        "notices",
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(200), nullable=False),
        sa.Column("values", postgresql.JSONB(), nullable=False, server_default=sa.text("'{}'")),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        tenant_key("membership_id", to="memberships"),
    )
    op.create_index(
        "ix_notices_unread", "notices", ["tenant_id", "membership_id"], postgresql_where=sa.text("read_at is null")
    )
    create_tenant_table(
        "outbox",
        sa.Column("job", sa.String(200), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False, server_default=sa.text("'{}'")),
        sa.Column("key", sa.String(200)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("dead_at", sa.DateTime(timezone=True)),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("error", sa.String(200)),
        sa.UniqueConstraint("tenant_id", "key"),
        rights=("select", "insert", "update"),
    )
    op.create_index(
        "ix_outbox_pending",
        "outbox",
        ["run_at"],
        postgresql_where=sa.text("sent_at is null and done_at is null and dead_at is null"),
    )
    op.create_index(
        "ix_outbox_sent", "outbox", ["sent_at"], postgresql_where=sa.text("done_at is null and dead_at is null")
    )
    create_shared_table(
        "network_outbox",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("job", sa.String(200), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False, server_default=sa.text("'{}'")),
        sa.Column("key", sa.String(200)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("dead_at", sa.DateTime(timezone=True)),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("error", sa.String(200)),
        sa.UniqueConstraint("key"),
        grants={
            "network": (
                "select",
                "insert",
                "update",
            ),
            "dispatch": {
                "select": ("id", *_STATES),
                "insert": ("id", "job", "key", "run_at"),
                "update": ("sent_at", "dead_at", "attempts"),
            },
        },
    )
    op.create_index(
        "ix_network_outbox_pending",
        "network_outbox",
        ["run_at"],
        postgresql_where=sa.text("sent_at is null and done_at is null and dead_at is null"),
    )
    let_role_see_all_tenants(
        "memberships",
        "auth",
        {
            "select": ("tenant_id", "id", "account_id", "name", "roles", "ended_at", "created_at"),
            "insert": ("tenant_id", "id", "account_id", "name", "roles", "ended_at"),
            "update": ("name", "roles", "ended_at"),
        },
    )
    let_role_see_all_tenants("feature_switches", "auth", {"select": ("tenant_id", "feature")})
    let_role_see_all_tenants(
        "outbox",
        "dispatch",
        {
            "select": ("tenant_id", "id", *_STATES),
            "insert": ("tenant_id", "id", "job", "key", "run_at"),
            "update": ("sent_at", "dead_at", "attempts"),
        },
    )


def downgrade() -> None:
    op.drop_table("network_outbox")
    op.drop_table("outbox")
    op.drop_table("notices")
    op.drop_table("access_log")
    op.drop_table("feature_switches")
    op.drop_table("memberships")
    op.drop_table("organisation_members")
    op.drop_table("organisations")
    op.drop_table("sign_in_attempts")
    op.drop_table("sign_in_sessions")
    op.drop_table("accounts")
    op.drop_table("municipalities")
    op.execute("revoke select on alembic_version from hjelpa_app, hjelpa_backup")
    op.execute("drop schema app cascade")
    op.execute("alter default privileges in schema public revoke select on tables from hjelpa_backup")
