"""What a chart is when it leaves this package."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Table:
    """The chart's numbers as text, in the reader's number format; the first column names the row."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Two renderings of the same figure, the sentence that says what it shows, and its table."""

    wide: Markup
    narrow: Markup
    sentence: str
    table: Table
