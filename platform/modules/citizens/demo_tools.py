"""What invented data is made with: many rows at once, ids and times that are the same on every machine."""

import math
import uuid
from datetime import UTC, date, datetime, time
from random import Random

from hjelpa.core.bulk import insert_rows
from hjelpa.core.demo import Town
from hjelpa.core.schemas import local_moment

__all__ = ["at", "first_day", "insert_rows", "is_closed", "make_id", "poisson"]


def make_id(random: Random, moment: datetime) -> uuid.UUID:
    """A time-ordered id (UUIDv7) that is the same on every machine."""
    milliseconds = int(moment.timestamp() * 1000)
    high = (milliseconds << 16) | 0x7000 | random.getrandbits(12)
    return uuid.UUID(int=(high << 64) | (0b10 << 62) | random.getrandbits(62))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A local time of day."""
    return local_moment(day, time(hour, minute)).astimezone(UTC)


def first_day(town: Town) -> date:
    """The day the data begins: with the service, but at most two whole calendar years before this one.

    Whole years, so that no figure of a year is low only because the demo knows half of it.
    """
    years = date(town.today.year - 2, 1, 1)
    return max(town.opened_on, years) if town.opened_on else town.today


def is_closed(day: date) -> bool:
    """Weekends, and the days around Christmas and New Year."""
    return day.weekday() > 4 or (day.month, day.day) >= (12, 23) or (day.month, day.day) == (1, 1)


def poisson(random: Random, mean: float) -> int:
    """How many of something rare happen, given the mean (Knuth's multiplication method)."""
    limit, product, count = math.exp(-mean), random.random(), 0
    while product > limit:
        product *= random.random()
        count += 1
    return count
