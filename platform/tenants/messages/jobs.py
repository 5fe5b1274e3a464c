"""Sending what waits, and forgetting what has long been sent."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import current_app

from hjelpa.core.contract import Job, Schedule
from hjelpa.core.types import utcnow
from tenants.messages import queries
from tenants.messages.transports import Outgoing, get_transport

# Long enough to find out why somebody got nothing.
KEPT = timedelta(days=30)


def deliver(payload: Mapping[str, Any]) -> None:
    """Hands one message to its transport. Repeated, it finds the message sent, or sends it under the same id."""
    if "message_id" not in payload:
        return
    message = queries.lock(uuid.UUID(payload["message_id"]))
    if message is None or message.sent_at or message.dropped_at:
        return
    now = utcnow()
    if message.expires_at is not None and message.expires_at <= now:
        message.dropped_at, message.words = now, ""
        return
    sender = queries.get_sender()
    get_transport(message.channel).deliver(
        Outgoing(message.id, message.address, sender, message.subject, message.words)
    )
    message.sent_at = now
    if current_app.config["HJELPA_MODE"] == "production":
        message.words = ""


def forget(payload: Mapping[str, Any]) -> None:
    """Deletes messages that are so old that nobody asks for them any more."""
    queries.delete_older(utcnow() - KEPT)


SEND = Job("messages.send", deliver)
FORGET = Job("messages.forget", forget, schedule=Schedule(daily_at=(2, 40)))
