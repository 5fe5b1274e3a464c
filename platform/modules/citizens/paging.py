"""Lists a page at a time, at a cost that does not grow with the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import ColumnElement, Integer, Select, func, literal_column, select

PAGE_SIZE = 50
# Counting stops here: "more than 1,000" says as much as the number, and costs the same for any municipality.
COUNTED = 1000
DEEPEST_PAGE = 4000


@dataclass(frozen=True, slots=True)
class Page:
    """Where in a list a page stands. `total` is at most COUNTED + 1, which means "more"."""

    number: int
    total: int
    shown: int

    @classmethod
    def of(cls, number: int, rows: Sequence[Any]) -> Self:
        """The page that these rows are; each carries `total`, as `counted` gives it."""
        return cls(number, rows[0].total if rows else 0, len(rows))

    @property
    def last(self) -> int:
        """The last page known of; one more than this one while counting has stopped and the page is full."""
        counted = max(1, -(-min(self.total, COUNTED) // PAGE_SIZE))
        beyond = self.total > COUNTED and self.number >= counted
        return self.number + (self.shown == PAGE_SIZE) if beyond else counted

    @property
    def more(self) -> bool:
        """Whether there are more than were counted."""
        return self.total > COUNTED


def page_number(typed: str | None) -> int:
    """The page asked for; the first for anything that is no page."""
    return min(int(typed), DEEPEST_PAGE) if typed and typed.isdecimal() and len(typed) < 6 and int(typed) else 1


def counted(matching: Select[int]) -> ColumnElement[int]:
    """How many rows match, as a column, counted no further than COUNTED + 1. Give it a select of a constant."""
    return (
        select(func.count())
        .select_from(matching.limit(literal_column(str(COUNTED + 1), Integer)).subquery())
        .scalar_subquery()
    )


def one() -> Select[int]:
    """A select of nothing but that there is a row. Written out, like all that is fixed: PostgreSQL plans by it."""
    return select(literal_column("1", Integer))
