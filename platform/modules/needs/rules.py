"""Decisions about unmet needs: which week, and which weeks make a quarter."""

from datetime import date, datetime, timedelta

from hjelpa.core.contract import Period
from hjelpa.core.schemas import LOCAL

THURSDAY = 3


def week_of(moment: datetime) -> str:
    """The ISO week of a moment in local time: "2026-W47". Later weeks sort later."""
    return _week(moment.astimezone(LOCAL).date())


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def weeks_of(period: Period) -> tuple[str, str]:
    """The first and the last week of a period. A week belongs where its Thursday is, as in the ISO calendar."""
    first = period.start + timedelta(days=(THURSDAY - period.start.weekday()) % 7)
    end = period.end - timedelta(days=1)
    last = end - timedelta(days=(end.weekday() - THURSDAY) % 7)
    return _week(first), _week(last)
