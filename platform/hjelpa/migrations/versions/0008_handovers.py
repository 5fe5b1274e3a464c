"""Handovers inside a municipality and between two."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from hjelpa.core.ddl import create_shared_table, create_tenant_table, protect_exchange
from hjelpa.core.isolation import tenant_key

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Who may change what of a package: the receiver answers once, the sender ends it, and nobody rewrites the other's part.
_SENDER = """
    here = old.sender_id
    and (old.state, new.state) in
      (('sent', 'withdrawn'), ('sent', 'expired'), ('accepted', 'closed'), ('refused', 'closed'))
    and new.decided_at is not distinct from old.decided_at
    and (new.told_at, new.reminded_at, new.escalated_at)
      is not distinct from (old.told_at, old.reminded_at, old.escalated_at)
"""
_RECEIVER = """
    here = old.receiver_id
    and old.state = 'sent' and new.state in ('sent', 'accepted', 'refused')
    and (new.package is null or new.package = old.package)
    and new.settled_at is not distinct from old.settled_at
"""
_ENDINGS = ("mutual", "unilateral")


def upgrade() -> None:
    _let_courses_end(*_ENDINGS, "handed_over")
    op.create_index(
        "ix_courses_handed_over",
        "courses",
        ["tenant_id", "citizen_id"],
        postgresql_where=sa.text("ending = 'handed_over'"),
    )
    _create_handovers()
    _create_arrivals()
    _create_transfers()


def _let_courses_end(*endings: str) -> None:
    op.drop_constraint(op.f("ck_courses_ending"), "courses", type_="check")
    op.create_check_constraint("ending", "courses", f"ending in {endings}")


def _create_handovers() -> None:
    create_tenant_table(
        "handovers",
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(200), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("receiver_id", sa.Uuid()),
        sa.Column("unit_id", sa.Uuid()),
        sa.Column("municipality_id", sa.Uuid(), sa.ForeignKey("municipalities.id")),
        sa.Column("service", sa.String(200), nullable=False, server_default=""),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("wishes", sa.Text(), nullable=False, server_default=""),
        sa.Column("agreed_at", sa.DateTime(timezone=True)),
        sa.Column("agreed_parts", postgresql.ARRAY(sa.String(200))),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True)),
        sa.Column("escalated_at", sa.DateTime(timezone=True)),
        sa.Column("state", sa.String(200), nullable=False, server_default="open"),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decided_by_id", sa.Uuid()),
        sa.Column("answered_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")),
        sa.CheckConstraint("kind in ('colleague', 'door', 'service', 'municipality')", name="kind"),
        sa.CheckConstraint("state in ('open', 'accepted', 'refused', 'withdrawn', 'expired')", name="state"),
        sa.CheckConstraint("(kind = 'municipality') = (municipality_id is not null)", name="municipality"),
        sa.CheckConstraint("kind = 'municipality' or receiver_id is not null", name="receiver"),
        sa.CheckConstraint("kind <> 'door' or unit_id is not null", name="unit"),
        sa.CheckConstraint("kind <> 'service' or service <> ''", name="service"),
        sa.CheckConstraint("(agreed_at is null) = (agreed_parts is null)", name="agreed"),
        sa.CheckConstraint("kind in ('colleague', 'door') or agreed_at is not null", name="consent"),
        sa.CheckConstraint("(state = 'open') = (decided_at is null)", name="decided"),
        sa.CheckConstraint("state <> 'refused' or reason <> ''", name="refused_with_reason"),
        sa.CheckConstraint("due_at >= proposed_at", name="due_after_proposed"),
        tenant_key("course_id", to="courses"),
        tenant_key("sender_id", to="memberships"),
        tenant_key("receiver_id", to="memberships"),
        tenant_key("decided_by_id", to="memberships"),
        tenant_key("unit_id", to="units"),
        rights=("select", "insert", "update"),
    )
    op.create_index(
        "ix_handovers_open",
        "handovers",
        ["tenant_id", "course_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_handovers_course", "handovers", ["tenant_id", "course_id"])
    op.create_index("ix_handovers_proposed", "handovers", ["tenant_id", "proposed_at", "id"])
    op.create_index("ix_handovers_sender", "handovers", ["tenant_id", "sender_id"])


def _create_arrivals() -> None:
    create_tenant_table(
        "arrivals",
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), sa.ForeignKey("municipalities.id"), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        tenant_key("course_id", to="courses"),
        tenant_key("membership_id", to="memberships"),
        sa.UniqueConstraint("tenant_id", "transfer_id"),
        rights=("select", "insert"),
    )
    op.create_index("ix_arrivals_course", "arrivals", ["tenant_id", "course_id"])
    create_tenant_table(
        "arrival_parts",
        sa.Column("arrival_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        tenant_key("arrival_id", to="arrivals"),
        sa.UniqueConstraint("tenant_id", "arrival_id", "place"),
        rights=("select", "insert"),
    )


def _create_transfers() -> None:
    create_shared_table(
        "transfers",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("sender_id", sa.Uuid(), sa.ForeignKey("municipalities.id"), nullable=False),
        sa.Column("receiver_id", sa.Uuid(), sa.ForeignKey("municipalities.id"), nullable=False),
        sa.Column("state", sa.String(200), nullable=False),
        sa.Column("package", sa.LargeBinary()),
        sa.Column("answer", sa.LargeBinary()),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        sa.Column("reminded_at", sa.DateTime(timezone=True)),
        sa.Column("escalated_at", sa.DateTime(timezone=True)),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "state in ('sent', 'accepted', 'refused', 'withdrawn', 'expired', 'closed')", name="state"
        ),
        sa.CheckConstraint("sender_id <> receiver_id", name="two_municipalities"),
        sa.CheckConstraint("(state = 'sent') = (package is not null)", name="package_while_sent"),
        sa.CheckConstraint("(state in ('accepted', 'refused')) = (answer is not null)", name="answer_until_read"),
        sa.CheckConstraint(
            "(decided_at is not null) = (state in ('accepted', 'refused', 'closed'))", name="decided"
        ),
        sa.CheckConstraint(
            "(settled_at is not null) = (state in ('withdrawn', 'expired', 'closed'))", name="settled"
        ),
        sa.CheckConstraint("expires_at > sent_at", name="expires_after_sent"),
        grants={
            "app": {
                "select": _ALL,
                "insert": ("id", "sender_id", "receiver_id", "state", "package", *_TIMES),
                "update": _CHANGING,
            }
        },
    )
    op.create_index(
        "ix_transfers_receiver",
        "transfers",
        ["receiver_id", "sent_at"],
        postgresql_where=sa.text("state = 'sent'"),
    )
    protect_exchange(
        "transfers",
        may_settle="state in ('sent', 'accepted', 'refused')",
        may_answer="state = 'sent'",
        guard=f"({_SENDER}) or ({_RECEIVER})",
    )


_TIMES = ("sent_at", "due_at", "expires_at")
_CHANGING = (
    "state",
    "package",
    "answer",
    "told_at",
    "reminded_at",
    "escalated_at",
    "decided_at",
    "settled_at",
)
_ALL = ("id", "sender_id", "receiver_id", *_TIMES, *_CHANGING)


def downgrade() -> None:
    op.drop_table("transfers")
    op.execute("drop function app.guard_transfers()")
    op.drop_table("arrival_parts")
    op.drop_table("arrivals")
    op.drop_table("handovers")
    op.drop_index("ix_courses_handed_over", "courses")
    _let_courses_end(*_ENDINGS)
