"""Decisions about contacts: which list is asked for, how long somebody has waited, and when consent is needed.

Nobody is sorted by anything but arrival; there is nothing here to sort by.
"""

from datetime import datetime

from hjelpa.core.schemas import LOCAL

SHOWN = ("waiting", "met", "all")


def which(asked: str | None) -> str:
    """The list asked for; those who wait when nothing or nonsense was."""
    return asked if asked in SHOWN else "waiting"


def days_waited(received: datetime, until: datetime) -> int:
    """Calendar days from contact until a moment, as a person counts them; never negative."""
    return max(0, (until.astimezone(LOCAL).date() - received.astimezone(LOCAL).date()).days)


def needs_consent(made_by: str) -> bool:
    """Whoever makes contact for or together with somebody must have their yes; for oneself, calling is the yes."""
    return made_by != "self"


def wait_in_days(seconds: float) -> float:
    """A wait as days with one decimal, rounded half up."""
    return int(seconds / 86_400 * 10 + 0.5) / 10
