"""Invented positions: a little more every year, and a quarter here and there that nobody has entered."""

from datetime import timedelta
from random import Random

from hjelpa.core.demo import Town
from modules.citizens.demo_tools import at, first_day, insert_rows, make_id
from modules.staffing.models import Position
from network.benchmarks.rules import latest_quarters, period_of

# People helped for each position in a year, about.
HELPED = 42


def fill(town: Town) -> None:
    """Writes one entry for most quarters since the service opened, made the week after each."""
    if town.opened_on is None:
        return
    rows = []
    for name in reversed(latest_quarters(town.today, 16)[1:]):
        quarter, random = period_of(name), Random(f"positions:{town.slug}:{name}")
        entered = at(quarter.end + timedelta(days=random.randrange(2, 9)), 9, 30)
        if quarter.start < first_day(town) or entered >= at(town.today, 0) or random.random() < 0.06:
            continue
        grown = 1 + 0.04 * (quarter.start.year - town.opened_on.year)
        positions = max(0.5, round(town.size / HELPED * grown * random.uniform(0.97, 1.03) * 5) / 5)
        rows.append(
            {
                "id": make_id(random, entered),
                "quarter": name,
                "hundredths": round(100 * positions),
                "membership_id": town.leader,
                "entered_at": entered,
            }
        )
    insert_rows(Position, rows)
