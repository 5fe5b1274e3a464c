"""The public door: which door a contact came to, and whether somebody has answered."""

import sqlalchemy as sa
from alembic import op

from hjelpa.core.ddl import all_municipalities

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NEW = ("unit_id", "email", "answered_at", "deputy_told_at", "leader_told_at")

# Everything until now was written down by a helper, who answered while writing. A municipality has had one door.
_FILL = """
    update contacts c set answered_at = greatest(c.received_at, c.created_at),
      unit_id = (select u.id from units u where u.tenant_id = c.tenant_id order by u.created_at, u.id limit 1)
"""


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("contacts", sa.Column("unit_id", sa.Uuid()))
    op.add_column("contacts", sa.Column("email", sa.Text(), nullable=False, server_default=""))
    for name in ("answered_at", "deputy_told_at", "leader_told_at"):
        op.add_column("contacts", sa.Column(name, moment))
    with all_municipalities("contacts", "units"):
        op.execute(_FILL)
        op.alter_column("contacts", "unit_id", nullable=False)
        op.create_foreign_key(
            "fk_contacts_tenant_id_unit_id", "contacts", "units", ["tenant_id", "unit_id"], ["tenant_id", "id"]
        )
    op.create_check_constraint("answer_after_contact", "contacts", "answered_at >= received_at")
    op.create_index(
        "ix_contacts_unanswered",
        "contacts",
        ["tenant_id", "received_at"],
        postgresql_where=sa.text("answered_at is null"),
    )
    op.execute(f"grant update ({', '.join(NEW)}) on contacts to hjelpa_app")


def downgrade() -> None:
    op.drop_index("ix_contacts_unanswered", "contacts")
    for name in NEW:
        op.drop_column("contacts", name)
