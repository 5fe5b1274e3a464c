"""Guidance counted month by month, as the page shows it."""

from collections.abc import Sequence
from typing import NamedTuple

from flask_babel import format_date

from modules.services import guidance
from modules.services.listing import today
from modules.services.rules import months_back
from modules.services.schemas import TO_WHOM

SHOWN = 12


class Month(NamedTuple):
    """One month: its value in the address, its name, how many of each (in the order of `TO_WHOM`), and all."""

    id: str
    title: str
    counts: tuple[int, ...]
    total: int


def show_months() -> Sequence[Month]:
    """The latest twelve months, the present one first, also those with none."""
    months = list(months_back(today(), SHOWN))
    found = guidance.count_by_month(months[-1])
    return [
        Month(
            f"{month:%Y-%m}",
            format_date(month, "LLLL yyyy"),
            tuple(found.get(month, {}).get(who, 0) for who in TO_WHOM),
            sum(found.get(month, {}).values()),
        )
        for month in months
    ]
