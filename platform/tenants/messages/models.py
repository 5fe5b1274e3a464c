"""Messages on their way out of one municipality, and those that have left."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import ALL, Base
from hjelpa.core.isolation import TenantOwned
from hjelpa.core.types import Moment, Name, PrivateText

CHANNELS = ("email", "sms")


class Message(TenantOwned, Base):
    """One message to one address. `id` goes with it, so that one sent twice is known as the same.

    `kind` is `<feature>.<what>`. A message that has become useless (`expires_at`) is dropped and not sent late. In
    production `words` are emptied when it has left.
    """

    __tablename__ = "messages"
    __grants__ = {"app": ALL}
    __table_args__ = (
        CheckConstraint(f"channel in {CHANNELS}", name="channel"),
        Index("ix_messages_created", "tenant_id", "created_at"),
    )

    kind: Mapped[str] = mapped_column(Name)
    channel: Mapped[str] = mapped_column(Name)
    address: Mapped[str] = mapped_column(PrivateText)
    subject: Mapped[str] = mapped_column(PrivateText, server_default="")
    words: Mapped[str] = mapped_column(PrivateText, server_default="")
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    dropped_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
