"""Tokens by which other programs ask for a municipality's figures, and the way from a one-time token to its municipality."""

import sqlalchemy as sa
from alembic import op

from hjelpa.core.ddl import create_tenant_table, let_role_see_all_tenants
from hjelpa.core.isolation import tenant_key

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

READ = ["tenant_id", "id", "token_hash", "scopes", "expires_at", "last_used_at", "withdrawn_at"]


def upgrade() -> None:
    create_tenant_table(
        "api_tokens",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.String(200)), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        tenant_key("made_by", to="memberships"),
        sa.UniqueConstraint("tenant_id", "token_hash"),
        rights=("select", "insert", "update"),
    )
    op.create_index("ix_api_tokens_hash", "api_tokens", ["token_hash"])
    # Who is asking is found before any municipality has been entered.
    let_role_see_all_tenants("api_tokens", "auth", {"select": READ, "update": ["last_used_at"]})
    let_role_see_all_tenants("scale_requests", "auth", {"select": ["tenant_id", "token_hash", "expires_at"]})
    op.create_index("ix_scale_requests_hash", "scale_requests", ["token_hash"])


def downgrade() -> None:
    op.drop_index("ix_scale_requests_hash", "scale_requests")
    op.execute("drop policy auth_all on scale_requests")
    op.execute("revoke select (tenant_id, token_hash, expires_at) on scale_requests from hjelpa_auth")
    op.drop_table("api_tokens")
