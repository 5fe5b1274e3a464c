"""The catalogue of help that exists, and guidance given to those closest. Nothing here is about any citizen."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Computed, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import ALL, WRITE, Base
from hjelpa.core.isolation import TenantOwned, tenant_key
from hjelpa.core.types import Moment, Name, PrivateText

KINDS = ("municipality", "community", "outside")
AUDIENCES = ("everyone", "children", "young", "families", "adults")
LANGUAGES = ("nb", "nn", "da", "se", "en")

TO_WHOM = ("parent", "kindergarten", "school", "other")
CHANNELS = ("phone", "meeting")

# By everyday words: the name counts most, then the keywords, what it involves, and whom it is for.
SEARCH = (
    "(((setweight(to_tsvector(app.text_config((language)::text), (name)::text), 'A'::\"char\")"
    " || setweight(to_tsvector(app.text_config((language)::text), keywords), 'B'::\"char\"))"
    " || setweight(to_tsvector(app.text_config((language)::text), involves), 'C'::\"char\"))"
    " || setweight(to_tsvector(app.text_config((language)::text), for_whom), 'D'::\"char\"))"
)


class Service(TenantOwned, Base):
    """Help that exists. `owner_id` keeps the text right; `checked_on` is when somebody last saw that it is.

    `version` counts changes of the text, so that nobody overwrites what a colleague wrote meanwhile. An archived
    service is kept for what mentions it and is offered to nobody.
    """

    __tablename__ = "services"
    __grants__ = {"app": WRITE}
    __table_args__ = (
        tenant_key("owner_id", to="memberships"),
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        CheckConstraint(f"audience in {AUDIENCES}", name="audience"),
        CheckConstraint(f"language in {LANGUAGES}", name="language"),
        # No index over the words: row security lets PostgreSQL look at them only after the municipality is known, and
        # one municipality's catalogue is some hundred rows.
        Index("ix_services_listed", "tenant_id", "name", "id", postgresql_where=text("archived_at is null")),
        Index("ix_services_owner", "tenant_id", "owner_id", "checked_on"),
    )

    language: Mapped[str] = mapped_column(Name)
    kind: Mapped[str] = mapped_column(Name)
    audience: Mapped[str] = mapped_column(Name)
    name: Mapped[str] = mapped_column(Name)
    involves: Mapped[str] = mapped_column(Text)
    for_whom: Mapped[str] = mapped_column(Text)
    how_to_start: Mapped[str] = mapped_column(Text)
    cost: Mapped[str] = mapped_column(Text, server_default="")
    phone: Mapped[str] = mapped_column(Name, server_default="")
    web: Mapped[str] = mapped_column(Text, server_default="")
    address: Mapped[str] = mapped_column(Text, server_default="")
    keywords: Mapped[str] = mapped_column(Text, server_default="")
    checked_on: Mapped[date]
    owner_id: Mapped[uuid.UUID]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    archived_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
    search: Mapped[str | None] = mapped_column(TSVECTOR, Computed(SEARCH, persisted=True), deferred=True)


class Guidance(TenantOwned, Base):
    """Advice given to somebody close to a child or a citizen, without a course of help; about nobody in particular."""

    __tablename__ = "guidance"
    __grants__ = {"app": ALL}
    __table_args__ = (
        CheckConstraint(f"to_whom in {TO_WHOM}", name="to_whom"),
        CheckConstraint(f"channel in {CHANNELS}", name="channel"),
        Index("ix_guidance_given", "tenant_id", "given_on", "id"),
    )

    given_on: Mapped[date]
    to_whom: Mapped[str] = mapped_column(Name)
    channel: Mapped[str] = mapped_column(Name)
    # Meant to name nobody; kept as private all the same, since somebody may.
    about: Mapped[str] = mapped_column(PrivateText)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))


class GuidanceService(TenantOwned, Base):
    """A service that was mentioned when guidance was given."""

    __tablename__ = "guidance_services"
    __grants__ = {"app": frozenset({"SELECT", "INSERT", "DELETE"})}
    __table_args__ = (
        tenant_key("guidance_id", to="guidance", ondelete="CASCADE"),
        tenant_key("service_id", to="services"),
        UniqueConstraint("tenant_id", "guidance_id", "service_id"),
        Index("ix_guidance_services_service", "tenant_id", "service_id"),
    )

    guidance_id: Mapped[uuid.UUID]
    service_id: Mapped[uuid.UUID]
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
