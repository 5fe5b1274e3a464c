"""The lists behind the figures: which courses of help one is made of, and where those who made contact are now."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from hjelpa.web.i18n import dates
from modules.citizens.listing import AddressOf
from modules.citizens.schemas import HOW_ENDED
from modules.feedback.metrics.formulas import CELLS
from modules.feedback.metrics.texts import title_of
from modules.feedback.team import queries
from modules.feedback.team.courses import TeamCourse, list_courses
from modules.feedback.team.definitions import ALL_FORMULAS, LISTED
from modules.feedback.team.funnel import LEAVES, STEPS, courses_in, list_steps
from modules.feedback.team.periods import Choice
from modules.feedback.team.showing import say_about
from modules.feedback.team.working import PARTS, list_part

STEP_WORDS = {
    "received": _l("Made contact"),
    "begun": _l("A course of help began"),
    "met": _l("Had a conversation"),
    "answered": _l("Answered the whole outcome scale"),
    "paired": _l("Answered it at least twice"),
}
LEAF_WORDS = {
    "waiting": _l("Wait for a first conversation"),
    "advised": _l("Had a conversation, and no course of help was needed"),
    "not_met": _l("No conversation yet"),
    "unanswered_declined": _l("Said no to feedback before a whole answer"),
    "unanswered_ended": _l("Ended without a whole answer"),
    "unanswered_open": _l("Go on, without a whole answer so far"),
    "once_declined": _l("Said no to feedback after one whole answer"),
    "once_ended": _l("Ended with one whole answer"),
    "once_open": _l("Go on, with one whole answer so far"),
    "paired": _l("Measured at the start and later"),
}
PART_WORDS = {
    "counted": _l("Counted"),
    "others": _l("Not counted"),
    "unmeasured": _l("Not measured"),
}
# Before a course of help there is none to list.
LISTED_LEAVES = tuple(leaf for leaf in LEAVES if leaf not in STEPS["received"])


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """One line: a step with all who came to it, or a leaf with those who are there."""

    key: str
    title: str
    people: int
    is_step: bool
    listed: bool


def show_funnel(leaves: Mapping[str, int]) -> list[FunnelRow]:
    """The steps from first contact to a measured course of help, each with where those are who came no further."""
    rows = []
    for step in list_steps(leaves):
        rows.append(FunnelRow(step.key, str(STEP_WORDS[step.key]), step.people, True, False))
        rows += [
            FunnelRow(leaf, str(LEAF_WORDS[leaf]), people, False, leaf in LISTED_LEAVES)
            for leaf, people in step.stayed.items()
            if leaf != step.key
        ]
    return rows


@dataclass(frozen=True, slots=True)
class Asked:
    """A list that was asked for: of a figure and a part of it, or of a leaf of the funnel (`part` is empty)."""

    key: str
    part: str

    @property
    def title(self) -> str:
        return title_of(ALL_FORMULAS[self.key]) if self.part else str(LEAF_WORDS[self.key])

    @property
    def about(self) -> str:
        return say_about(self.key) if self.part else gettext("People who made contact")

    @property
    def parts(self) -> list[tuple[str, str]]:
        if not self.part:
            return []
        names = PARTS[:2] if self.key in CELLS else PARTS
        return [(name, str(PART_WORDS[name])) for name in names]

    @property
    def address(self) -> dict[str, Any]:
        return {"figure": self.key, "part": self.part} if self.part else {"leaf": self.key}


def read_list(args: Mapping[str, str]) -> Asked | None:
    """The list asked for; None when there is no such list."""
    leaf, key, part = args.get("leaf", ""), args.get("figure", LISTED[0]), args.get("part", "")
    if leaf:
        return Asked(leaf, "") if leaf in LISTED_LEAVES else None
    return Asked(key, part if part in PARTS else PARTS[0]) if key in LISTED else None


def find_list(asked: Asked, choice: Choice) -> list[TeamCourse]:
    """The courses in a list, those that began last on top."""
    basis = queries.find_basis()
    if asked.part:
        courses = list_part(list_courses(choice.period, basis.forms), basis, asked.key, asked.part)
        found = [course for course in courses if choice.band in ("", course.record.age_band)]
    else:
        found = _in_leaf(asked.key, choice, basis.forms)
    return sorted(found, key=lambda course: (course.opened_at, course.id), reverse=True)


def _in_leaf(leaf: str, choice: Choice, forms: Sequence[str]) -> list[TeamCourse]:
    arrivals = queries.list_arrivals(choice.period)
    if arrivals is None:
        return []
    courses = {course.id: course for course in list_courses(choice.period, forms, also=arrivals.courses)}
    records = {id: course.record for id, course in courses.items()}
    return [courses[id] for id in courses_in(leaf, arrivals.courses, records)]


def show_rows(courses: Sequence[TeamCourse], names: Mapping[uuid.UUID, str]) -> list[tuple[str, str, str, str]]:
    """(address, name or the word for a course, when it began, how and when it ended)."""
    address, written, unnamed = AddressOf("citizens.course", "course_id"), dates(), gettext("Course of help")
    return [
        (
            address(course.id),
            names.get(course.id) or unnamed,
            written.day(course.opened_at),
            f"{written.day(course.closed_at)}, {str(HOW_ENDED[course.ending or '']).lower()}"
            if course.closed_at
            else "–",
        )
        for course in courses
    ]
