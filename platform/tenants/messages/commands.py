"""Asking for a message to be sent, in the transaction of what it is about."""

import uuid
from datetime import datetime

from hjelpa.core.database import db
from hjelpa.core.outbox import enqueue
from tenants.messages.jobs import SEND
from tenants.messages.models import Message
from tenants.messages.transports import ChannelMissing, can_send


def send(
    kind: str, channel: str, address: str, *, subject: str, words: str, expires_at: datetime | None = None
) -> uuid.UUID:
    """Keeps a message and asks for its sending; both happen if the work at hand commits. Returns the message's id.

    `words` name no citizen and say nothing of why somebody gets help: they lie open on a locked telephone. A
    message that is not sent before `expires_at` is dropped. Raises ChannelMissing where nothing could send it.
    """
    if not can_send(channel):
        raise ChannelMissing(channel)
    message = Message(
        kind=kind, channel=channel, address=address, subject=subject, words=words, expires_at=expires_at
    )
    db.session.add(message)
    db.session.flush()
    enqueue(SEND, {"message_id": str(message.id)})
    return message.id
