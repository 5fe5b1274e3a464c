"""From first contact to a measured course of help: what became of every person who made contact, each once. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from hjelpa.core.contract import Arrivals
from modules.feedback.metrics.records import CourseRecord

# Where people are now, in the order of the steps that they came to last. Everybody is in exactly one.
LEAVES = (
    "waiting",
    "advised",
    "not_met",
    "unanswered_declined",
    "unanswered_ended",
    "unanswered_open",
    "once_declined",
    "once_ended",
    "once_open",
    "paired",
)
# Each step, and the leaves of those who came no further than that.
STEPS: Mapping[str, tuple[str, ...]] = {
    "received": ("waiting", "advised"),
    "begun": ("not_met",),
    "met": ("unanswered_declined", "unanswered_ended", "unanswered_open"),
    "answered": ("once_declined", "once_ended", "once_open"),
    "paired": ("paired",),
}


@dataclass(frozen=True, slots=True)
class Step:
    """How many people came to a step, and those who came no further, by leaf."""

    key: str
    people: int
    stayed: Mapping[str, int]


def leaf_of(record: CourseRecord) -> str:
    """Where the person of a course is."""
    if not record.sessions:
        return "not_met"
    complete = sum(1 for _ in record.totals())
    if complete > 1:
        return "paired"
    came = "once" if complete else "unanswered"
    if record.declined:
        return f"{came}_declined"
    return f"{came}_open" if record.ended_on is None else f"{came}_ended"


def count_leaves(arrivals: Arrivals, records: Mapping[UUID, CourseRecord]) -> dict[str, int]:
    """People by where they are; the sum is all who made contact."""
    counted = Counter(leaf_of(records[course]) for course in arrivals.courses)
    return {leaf: counted[leaf] for leaf in LEAVES} | {"waiting": arrivals.waiting, "advised": arrivals.advised}


def list_steps(leaves: Mapping[str, int]) -> list[Step]:
    """The steps with how many came to each: those who stayed there and all who went on."""
    steps: list[Step] = []
    left = sum(leaves.values())
    for key, names in STEPS.items():
        stayed = {name: leaves[name] for name in names}
        steps.append(Step(key, left, stayed))
        left -= sum(stayed.values())
    return steps


def courses_in(leaf: str, courses: Iterable[UUID], records: Mapping[UUID, CourseRecord]) -> list[UUID]:
    """The courses of the people in one leaf."""
    return [course for course in courses if leaf_of(records[course]) == leaf]
