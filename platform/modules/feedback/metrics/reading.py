"""Reads a file of sessions into courses, or says everything that is wrong with it, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from modules.feedback.metrics.cells import BadRow
from modules.feedback.metrics.gather import Gatherer
from modules.feedback.metrics.messages import Message
from modules.feedback.metrics.records import CourseRecord
from modules.feedback.metrics.rows import RowReader, SessionRow
from modules.feedback.metrics.scale import OWN, ScaleRules
from modules.feedback.metrics.tables import BadTable, open_table

MOST_PROBLEMS = 100


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line of a file (the header is line 1)."""

    line: int
    reason: Message

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


@dataclass(slots=True)
class Reading:
    """What a file gave: `records`, or the first hundred `problems` and no records. `rows` were read without one."""

    records: list[CourseRecord] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    rows: int = 0

    def note(self, line: int, *reasons: Message) -> bool:
        """Keeps what is wrong with a line; whether there is room for more."""
        self.problems += [Problem(line, reason) for reason in reasons]
        del self.problems[MOST_PROBLEMS:]
        return len(self.problems) < MOST_PROBLEMS


def read_rows(stream: IO[bytes]) -> Iterator[tuple[int, SessionRow | BadRow]]:
    """Every row with its line number, or what is wrong with it; raises BadTable where reading cannot go on, and
    BadRow when the first line lacks a column.

    For whoever keeps rows otherwise than in courses; `read_courses` also finds rows that contradict each other.
    """
    with open_table(stream) as table:
        reader = RowReader(table.header)
        for line, cells in table.rows:
            try:
                row: SessionRow | BadRow = reader.parse(cells)
            except BadRow as bad:
                row = bad
            yield line, row


def read_courses(stream: IO[bytes], rules: ScaleRules = OWN) -> Reading:
    """The courses in a file of sessions, CSV or XLSX; `stream` must be open for bytes and able to go back."""
    reading = Reading()
    gatherer = Gatherer(rules)
    try:
        with open_table(stream) as table:
            parse, add = RowReader(table.header).parse, gatherer.add
            for line, cells in table.rows:
                try:
                    add(parse(cells))
                    reading.rows += 1
                except BadRow as bad:
                    if not reading.note(line, *bad.problems, *gatherer.refuse(bad.place)):
                        break
    except BadTable as bad:
        reading.note(bad.line, bad.problem)
    except BadRow as bad:
        reading.note(1, *bad.problems)
    if not reading.problems:
        reading.records = list(gatherer.records())
    return reading
