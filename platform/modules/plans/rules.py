"""Decisions about a plan: who may see and change what, which dates can be right, what is on time, who decides.

Nothing here touches a database or a page.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

# An evaluation counts as held on time up to this long after the agreed day.
GRACE = timedelta(days=7)
# A date further away than this is a slip of the pen in the year.
FURTHEST = timedelta(days=730)

AuthorKind = Literal["member", "citizen", "adult"]
Decider = Literal["young", "adult", "undecided", "unknown"]
DateProblem = Literal["too_far_back", "too_far", "before_begin", "passed", "evaluate_first"]


@dataclass(frozen=True, slots=True)
class Author:
    """Who reads or writes a plan. `id` is a membership's, the citizen's access's, or that of the adult in the plan
    (`plan_adults`); `service` is where somebody works, and empty for the citizen and the adults."""

    kind: AuthorKind
    id: uuid.UUID
    name: str
    service: str = ""

    @property
    def adult_id(self) -> uuid.UUID | None:
        """What is put on the words of an adult, so that no other adult sees them."""
        return self.id if self.kind == "adult" else None


def may_see(author_adult_id: uuid.UUID | None, reader: Author) -> bool:
    """What is shared is for everyone with access; an adult's own words are never shown to another adult."""
    return reader.kind != "adult" or author_adult_id in (None, reader.id)


def may_write(author_adult_id: uuid.UUID | None, author: Author) -> bool:
    """An adult changes their own words, and nobody else's; what is shared is the citizen's, who writes it with a helper."""
    return author_adult_id == author.adult_id


def may_see_address(*, protected: bool, reader: Author, responsible: bool) -> bool:
    """An address is a helper's matter; a hidden one is shown to whoever answers for the citizen, and to nobody else."""
    return reader.kind == "member" and (not protected or responsible)


def find_difference(now: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What somebody has changed, by field: (what stands there, what they wrote)."""
    return {name: (now[name], value) for name, value in said.items() if now[name] != value}


def collides(*, sent: int, current: int, difference: Mapping[str, Any]) -> bool:
    """Whether saving would overwrite what somebody else has written meanwhile, unseen.

    The very same words sent twice collide with nothing.
    """
    return sent != current and bool(difference)


def is_on_time(due_on: date, held_on: date) -> bool:
    """Held on the agreed day, earlier, or at most seven days later."""
    return held_on <= due_on + GRACE


def is_overdue(due_on: date, today: date) -> bool:
    return today > due_on


def find_begin_problem(begins_on: date, today: date) -> DateProblem | None:
    if begins_on < today - FURTHEST:
        return "too_far_back"
    return "too_far" if begins_on > today + FURTHEST else None


def find_evaluation_problem(
    evaluate_on: date, *, begins_on: date | None, today: date, before: date | None = None
) -> DateProblem | None:
    """What is wrong with an evaluation date. `before` is the date that stood there: one that has passed is not moved,
    it is evaluated."""
    if before is not None and evaluate_on == before:
        return "before_begin" if begins_on is not None and evaluate_on < begins_on else None
    if before is not None and is_overdue(before, today):
        return "evaluate_first"
    if begins_on is not None and evaluate_on < begins_on:
        return "before_begin"
    if evaluate_on < today:
        return "passed"
    return "too_far" if evaluate_on > today + FURTHEST else None


def find_due_problem(due_on: date, today: date, before: date | None = None) -> DateProblem | None:
    """What is wrong with the day of an agreement; one that was agreed earlier may have passed."""
    if due_on < today and due_on != before:
        return "passed"
    return "too_far" if due_on > today + FURTHEST else None


def who_decides(from_age: int | None, birth_year: int | None, today: date) -> Decider:
    """Who decides who has access to a child's plan, by the age the municipality has set.

    Only the year of birth is known: somebody has the age from New Year of the year in which they reach it.
    """
    if from_age is None:
        return "undecided"
    if birth_year is None:
        return "unknown"
    return "young" if today.year - birth_year >= from_age else "adult"


def may_decide_access(decider: Decider, author: Author) -> bool:
    """Whether somebody may give and withdraw adults' access. Helpers write down what the one who decides has said."""
    if author.kind == "member":
        return decider in ("young", "adult")
    return author.kind == "citizen" and decider == "young"


def is_year(year: int, today: date) -> bool:
    """Whether somebody can be born in a year."""
    return today.year - 120 <= year <= today.year
