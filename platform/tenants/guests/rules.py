"""Decisions about guests: what an address is, and how long somebody who has come in stays."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

# A telephone is laid down and picked up by others sooner than a computer at work.
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
# Last use is written at most this often, so that reading pages stays reading.
TOUCH_EVERY = timedelta(minutes=1)

_EMAIL = re.compile(r"[^\s@<>\"',;:()\[\]\\]+@[^\s@<>\"',;:()\[\]\\]+\.[a-z0-9-]{2,}")
_PHONE = re.compile(r"\+[1-9][0-9]{7,14}")
_PREFIX = {"NO": "+47", "DK": "+45"}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a code can be sent: an e-mail address in lower case, or a telephone number as +4791234567."""

    channel: Literal["email", "sms"]
    text: str


def read_address(typed: str, country: str = "NO") -> Address | None:
    """An address as people write it; None where it can be neither. A number without a country is of `country`."""
    if "@" in typed:
        email = typed.strip().lower()
        return Address("email", email) if len(email) <= 200 and _EMAIL.fullmatch(email) else None
    digits = re.sub(r"[\s()./-]", "", typed)
    if re.fullmatch(r"[0-9]{8}", digits):
        digits = _PREFIX.get(country, _PREFIX["NO"]) + digits
    elif digits.startswith("00"):
        digits = f"+{digits[2:]}"
    return Address("sms", digits) if _PHONE.fullmatch(digits) else None


def is_alive(now: datetime, *, last_seen_at: datetime, expires_at: datetime, ended_at: datetime | None) -> bool:
    """Whether somebody who has come in may go on."""
    return ended_at is None and now < expires_at and now < last_seen_at + IDLE
