"""Counts and sums over courses, from which every figure follows. Sums of whole tenths are exact in any order."""

from collections import Counter
from dataclasses import dataclass, field

from modules.feedback.metrics.records import (
    ALLIANCE_ANSWERED,
    OUTCOME_ANSWERED,
    Complete,
    CourseRecord,
)
from modules.feedback.metrics.scale import TENTHS
from modules.feedback.metrics.targets import Target

_BOTH = OUTCOME_ANSWERED | ALLIANCE_ANSWERED
Cell = tuple[str, str]


@dataclass(slots=True)
class Tally:
    """One group of courses. Totals and changes (last minus first, as scored) are tenths; `cells` hold the ended ones."""

    courses: int = 0
    started: int = 0
    start_sum: float = 0
    ended: int = 0
    recorded: int = 0
    met: int = 0
    sessions: int = 0
    days: int = 0
    paired: int = 0
    first: float = 0
    first_square: float = 0
    first_change: float = 0
    changes: Counter[float] = field(default_factory=Counter)
    targeted: int = 0
    reached: int = 0
    cells: Counter[Cell] = field(default_factory=Counter)
    first_meeting: int = 0
    both: int = 0

    @property
    def change(self) -> float:
        """The sum of all changes."""
        return sum(change * times for change, times in self.changes.items())

    def cell(self, key: str) -> int:
        """The count of one of the six `ended_…` keys."""
        __, ending, place = key.split("_")
        return self.cells[ending, place]

    def add(self, record: CourseRecord, target: Target | None, *, higher_is_better: bool) -> None:
        """Counts one course. The target is asked only for ended courses with a first and a last total."""
        self.courses += 1
        marks = 0
        for facts in record.sessions:
            marks |= facts[3]
        self.both += marks & _BOTH == _BOTH
        if record.sessions:
            opening = record.sessions[0]
            self.first_meeting += opening.number == 1 and opening.outcome_answered
        start = next(record.totals(), None)
        if start is not None:
            self.started += 1
            self.start_sum += start.total
        if record.ended_on is not None:
            self._end(record, target, higher_is_better)

    def _end(self, record: CourseRecord, target: Target | None, higher_is_better: bool) -> None:
        assert record.ended_on is not None
        self.ended += 1
        self.recorded += record.ending is not None
        if record.sessions:
            self.met += 1
            self.sessions += record.sessions[-1].number
            self.days += (record.ended_on - record.sessions[0].first_on).days
        place = "unmeasured"
        pair = record.pair()
        if pair is not None:
            self._pair(*pair)
            goal = target.target(record) if target else None
            if goal is not None:
                place = self._hold(pair[1].total, goal, higher_is_better)
        # Nobody has recorded that both agreed, so nothing better than one side's ending is claimed.
        self.cells[record.ending or "unilateral", place] += 1

    def _pair(self, first: Complete, last: Complete) -> None:
        change = last.total - first.total
        if not isinstance(change, int):
            change = round(change, 9)
        self.paired += 1
        self.first += first.total
        self.first_square += first.total * first.total
        self.first_change += first.total * change
        self.changes[change] += 1

    def _hold(self, last: float, goal: float, higher_is_better: bool) -> str:
        goal = round(goal * TENTHS, 9)
        reached = last >= goal if higher_is_better else last <= goal
        self.targeted += 1
        self.reached += reached
        return "above" if reached else "below"

    def take(self, other: "Tally") -> None:
        """Adds another group's counts and sums."""
        for name in _NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.changes.update(other.changes)
        self.cells.update(other.cells)


_NUMBERS = tuple(name for name in Tally.__slots__ if name not in ("changes", "cells"))
