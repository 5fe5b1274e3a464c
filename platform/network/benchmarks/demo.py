"""The demo's releases: made of its invented contributions, as if there had been one after every quarter."""

from datetime import date, time

from hjelpa.core.schemas import local_moment
from network.benchmarks.jobs import YEARS_BACK, publish
from network.benchmarks.rules import SETTLING, list_periods

OFFICE_OPENS = time(9)


def release_past(today: date) -> None:
    """Makes the releases that would have been made up to a day; repeated, it adds only what is missing."""
    periods = list_periods(date(today.year - YEARS_BACK, 1, 1), today)
    for day in sorted({period.end + SETTLING for period in periods}):
        publish(day, released_at=local_moment(day, OFFICE_OPENS))
