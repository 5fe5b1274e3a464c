"""A municipality's own packs of forms, their licences, and which pack is in use; a request knows its form's version."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from hjelpa.core.ddl import all_municipalities, create_tenant_table, grant_columns
from hjelpa.core.isolation import tenant_key

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ADDED_TO = ("select", "insert")


def upgrade() -> None:
    _make_packs()
    _make_forms()
    create_tenant_table(
        "scale_choices",
        sa.Column("pack_id", sa.Uuid()),
        sa.Column("chosen_by", sa.Uuid(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        tenant_key("pack_id", to="scale_packs"),
        tenant_key("chosen_by", to="memberships"),
        rights=ADDED_TO,
    )
    op.create_index("ix_scale_choices_latest", "scale_choices", ["tenant_id", "chosen_at"])
    op.add_column("scale_requests", sa.Column("form_version", sa.Integer(), nullable=False, server_default="1"))
    grant_columns("scale_requests", "app", {"update": ["form_version"]})


def _make_packs() -> None:
    create_tenant_table(
        "scale_packs",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        tenant_key("recorded_by", to="memberships"),
        rights=ADDED_TO,
    )
    create_tenant_table(
        "scale_licences",
        sa.Column("pack_id", sa.Uuid(), nullable=False),
        sa.Column("holder", sa.String(200), nullable=False),
        sa.Column("reference", sa.String(200), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        tenant_key("pack_id", to="scale_packs"),
        tenant_key("recorded_by", to="memberships"),
        rights=("select", "insert", "update"),
    )
    op.create_index("ix_scale_licences_latest", "scale_licences", ["tenant_id", "pack_id", "created_at"])


def _make_forms() -> None:
    create_tenant_table(
        "scale_forms",
        sa.Column("pack_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("definition", JSONB(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        tenant_key("pack_id", to="scale_packs"),
        tenant_key("entered_by", to="memberships"),
        sa.UniqueConstraint("tenant_id", "key", "version"),
        sa.CheckConstraint("kind in ('outcome', 'alliance')", name="kind"),
        sa.CheckConstraint("version > 0", name="version"),
        rights=ADDED_TO,
    )
    op.create_index("ix_scale_forms_pack", "scale_forms", ["tenant_id", "pack_id", "kind"])


def downgrade() -> None:
    """Open requests for a municipality's own forms lead nowhere without them, and live for a day at most."""
    with all_municipalities("scale_requests"):
        op.execute("delete from scale_requests where form not like 'hjelpa.%'")
    op.drop_column("scale_requests", "form_version")
    for table in ("scale_choices", "scale_forms", "scale_licences", "scale_packs"):
        op.drop_table(table)
