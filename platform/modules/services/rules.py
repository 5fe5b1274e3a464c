"""Decisions about the catalogue: when a text is old, which address leads anywhere, and which months are shown."""

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

SHOWN = ("all", "mine", "old", "ownerless", "archived")


def year_before(day: date) -> date:
    """The same day a year earlier; the last of February for a leap day."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def is_old(checked_on: date, today: date) -> bool:
    """Whether nobody has looked at a text for a year: asked again on the day it has been one."""
    return checked_on <= year_before(today)


def due_on(checked_on: date) -> date:
    """The first day on which a text is old; the first of March for a leap day."""
    if (checked_on.month, checked_on.day) == (2, 29):
        return date(checked_on.year + 1, 3, 1)
    return checked_on.replace(year=checked_on.year + 1)


def which(asked: str | None) -> str:
    """The list asked for; all that is offered when nothing or nonsense was."""
    return asked if asked in SHOWN else "all"


def web_address(typed: str) -> str | None:
    """An address that a browser can open, with https where nothing was said; None for what is none."""
    whole = typed if "://" in typed else f"https://{typed}"
    try:
        parts = urlsplit(whole)
        host = parts.hostname or ""
    except ValueError:
        return None
    known = parts.scheme in ("http", "https") and re.fullmatch(r"[^\W_](?:[\w-]*\.)+[^\W\d_]{2,}", host)
    return whole if known and not re.search(r"[\s@\"<>\\]", whole) else None


def dialable(phone: str) -> str | None:
    """The digits of a number as a telephone takes them; None for a text that is no number."""
    digits = re.sub(r"[ ().-]", "", phone)
    return digits if re.fullmatch(r"\+?[0-9]{3,15}", digits) else None


def month_of(asked: str | None) -> date | None:
    """The first day of a month written as 2026-11; None for anything else."""
    try:
        return date.fromisoformat(f"{asked}-01") if asked and re.fullmatch(r"[0-9]{4}-[0-9]{2}", asked) else None
    except ValueError:
        return None


def next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def months_back(today: date, count: int) -> Iterator[date]:
    """The first days of the latest months, the present one first."""
    month = today.replace(day=1)
    for _ in range(count):
        yield month
        month = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
