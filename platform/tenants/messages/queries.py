"""Reading and keeping messages."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from hjelpa.core.database import db
from hjelpa.core.isolation import get_tenant_id
from tenants.messages.models import Message
from tenants.municipalities.models import Municipality


def lock(message_id: uuid.UUID) -> Message | None:
    """The message, held so that no other delivery sends it at the same time."""
    return db.session.scalars(select(Message).where(Message.id == message_id).with_for_update()).one_or_none()


def get_sender() -> str:
    """The name of the municipality's service, under which people know who writes to them."""
    named = select(Municipality.service).where(Municipality.id == get_tenant_id())
    return str(db.session.scalars(named).one())


def list_latest(*, limit: int) -> Sequence[Message]:
    return db.session.scalars(
        select(Message).order_by(Message.created_at.desc(), Message.id.desc()).limit(limit)
    ).all()


def delete_older(before: datetime) -> None:
    db.session.execute(delete(Message).where(Message.created_at < before))
