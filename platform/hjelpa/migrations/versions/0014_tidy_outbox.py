"""The dispatcher clears away work that was done long ago, and sends again what an operator asks for."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = ("outbox", "network_outbox")


def upgrade() -> None:
    for table in TABLES:
        op.execute(f"grant delete on {table} to hjelpa_dispatch")
        op.execute(f"grant update (run_at) on {table} to hjelpa_dispatch")
        op.create_index(f"ix_{table}_done", table, ["done_at"], postgresql_where=sa.text("done_at is not null"))


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(f"ix_{table}_done", table)
        op.execute(f"revoke update (run_at) on {table} from hjelpa_dispatch")
        op.execute(f"revoke delete on {table} from hjelpa_dispatch")
