"""Column types and small values that several features share."""

import uuid
from datetime import UTC, datetime

import uuid_utils.compat
from sqlalchemy import DateTime, String, Text
from sqlalchemy.types import TypeDecorator


class PrivateText(TypeDecorator[str]):
    """Names, contact details and free text of citizens.

    One type for all of them, so that encrypting them later changes this class and no table.
    """

    impl = Text
    cache_ok = True


Moment = DateTime(timezone=True)
Name = String(200)


def utcnow() -> datetime:
    """Now, timezone aware: the one clock, so that tests can move it."""
    return datetime.now(UTC)


def new_id() -> uuid.UUID:
    """A time-ordered id (UUIDv7, RFC 9562) for things that may tell when they were made."""
    return uuid_utils.compat.uuid7()


def new_blind_id() -> uuid.UUID:
    """A random id (UUIDv4) for things that must tell nothing, such as anonymous answers."""
    return uuid.uuid4()
