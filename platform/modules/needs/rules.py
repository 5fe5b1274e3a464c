"""Decisions about unmet needs: which weeks make a quarter."""

from datetime import timedelta

from hjelpa.core.contract import Period
from modules.citizens.unnamed import week_of_day

THURSDAY = 3


def weeks_of(period: Period) -> tuple[str, str]:
    """The first and the last week of a period. A week belongs where its Thursday is, as in the ISO calendar."""
    first = period.start + timedelta(days=(THURSDAY - period.start.weekday()) % 7)
    end = period.end - timedelta(days=1)
    last = end - timedelta(days=(end.weekday() - THURSDAY) % 7)
    return week_of_day(first), week_of_day(last)
