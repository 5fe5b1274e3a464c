"""A municipality has one door, or one for each area or age group; nothing else may divide it."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import ALL, WRITE, Base
from hjelpa.core.isolation import TenantOwned, tenant_key
from hjelpa.core.types import Moment, Name

AGE_GROUPS = ("all", "children", "adults")


class Unit(TenantOwned, Base):
    """One door, and the people behind it.

    `duty_id` and `deputy_id` are who is on duty when no turn says otherwise; a door that is open has both, and a
    leader. `answer_hours` is how soon people are promised an answer.
    """

    __tablename__ = "units"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        tenant_key("leader_id", to="memberships"),
        tenant_key("duty_id", to="memberships"),
        tenant_key("deputy_id", to="memberships"),
        UniqueConstraint("tenant_id", "slug"),
        CheckConstraint("slug ~ '^[a-z][a-z0-9-]{0,40}$'", name="slug"),
        CheckConstraint(f"age_group in {AGE_GROUPS}", name="age_group"),
        CheckConstraint("answer_hours between 1 and 168", name="answer_hours"),
        CheckConstraint("not open or num_nulls(leader_id, duty_id, deputy_id) = 0", name="open_is_held"),
    )

    slug: Mapped[str] = mapped_column(Name)
    name: Mapped[str] = mapped_column(Name)
    area: Mapped[str] = mapped_column(Name, server_default="")
    age_group: Mapped[str] = mapped_column(Name, server_default="all")
    phone: Mapped[str] = mapped_column(Name, server_default="")
    visit: Mapped[str] = mapped_column(server_default="")
    answer_hours: Mapped[int] = mapped_column(server_default=text("24"))
    open: Mapped[bool] = mapped_column(server_default=text("false"))
    leader_id: Mapped[uuid.UUID | None]
    duty_id: Mapped[uuid.UUID | None]
    deputy_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))


class DutyTurn(TenantOwned, Base):
    """Who is on duty at a door for some time, instead of its usual two."""

    __tablename__ = "duty_turns"
    __grants__ = {"app": ALL}
    __table_args__ = (
        tenant_key("unit_id", to="units"),
        tenant_key("duty_id", to="memberships"),
        tenant_key("deputy_id", to="memberships"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_duty_turns_unit", "tenant_id", "unit_id", "starts_at"),
    )

    unit_id: Mapped[uuid.UUID]
    duty_id: Mapped[uuid.UUID]
    deputy_id: Mapped[uuid.UUID]
    starts_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
