"""The screen lock: a helper's own code, and sign-ins that are locked while the screen is with a citizen."""

import sqlalchemy as sa
from alembic import op

from hjelpa.core.ddl import grant_columns

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("screen_code_hash", sa.String()))
    op.add_column("sign_in_sessions", sa.Column("locked_at", sa.DateTime(timezone=True)))
    op.add_column("sign_in_sessions", sa.Column("way_back", sa.String(200)))
    tries = sa.Column("code_tries", sa.SmallInteger(), nullable=False, server_default=sa.text("0"))
    op.add_column("sign_in_sessions", tries)
    op.create_check_constraint(
        "way_back_while_locked", "sign_in_sessions", "way_back is null or locked_at is not null"
    )
    grant_columns("accounts", "auth", {"update": ["screen_code_hash"]})
    grant_columns("sign_in_sessions", "auth", {"update": ["locked_at", "way_back", "code_tries"]})


def downgrade() -> None:
    """Sign-ins that are locked end: without the lock they would be open in the citizen's hands."""
    op.execute("update sign_in_sessions set ended_at = now() where locked_at is not null and ended_at is null")
    op.drop_constraint(op.f("ck_sign_in_sessions_way_back_while_locked"), "sign_in_sessions", type_="check")
    for column in ("code_tries", "way_back", "locked_at"):
        op.drop_column("sign_in_sessions", column)
    op.drop_column("accounts", "screen_code_hash")
