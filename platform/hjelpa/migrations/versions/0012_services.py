"""What exists, and plain words."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from hjelpa.core.ddl import create_tenant_table
from hjelpa.core.isolation import tenant_key

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# One answer to how words of a language are told from each other, for the rows and for what is searched for.
TEXT_CONFIG = """
create function app.text_config(language text) returns regconfig language sql immutable parallel safe as $$
    select case language
        when 'da' then 'pg_catalog.danish'::regconfig
        when 'en' then 'pg_catalog.english'::regconfig
        when 'se' then 'pg_catalog.simple'::regconfig
        else 'pg_catalog.norwegian'::regconfig
    end
$$
"""


def _words(column: str, weight: str) -> str:
    return f"setweight(to_tsvector(app.text_config(language), {column}), '{weight}')"


SEARCH = " || ".join(map(_words, ("name", "keywords", "involves", "for_whom"), "ABCD"))


def upgrade() -> None:
    op.execute(TEXT_CONFIG)
    _create_services()
    _create_guidance()
    create_tenant_table(
        "plain_words",
        sa.Column("language", sa.String(200), nullable=False),
        sa.Column("word", sa.String(200), nullable=False),
        sa.Column("instead", sa.String(200), nullable=False, server_default=""),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.CheckConstraint("language in ('nb', 'nn', 'da')", name="language"),
        sa.UniqueConstraint("tenant_id", "language", "word"),
    )


def _create_services() -> None:
    create_tenant_table(
        "services",
        sa.Column("language", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(200), nullable=False),
        sa.Column("audience", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("involves", sa.Text(), nullable=False),
        sa.Column("for_whom", sa.Text(), nullable=False),
        sa.Column("how_to_start", sa.Text(), nullable=False),
        sa.Column("cost", sa.Text(), nullable=False, server_default=""),
        sa.Column("phone", sa.String(200), nullable=False, server_default=""),
        sa.Column("web", sa.Text(), nullable=False, server_default=""),
        sa.Column("address", sa.Text(), nullable=False, server_default=""),
        sa.Column("keywords", sa.Text(), nullable=False, server_default=""),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1")),
        sa.Column("archived_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.Column("search", TSVECTOR(), sa.Computed(SEARCH, persisted=True)),
        sa.CheckConstraint("kind in ('municipality', 'community', 'outside')", name="kind"),
        sa.CheckConstraint("audience in ('everyone', 'children', 'young', 'families', 'adults')", name="audience"),
        sa.CheckConstraint("language in ('nb', 'nn', 'da', 'se', 'en')", name="language"),
        tenant_key("owner_id", to="memberships"),
        rights=("select", "insert", "update"),
    )
    op.create_index(
        "ix_services_listed",
        "services",
        ["tenant_id", "name", "id"],
        postgresql_where=sa.text("archived_at is null"),
    )
    op.create_index("ix_services_owner", "services", ["tenant_id", "owner_id", "checked_on"])


def _create_guidance() -> None:
    create_tenant_table(
        "guidance",
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("to_whom", sa.String(200), nullable=False),
        sa.Column("channel", sa.String(200), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.CheckConstraint("to_whom in ('parent', 'kindergarten', 'school', 'other')", name="to_whom"),
        sa.CheckConstraint("channel in ('phone', 'meeting')", name="channel"),
    )
    op.create_index("ix_guidance_given", "guidance", ["tenant_id", "given_on", "id"])
    create_tenant_table(
        "guidance_services",
        sa.Column("guidance_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        tenant_key("guidance_id", to="guidance", ondelete="CASCADE"),
        tenant_key("service_id", to="services"),
        sa.UniqueConstraint("tenant_id", "guidance_id", "service_id"),
        rights=("select", "insert", "delete"),
    )
    op.create_index("ix_guidance_services_service", "guidance_services", ["tenant_id", "service_id"])


def downgrade() -> None:
    op.drop_table("plain_words")
    op.drop_table("guidance_services")
    op.drop_table("guidance")
    op.drop_table("services")
    op.execute("drop function app.text_config(text)")
