"""Which courses a page of figures is about: a year, a quarter or all there are, and an age band or all ages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from hjelpa.core.contract import Period
from modules.feedback.metrics.records import AGE_BANDS
from network.benchmarks.rules import latest_quarters, period_of

ALL = Period("all", date(1970, 1, 1), date(2200, 1, 1))
YEARS_SHOWN = 3
QUARTERS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked for; `band` is empty for all ages."""

    period: Period
    band: str

    def key(self, figure: str) -> str:
        """A figure's name among those that were worked out, for these ages."""
        return f"{figure}:{self.band}" if self.band else figure


def choose(asked: Mapping[str, str], today: date) -> Choice:
    """The period and age band asked for; this year and all ages when none or nonsense was."""
    band = asked.get("band", "")
    return Choice(_period(asked.get("period", ""), today), band if band in AGE_BANDS else "")


def period_named(name: str) -> Period:
    """The period of that name; raises ValueError for anything that is none."""
    return ALL if name == ALL.id else period_of(name)


def _period(typed: str, today: date) -> Period:
    try:
        return period_named(typed)
    except ValueError:
        return period_of(str(today.year))


def list_choices(today: date, chosen: str) -> list[str]:
    """The periods that a page offers: all, the last years and quarters, and the one that is shown."""
    years = [str(today.year - back) for back in range(YEARS_SHOWN)]
    offered = [ALL.id, *years, *latest_quarters(today, QUARTERS_SHOWN)]
    return offered if chosen in offered else [*offered, chosen]
