"""The demo's first contributions and its releases, invented as if there had been a release after every quarter."""

from collections.abc import Iterator, Mapping
from datetime import date, time
from random import Random

from hjelpa.core.contract import Counts, Indicator
from hjelpa.core.demo import Town
from hjelpa.core.schemas import local_moment
from network.benchmarks import queries
from network.benchmarks.catalogue import list_indicators
from network.benchmarks.jobs import YEARS_BACK, publish
from network.benchmarks.queries import Key
from network.benchmarks.rules import SETTLING, list_periods

OFFICE_OPENS = time(9)

# Those who contributed when the network began, and the features that they had not yet taken into use. Just enough
# for some figures and too few for others, so that the demo has figures that the network does not show.
BEGINNERS: Mapping[str, frozenset[str]] = {
    "stange": frozenset(),
    "kongsberg": frozenset(),
    "sortland": frozenset(),
    "ovre-eiker": frozenset({"feedback"}),
}


def fill(town: Town) -> None:
    """Writes what a beginner contributed in the last quarter, and in the whole, of the year before all others' data.

    The courses of help that were counted then have been deleted since; the counts stand, and no job counts that
    year again.
    """
    year = _first_year(town.today)
    if town.slug in BEGINNERS and town.opened_on is not None and town.opened_on.year <= year:
        queries.save_contributions(dict(_begin(town, year)))


def _first_year(today: date) -> int:
    return today.year - YEARS_BACK - 1


def _begin(town: Town, year: int) -> Iterator[tuple[Key, Counts]]:
    for indicator in list_indicators(BEGINNERS[town.slug]):
        random = Random(f"beginning:{town.slug}:{indicator.id}")
        of_the_year = _draw(random, indicator, town.size)
        yield Key(indicator.id, indicator.version, str(year)), of_the_year
        # A quarter has a quarter of the year's people, and of positions just as many.
        whole = of_the_year.denominator if indicator.kind == "ratio" else of_the_year.denominator // 4
        quarter = Counts(of_the_year.numerator // 4, whole, of_the_year.eligible // 4)
        yield Key(indicator.id, indicator.version, f"{year}-Q4"), quarter


def _draw(random: Random, indicator: Indicator, size: int) -> Counts:
    people = round(size * random.uniform(0.7, 0.9))
    if indicator.kind == "count":
        return Counts(people, 0, people)
    if indicator.kind == "ratio":
        return Counts(people, round(100 * people / random.uniform(36, 48)), people)
    measured = round(people * random.uniform(0.75, 0.95))
    return Counts(round(measured * random.uniform(0.55, 0.75)), measured, people)


def release_past(today: date) -> None:
    """Makes the releases that would have been made up to a day; repeated, it adds only what is missing."""
    periods = list_periods(date(_first_year(today), 1, 1), today)
    for day in sorted({period.end + SETTLING for period in periods}):
        publish(day, released_at=local_moment(day, OFFICE_OPENS))
