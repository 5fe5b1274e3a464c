"""Decisions about positions: what was typed, and what a year's are when its quarters are known."""

import re
from collections.abc import Mapping

# In hundredths: a tenth of a position, and more than any service has.
FEWEST, MOST = 10, 99_900

_NUMBER = re.compile(r"([0-9]{1,6})(?:[.,]([0-9]{1,2}))?")


def parse_positions(typed: str) -> int:
    """`12,5` or `12.50` as 1250 hundredths; raises ValueError for anything but a number from 0.1 to 999."""
    found = _NUMBER.fullmatch(typed)
    hundredths = 100 * int(found[1]) + int((found[2] or "").ljust(2, "0")) if found else -1
    if not FEWEST <= hundredths <= MOST:
        raise ValueError("not a number of positions")
    return hundredths


def quarters_of(period_id: str) -> tuple[str, ...]:
    """The quarters of a year, or the one quarter."""
    if "-" in period_id:
        return (period_id,)
    return tuple(f"{period_id}-Q{number}" for number in range(1, 5))


def positions_in(period_id: str, entered: Mapping[str, int]) -> int:
    """The positions of a quarter, or the mean of a year's quarters, in hundredths; 0 where any is not entered."""
    quarters = quarters_of(period_id)
    if any(quarter not in entered for quarter in quarters):
        return 0
    return round(sum(entered[quarter] for quarter in quarters) / len(quarters))
