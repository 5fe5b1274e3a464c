"""Decisions about one-time codes: what the code is, how long it holds, and what is wrong with one that was typed."""

import hashlib
import hmac
import uuid
from datetime import datetime, timedelta
from typing import Literal

CODE_LIVES = timedelta(minutes=10)
CODE_TRIES = 5
# A code for an address may be asked for so often in so long, whether anybody is known by it or not: from one place, and
# from anywhere. A stranger who asks and asks must not keep out whoever has the address.
CODES = 5
CODES_FROM_ANYWHERE = 20
CODES_WINDOW = timedelta(minutes=15)
# Wrong codes from one place, whatever the address.
WRONG_FROM_HERE = 30
# What was asked for is forgotten after a day.
FORGOTTEN = timedelta(days=1)

Problem = Literal["expired", "wrong", "too_many"]


def make_code(secret: str, id: uuid.UUID) -> str:
    """Six digits that follow from the request's id by a key that only the platform has."""
    digest = hmac.new(secret.encode(), b"one-time code\n" + id.bytes, hashlib.sha256).digest()
    # 2^64 is so much larger than a million that no code is noticeably likelier than another.
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"


def clean_code(typed: str) -> str:
    """A code as it may be typed or pasted: with spaces or a hyphen in it."""
    return typed.replace(" ", "").replace("-", "").replace("\u00a0", "")


def find_problem(
    *, typed: str, right: str, tries: int, expires_at: datetime, used_at: datetime | None, now: datetime
) -> Problem | None:
    """What is wrong with a typed code. `tries` are the wrong ones before this."""
    same = hmac.compare_digest(clean_code(typed).encode(), right.encode())
    if used_at is not None or now >= expires_at:
        return "expired"
    if tries >= CODE_TRIES:
        return "too_many"
    return None if same else "wrong"
