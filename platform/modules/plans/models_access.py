"""Who has access to a child's plan, where they live, what the municipality has decided, and every change of a plan."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import ADD, ALL, WRITE, Base
from hjelpa.core.isolation import TenantOwned, tenant_key
from hjelpa.core.types import Moment, Name, PrivateText

AUTHOR_KINDS = ("member", "citizen", "adult")


class Adult(TenantOwned, Base):
    """An adult named in a child's plan, with access from `given_at` until `withdrawn_at`.

    `relation` is the word the child uses for them, `contact` a telephone number or e-mail address for the one-time
    code. `protected` is that they live at a hidden address. No adult is shown another's contact detail.
    """

    __tablename__ = "plan_adults"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        tenant_key("plan_id", to="plans"),
        CheckConstraint("name <> '' and contact <> ''", name="name_and_contact"),
        CheckConstraint("withdrawn_at >= given_at", name="withdrawn_after_given"),
        CheckConstraint("withdrawn_at is null or withdrawn_by <> ''", name="withdrawn_by_somebody"),
        Index("ix_plan_adults_plan", "tenant_id", "plan_id"),
    )

    plan_id: Mapped[uuid.UUID]
    name: Mapped[str] = mapped_column(PrivateText)
    relation: Mapped[str] = mapped_column(PrivateText, server_default="")
    contact: Mapped[str] = mapped_column(PrivateText)
    protected: Mapped[bool] = mapped_column(server_default=text("false"))
    given_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
    given_by: Mapped[str] = mapped_column(PrivateText)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_by: Mapped[str] = mapped_column(PrivateText, server_default="")


class Address(TenantOwned, Base):
    """Where the citizen (`adult_id` empty) or a named adult lives. In a table of its own, so that no list, print or
    copy of a plan can take it along by accident."""

    __tablename__ = "plan_addresses"
    __grants__ = {"app": ALL}
    __table_args__ = (
        tenant_key("plan_id", to="plans"),
        tenant_key("adult_id", to="plan_adults"),
        UniqueConstraint("tenant_id", "plan_id", "adult_id", postgresql_nulls_not_distinct=True),
    )

    plan_id: Mapped[uuid.UUID]
    adult_id: Mapped[uuid.UUID | None]
    address: Mapped[str] = mapped_column(PrivateText)


class Change(TenantOwned, Base):
    """One change of a plan: who, when, which part and field, what stood there and what stands there now.

    `part` is one of `wording.PARTS`, `label` what tells it from others of its kind (a heading, a goal's words).
    `saved` is false for a text that met another's: kept here, and not in the plan. `author_adult_id` is that of the
    part, for `rules.may_see`; `by_id` is the membership, the guest access or the adult who wrote.
    """

    __tablename__ = "plan_changes"
    __grants__ = {"app": ADD}
    __table_args__ = (
        tenant_key("plan_id", to="plans"),
        tenant_key("author_adult_id", to="plan_adults"),
        CheckConstraint(f"by_kind in {AUTHOR_KINDS}", name="by_kind"),
        Index("ix_plan_changes_plan", "tenant_id", "plan_id", "id"),
    )

    plan_id: Mapped[uuid.UUID]
    part: Mapped[str] = mapped_column(Name)
    part_id: Mapped[uuid.UUID]
    field: Mapped[str] = mapped_column(Name)
    label: Mapped[str] = mapped_column(PrivateText, server_default="")
    old: Mapped[str] = mapped_column(PrivateText, server_default="")
    new: Mapped[str] = mapped_column(PrivateText, server_default="")
    saved: Mapped[bool] = mapped_column(server_default=text("true"))
    author_adult_id: Mapped[uuid.UUID | None]
    by_kind: Mapped[str] = mapped_column(Name)
    by_id: Mapped[uuid.UUID]
    by_name: Mapped[str] = mapped_column(PrivateText)
    service: Mapped[str] = mapped_column(Name, server_default="")
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))


class PlanDecision(TenantOwned, Base):
    """What one municipality has decided about plans; the newest holds. Until there is one, nothing is decided: we
    suggest no age. `youth_decides_from_age` empty takes an earlier decision back."""

    __tablename__ = "plan_settings"
    __grants__ = {"app": ADD}
    __table_args__ = (
        tenant_key("membership_id", to="memberships"),
        CheckConstraint("youth_decides_from_age between 1 and 18", name="youth_decides_from_age"),
        Index("ix_plan_settings_newest", "tenant_id", "created_at"),
    )

    membership_id: Mapped[uuid.UUID]
    youth_decides_from_age: Mapped[int | None] = mapped_column(SmallInteger)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
