"""A handover, what came with a citizen from another municipality, and the sealed package between two of them."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import ADD, WRITE, Base, Shared
from hjelpa.core.isolation import BetweenTenants, TenantOwned, tenant_key
from hjelpa.core.types import Moment, Name, PrivateText, new_id

KINDS = ("colleague", "door", "service", "municipality")
STATES = ("open", "accepted", "refused", "withdrawn", "expired")
TRANSFER_STATES = ("sent", "accepted", "refused", "withdrawn", "expired", "closed")


class Handover(TenantOwned, Base):
    """One proposal to let somebody else answer for a course; at most one is open at a time.

    `receiver_id` is the colleague who is asked: at a door whoever was on duty when it was proposed. `sender_id` asked
    the citizen, at `agreed_at`, whether `agreed_parts` may be told; both are empty where nothing was asked. What a
    municipality answered comes from its package (`transfers` has the same id), with the name of who answered.
    """

    __tablename__ = "handovers"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        tenant_key("course_id", to="courses"),
        tenant_key("sender_id", to="memberships"),
        tenant_key("receiver_id", to="memberships"),
        tenant_key("decided_by_id", to="memberships"),
        tenant_key("unit_id", to="units"),
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint("(kind = 'municipality') = (municipality_id is not null)", name="municipality"),
        CheckConstraint("kind = 'municipality' or receiver_id is not null", name="receiver"),
        CheckConstraint("kind <> 'door' or unit_id is not null", name="unit"),
        CheckConstraint("kind <> 'service' or service <> ''", name="service"),
        CheckConstraint("(agreed_at is null) = (agreed_parts is null)", name="agreed"),
        CheckConstraint("kind in ('colleague', 'door') or agreed_at is not null", name="consent"),
        CheckConstraint("(state = 'open') = (decided_at is null)", name="decided"),
        CheckConstraint("state <> 'refused' or reason <> ''", name="refused_with_reason"),
        CheckConstraint("due_at >= proposed_at", name="due_after_proposed"),
        Index("ix_handovers_open", "tenant_id", "course_id", unique=True, postgresql_where=text("state = 'open'")),
        Index("ix_handovers_course", "tenant_id", "course_id"),
        Index("ix_handovers_proposed", "tenant_id", "proposed_at", "id"),
        Index("ix_handovers_sender", "tenant_id", "sender_id"),
    )

    course_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Name)
    sender_id: Mapped[uuid.UUID]
    receiver_id: Mapped[uuid.UUID | None]
    unit_id: Mapped[uuid.UUID | None]
    municipality_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("municipalities.id"))
    service: Mapped[str] = mapped_column(Name, server_default="")
    summary: Mapped[str] = mapped_column(PrivateText)
    wishes: Mapped[str] = mapped_column(PrivateText, server_default="")
    agreed_at: Mapped[datetime | None] = mapped_column(Moment)
    agreed_parts: Mapped[list[str] | None] = mapped_column(ARRAY(Name))
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    reminded_at: Mapped[datetime | None] = mapped_column(Moment)
    escalated_at: Mapped[datetime | None] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(Name, server_default="open")
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by_id: Mapped[uuid.UUID | None]
    answered_by: Mapped[str] = mapped_column(PrivateText, server_default="")
    reason: Mapped[str] = mapped_column(PrivateText, server_default="")
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))


class Arrival(TenantOwned, Base):
    """A course that began with a handover from another municipality, once for each package."""

    __tablename__ = "arrivals"
    __grants__ = {"app": ADD}
    __table_args__ = (
        tenant_key("course_id", to="courses"),
        tenant_key("membership_id", to="memberships"),
        UniqueConstraint("tenant_id", "transfer_id"),
        Index("ix_arrivals_course", "tenant_id", "course_id"),
    )

    transfer_id: Mapped[uuid.UUID]
    course_id: Mapped[uuid.UUID]
    municipality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipalities.id"))
    membership_id: Mapped[uuid.UUID]
    arrived_at: Mapped[datetime] = mapped_column(Moment)


class ArrivalPart(TenantOwned, Base):
    """One part of what came with the citizen, in the order in which the sender put them."""

    __tablename__ = "arrival_parts"
    __grants__ = {"app": ADD}
    __table_args__ = (
        tenant_key("arrival_id", to="arrivals"),
        UniqueConstraint("tenant_id", "arrival_id", "place"),
    )

    arrival_id: Mapped[uuid.UUID]
    place: Mapped[int]
    title: Mapped[str] = mapped_column(Name)
    words: Mapped[str] = mapped_column(PrivateText)


class Transfer(BetweenTenants, Shared, Base):
    """A sealed package from one municipality to another; its id is that of the sender's handover.

    The receiver answers ("accepted", "refused"), the sender ends it ("withdrawn", "expired", "closed"). `package` is
    there while it waits and `answer` until the sender has read it; what they hold is only in `sealing.py`'s words.
    """

    __tablename__ = "transfers"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        CheckConstraint(f"state in {TRANSFER_STATES}", name="state"),
        CheckConstraint("sender_id <> receiver_id", name="two_municipalities"),
        CheckConstraint("(state = 'sent') = (package is not null)", name="package_while_sent"),
        CheckConstraint("(state in ('accepted', 'refused')) = (answer is not null)", name="answer_until_read"),
        CheckConstraint("(decided_at is not null) = (state in ('accepted', 'refused', 'closed'))", name="decided"),
        CheckConstraint(
            "(settled_at is not null) = (state in ('withdrawn', 'expired', 'closed'))", name="settled"
        ),
        CheckConstraint("expires_at > sent_at", name="expires_after_sent"),
        Index("ix_transfers_receiver", "receiver_id", "sent_at", postgresql_where=text("state = 'sent'")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    state: Mapped[str] = mapped_column(Name)
    package: Mapped[bytes | None] = mapped_column(LargeBinary)
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    sent_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    told_at: Mapped[datetime | None] = mapped_column(Moment)
    reminded_at: Mapped[datetime | None] = mapped_column(Moment)
    escalated_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
