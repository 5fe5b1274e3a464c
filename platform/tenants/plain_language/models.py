"""A municipality's own words: added to the platform's list, or put in place of what stands there."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import ALL, Base
from hjelpa.core.isolation import TenantOwned
from hjelpa.core.types import Moment, Name

LANGUAGES = ("nb", "nn", "da")


class PlainWord(TenantOwned, Base):
    """One word or phrase in lower case, and what to say instead; nothing to say instead means that it is accepted."""

    __tablename__ = "plain_words"
    __grants__ = {"app": ALL}
    __table_args__ = (
        UniqueConstraint("tenant_id", "language", "word"),
        CheckConstraint(f"language in {LANGUAGES}", name="language"),
    )

    language: Mapped[str] = mapped_column(Name)
    word: Mapped[str] = mapped_column(Name)
    instead: Mapped[str] = mapped_column(Name, server_default="")
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
