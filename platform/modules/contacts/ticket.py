"""The signed key of a form that anyone may open: when it was shown, and the id that what is sent will get.

It tells a person from a program without asking anybody else: a program fills what people do not see, or sends at once.
"""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from itsdangerous import BadData, URLSafeSerializer

# Nobody reads the questions and writes an answer in less time than this.
QUICKEST = timedelta(seconds=3)
# A page that has been open for longer is shown anew, with everything that was typed.
LONGEST = timedelta(hours=24)

Sender = Literal["program", "quick", "stale", "person"]


@dataclass(frozen=True, slots=True)
class Ticket:
    key: uuid.UUID
    shown_at: datetime


def write_ticket(secret: str, ticket: Ticket) -> str:
    return str(_signer(secret).dumps([ticket.key.hex, int(ticket.shown_at.timestamp())]))


def read_ticket(secret: str, text: str) -> Ticket | None:
    """The ticket as we gave it out; None for one that we did not."""
    try:
        key, shown_at = _signer(secret).loads(text)
    except BadData:
        return None
    return Ticket(uuid.UUID(key), datetime.fromtimestamp(shown_at, UTC))


def judge(ticket: Ticket | None, trap: str, now: datetime) -> Sender:
    """Who seems to have sent the form. Nobody's words are dropped: all but a person are asked to send once more."""
    if trap:
        return "program"
    if ticket is None or now - ticket.shown_at > LONGEST:
        return "stale"
    return "quick" if now - ticket.shown_at < QUICKEST else "person"


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="contacts.ask")
