"""Answers on the scales, and the one-time requests by which a citizen gives them."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import ALL, WRITE, Base
from hjelpa.core.isolation import TenantOwned, tenant_key
from hjelpa.core.types import Moment, Name

SCALES = ("outcome", "alliance")
STATES = ("answered", "skipped")
ITEMS = ("item1", "item2", "item3", "item4")


class ScaleRequest(TenantOwned, Base):
    """A scale handed to the citizen for one conversation. Only a hash of the token in the address is kept."""

    __tablename__ = "scale_requests"
    __grants__ = {"app": ALL}
    __table_args__ = (
        tenant_key("course_id", to="courses"),
        tenant_key("conversation_id", to="conversations"),
        UniqueConstraint("tenant_id", "token_hash"),
        CheckConstraint(f"scale in {SCALES}", name="scale"),
    )

    course_id: Mapped[uuid.UUID]
    conversation_id: Mapped[uuid.UUID]
    scale: Mapped[str] = mapped_column(Name)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))


class Answer(TenantOwned, Base):
    """One filled-in scale for one conversation. Items are tenths (0–100), empty where unanswered.

    `total` is the sum of the items in tenths (0–400), and empty where any item is.
    """

    __tablename__ = "answers"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        tenant_key("course_id", to="courses"),
        tenant_key("conversation_id", to="conversations"),
        UniqueConstraint("tenant_id", "conversation_id", "scale", "rater"),
        CheckConstraint(f"scale in {SCALES}", name="scale"),
        CheckConstraint(f"state in {STATES}", name="state"),
        *(CheckConstraint(f"{item} between 0 and 100", name=item) for item in ITEMS),
        Index("ix_answers_course", "tenant_id", "course_id", "scale"),
    )

    course_id: Mapped[uuid.UUID]
    conversation_id: Mapped[uuid.UUID]
    scale: Mapped[str] = mapped_column(Name)
    scale_version: Mapped[int]
    rater: Mapped[str] = mapped_column(Name, server_default="self")
    state: Mapped[str] = mapped_column(Name)
    item1: Mapped[int | None] = mapped_column(SmallInteger)
    item2: Mapped[int | None] = mapped_column(SmallInteger)
    item3: Mapped[int | None] = mapped_column(SmallInteger)
    item4: Mapped[int | None] = mapped_column(SmallInteger)
    total: Mapped[int | None] = mapped_column(SmallInteger)
    answered_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
