"""The citizen, the course of help from first conversation to goodbye, and who is responsible for it."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import ADD, WRITE, Base
from hjelpa.core.isolation import TenantOwned, tenant_key
from hjelpa.core.types import Moment, Name, PrivateText

AGE_BANDS = ("child", "adolescent", "adult")
# Somebody else has taken over, in another municipality: the record here is closed (`queries.in_circle`).
HANDED_OVER = "handed_over"
ENDINGS = ("mutual", "unilateral", HANDED_OVER)

_LASTS = text("until_at is null")


class Citizen(TenantOwned, Base):
    """A person who gets help. `age_band` is child (0–12), adolescent (13–18) or adult (19 and over)."""

    __tablename__ = "citizens"
    __grants__ = {"app": WRITE}
    __table_args__ = (CheckConstraint(f"age_band in {AGE_BANDS}", name="age_band"),)

    name: Mapped[str] = mapped_column(PrivateText)
    phone: Mapped[str | None] = mapped_column(PrivateText)
    age_band: Mapped[str] = mapped_column(Name)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))


class Course(TenantOwned, Base):
    """A course of help at one door. Open until `closed_at`; then `ending` says whether both agreed on it.

    The database holds that exactly one person answers for it at every instant (migration 0007).
    """

    __tablename__ = "courses"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        tenant_key("citizen_id", to="citizens"),
        tenant_key("unit_id", to="units"),
        CheckConstraint(f"ending in {ENDINGS}", name="ending"),
        CheckConstraint("(closed_at is null) = (ending is null)", name="closed_with_ending"),
        CheckConstraint("closed_at >= opened_at", name="closed_after_opened"),
        Index("ix_courses_citizen", "tenant_id", "citizen_id"),
        Index(
            "ix_courses_handed_over",
            "tenant_id",
            "citizen_id",
            postgresql_where=text("ending = 'handed_over'"),
        ),
        Index("ix_courses_opened", "tenant_id", "opened_at", "id"),
        Index("ix_courses_open", "tenant_id", "opened_at", "id", postgresql_where=text("closed_at is null")),
    )

    citizen_id: Mapped[uuid.UUID]
    unit_id: Mapped[uuid.UUID]
    opened_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    ending: Mapped[str | None] = mapped_column(Name)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))


class Responsibility(TenantOwned, Base):
    """Who answers for a course, from when until when; open while `until_at` is empty."""

    __tablename__ = "responsibilities"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        tenant_key("course_id", to="courses"),
        tenant_key("membership_id", to="memberships"),
        CheckConstraint("until_at >= since_at", name="until_after_since"),
        Index("ix_responsibilities_course", "tenant_id", "course_id"),
        Index("ix_responsibilities_member", "tenant_id", "membership_id"),
        Index("ix_responsibilities_one", "tenant_id", "course_id", unique=True, postgresql_where=_LASTS),
        Index("ix_responsibilities_held", "tenant_id", "membership_id", postgresql_where=_LASTS),
    )

    course_id: Mapped[uuid.UUID]
    membership_id: Mapped[uuid.UUID]
    since_at: Mapped[datetime] = mapped_column(Moment)
    until_at: Mapped[datetime | None] = mapped_column(Moment)


class Conversation(TenantOwned, Base):
    """One conversation in a course, with notes in the citizen's own words.

    `unwritten` is one that has begun, and that whoever holds it has not written up yet: one at a time in a course.
    """

    __tablename__ = "conversations"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        tenant_key("course_id", to="courses"),
        tenant_key("membership_id", to="memberships"),
        Index("ix_conversations_course", "tenant_id", "course_id", "held_at"),
        Index("ix_conversations_held", "tenant_id", "held_at"),
        Index(
            "ix_conversations_unwritten",
            "tenant_id",
            "membership_id",
            "course_id",
            unique=True,
            postgresql_where=text("unwritten"),
        ),
    )

    course_id: Mapped[uuid.UUID]
    membership_id: Mapped[uuid.UUID]
    held_at: Mapped[datetime] = mapped_column(Moment)
    matters: Mapped[str] = mapped_column(PrivateText, server_default="")
    happened: Mapped[str] = mapped_column(PrivateText, server_default="")
    next_step: Mapped[str] = mapped_column(PrivateText, server_default="")
    next_step_at: Mapped[datetime | None] = mapped_column(Moment)
    unwritten: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))


class CircleReason(TenantOwned, Base):
    """Why somebody outside the circle needed to read a citizen's record, and until when that holds."""

    __tablename__ = "circle_reasons"
    __grants__ = {"app": ADD}
    __table_args__ = (
        tenant_key("citizen_id", to="citizens"),
        tenant_key("membership_id", to="memberships"),
        Index("ix_circle_reasons_reader", "tenant_id", "membership_id", "citizen_id"),
    )

    citizen_id: Mapped[uuid.UUID]
    membership_id: Mapped[uuid.UUID]
    reason: Mapped[str] = mapped_column(PrivateText)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
