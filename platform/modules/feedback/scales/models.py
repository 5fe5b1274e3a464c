"""A municipality's own packs of forms: the licence for their words, the forms in versions, and which pack is in use.

Everything is added to and nothing rewritten: an answer keeps the words it was given to, and a setting its history.
"""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import ADD, WRITE, Base
from hjelpa.core.isolation import TenantOwned, tenant_key
from hjelpa.core.types import Moment, Name
from modules.feedback.scales.forms import KINDS


class ScalePack(TenantOwned, Base):
    """A family of forms under one licence, by the name that the municipality calls it."""

    __tablename__ = "scale_packs"
    __grants__ = {"app": ADD}
    __table_args__ = (tenant_key("recorded_by", to="memberships"),)

    name: Mapped[str] = mapped_column(Name)
    recorded_by: Mapped[uuid.UUID]
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))


class ScaleLicence(TenantOwned, Base):
    """The right to use a pack's words: who holds it, by what reference, and the last day of it.

    The one recorded last holds; those before it are its history. `reminded_at` is when its end was announced.
    """

    __tablename__ = "scale_licences"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        tenant_key("pack_id", to="scale_packs"),
        tenant_key("recorded_by", to="memberships"),
        Index("ix_scale_licences_latest", "tenant_id", "pack_id", "created_at"),
    )

    pack_id: Mapped[uuid.UUID]
    holder: Mapped[str] = mapped_column(Name)
    reference: Mapped[str] = mapped_column(Name)
    expires_on: Mapped[date]
    recorded_by: Mapped[uuid.UUID]
    reminded_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))


class ScaleForm(TenantOwned, Base):
    """One version of one form. `key` is the same for all of its versions; `definition` is as `reading.py` writes it."""

    __tablename__ = "scale_forms"
    __grants__ = {"app": ADD}
    __table_args__ = (
        tenant_key("pack_id", to="scale_packs"),
        tenant_key("entered_by", to="memberships"),
        UniqueConstraint("tenant_id", "key", "version"),
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        CheckConstraint("version > 0", name="version"),
        Index("ix_scale_forms_pack", "tenant_id", "pack_id", "kind"),
    )

    pack_id: Mapped[uuid.UUID]
    key: Mapped[str] = mapped_column(Name)
    kind: Mapped[str] = mapped_column(Name)
    version: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(JSONB)
    entered_by: Mapped[uuid.UUID]
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))


class ScaleChoice(TenantOwned, Base):
    """Which pack was taken into use, by whom and when; the latest holds. No pack is the platform's own."""

    __tablename__ = "scale_choices"
    __grants__ = {"app": ADD}
    __table_args__ = (
        tenant_key("pack_id", to="scale_packs"),
        tenant_key("chosen_by", to="memberships"),
        Index("ix_scale_choices_latest", "tenant_id", "chosen_at"),
    )

    pack_id: Mapped[uuid.UUID | None]
    chosen_by: Mapped[uuid.UUID]
    chosen_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
