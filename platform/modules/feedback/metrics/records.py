"""What the figures are worked out from: one record per course of help, the same from a file and from the database.

A score or total is in tenths of a point: a whole number, except where a file has finer scores.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

AgeBand = Literal["child", "adolescent", "adult"]
Ending = Literal["mutual", "unilateral"]

AGE_BANDS: tuple[AgeBand, ...] = ("child", "adolescent", "adult")
ENDINGS: tuple[Ending, ...] = ("mutual", "unilateral")
SELF = "self"

OUTCOME_SEEN, OUTCOME_ANSWERED, ALLIANCE_SEEN, ALLIANCE_ANSWERED = 1, 2, 4, 8


class SessionFacts(NamedTuple):
    """One session as the citizen answered in it. A tuple with packed marks, because there may be millions.

    `first_on` and `last_on` are the first and last date given for it, `marks` which scales were there and had at least
    one answered line, `total` that of the outcome scale (tenths) where it is complete.
    """

    number: int
    first_on: date
    last_on: date
    marks: int
    total: float | None

    @property
    def outcome_answered(self) -> bool:
        return bool(self.marks & OUTCOME_ANSWERED)


def session_facts(
    number: int, held_on: date, total: float | None = None, *, outcome: bool = False, alliance: bool = False
) -> SessionFacts:
    """A session by its number (from 1); `outcome` and `alliance` say whether at least one line was answered."""
    outcome = outcome or total is not None
    marks = OUTCOME_ANSWERED * outcome | ALLIANCE_ANSWERED * alliance
    return SessionFacts(number, held_on, held_on, marks, total)


class Complete(NamedTuple):
    """A complete outcome total (tenths) and the session that it was given in."""

    session: int
    total: float


@dataclass(slots=True)
class CourseRecord:
    """One course of help. `sessions` are in order of number and hold what the citizen answered, nobody else.

    `ended_on` is None while it runs; `ending` is None where nobody recorded one. `declined` means that the citizen wants
    no scales. `first_items` are the lines (tenths, each so that more is in the direction of the total) of the first
    complete outcome answer, for the estimate of the threshold; None where there is none or a line is open.
    """

    key: str
    age_band: AgeBand
    ended_on: date | None
    ending: Ending | None
    sessions: Sequence[SessionFacts]
    first_items: tuple[float, ...] | None = None
    declined: bool = False

    def totals(self) -> Iterator[Complete]:
        """The complete outcome totals in order of session."""
        return (Complete(facts[0], facts[4]) for facts in self.sessions if facts[4] is not None)

    def pair(self) -> tuple[Complete, Complete] | None:
        """The first and the last complete total; None before there are two."""
        complete = [facts for facts in self.sessions if facts[4] is not None]
        if len(complete) < 2:
            return None
        return _complete(complete[0]), _complete(complete[-1])


def _complete(facts: SessionFacts) -> Complete:
    assert facts.total is not None
    return Complete(facts.number, facts.total)


def newest_date(records: Iterable[CourseRecord]) -> date | None:
    """The date of the last session of all: what figures that rest on the records are as of."""
    return max((record.sessions[-1].last_on for record in records if record.sessions), default=None)
