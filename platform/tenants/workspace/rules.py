"""Decisions about the frame: in which order things stand on *I dag*, and what counts as words to search for."""

from collections.abc import Iterable
from datetime import datetime

from hjelpa.core.contract import TodayRow
from hjelpa.core.schemas import LOCAL, printable


def in_order(rows: Iterable[TodayRow]) -> list[TodayRow]:
    """By agreed time or arrival, earliest first; never by anything else."""
    return sorted(rows, key=lambda row: (row.at, row.url))


def is_overdue(row: TodayRow, now: datetime) -> bool:
    if row.whole_day:
        return row.at.astimezone(LOCAL).date() < now.astimezone(LOCAL).date()
    return row.at < now


def searchable(words: str) -> str:
    """What was typed, fit to search for; empty when it is too short to mean anything."""
    trimmed = " ".join(printable(words).split())[:100]
    return trimmed if len(trimmed) >= 2 else ""
