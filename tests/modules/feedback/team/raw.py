"""Every figure of a team's page once more: numpy over raw rows, read from the tables past the application."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import psycopg

OSLO = ZoneInfo("Europe/Oslo")
BANDS = ("child", "adolescent", "adult")

# Whether a moment is in the period.
Within = Callable[[datetime | None], bool]
# The target (points) by age band, start (points), number of the first and of the last complete answer.
Target = Callable[[str, float, int, int], float | None]


@dataclass(frozen=True)
class Raw:
    """A course: dates of its conversations, and by number (outcome items, alliance items), each None without an answer."""

    id: uuid.UUID
    band: str
    opened_at: datetime
    closed_at: datetime | None
    ending: str | None
    declined: bool
    helper: uuid.UUID | None
    days: list[date]
    items: list[dict[str, list[int | None]]]

    @property
    def complete(self) -> np.ndarray:
        """Rows of (number, total in tenths)."""
        whole = [
            (number, sum(given["outcome"]))
            for number, given in enumerate(self.items, 1)
            if given.get("outcome") and None not in given["outcome"]
        ]
        return np.array(whole, dtype=float).reshape(-1, 2)


def read_courses(server: psycopg.Connection[Any], tenant: uuid.UUID) -> list[Raw]:
    bands = dict(server.execute("select id, age_band from citizens where tenant_id = %s", (tenant,)).fetchall())
    refused = server.execute(
        "select course_id from feedback_refusals where ended_at is null and tenant_id = %s", (tenant,)
    ).fetchall()
    turns = server.execute(
        "select course_id, until_at, membership_id from responsibilities where tenant_id = %s", (tenant,)
    ).fetchall()
    talks = server.execute(
        "select course_id, held_at, id from conversations where tenant_id = %s", (tenant,)
    ).fetchall()
    answers = server.execute(
        "select conversation_id, scale, items from answers where rater_id is null and state = 'answered' and tenant_id = %s",
        (tenant,),
    ).fetchall()
    given: dict[uuid.UUID, dict[str, list[int | None]]] = {}
    for talk, scale, items in answers:
        given.setdefault(talk, {})[scale] = items
    found = []
    for id, citizen, opened, closed, ending in server.execute(
        "select id, citizen_id, opened_at, closed_at, ending from courses where tenant_id = %s", (tenant,)
    ).fetchall():
        own = sorted((held, talk) for course, held, talk in talks if course == id)
        helper = next((member for course, until, member in turns if course == id and until == closed), None)
        days = [held.astimezone(OSLO).date() for held, _ in own]
        items = [given.get(talk, {}) for _, talk in own]
        declined = (id,) in refused
        found.append(Raw(id, bands[citizen], opened, closed, ending, declined, helper, days, items))
    return found


def figures(courses: list[Raw], within: Within, target: Target, limit: float | None) -> dict[str, tuple[Any, ...]]:
    """(value, numerator, denominator, completeness) by key; all None but the denominator where there is no value."""
    found = {}
    for band in ("", *BANDS):
        group = [course for course in courses if band in ("", course.band)]
        begun = [course for course in group if within(course.opened_at)]
        ended = [course for course in group if within(course.closed_at)]
        for key, figure in {**_begun(begun), **_ended(ended, target, limit)}.items():
            found[f"{key}:{band}" if band else key] = figure
    return found


def _begun(begun: list[Raw]) -> Mapping[str, tuple[Any, ...]]:
    starts = [course.complete[0, 1] / 10 for course in begun if len(course.complete)]
    used = [{scale for given in course.items for scale in given} for course in begun]
    return {
        "start_score_mean": mean(starts, len(begun)),
        "feedback_first_meeting": mean(
            [bool(course.items) and "outcome" in course.items[0] for course in begun], len(begun)
        ),
        "both_scales_used": mean([{"outcome", "alliance"} <= scales for scales in used], len(begun)),
        "declined": mean([course.declined for course in begun], len(begun)),
    }


def _ended(ended: list[Raw], target: Target, limit: float | None) -> Mapping[str, tuple[Any, ...]]:
    met = [course for course in ended if course.days]
    paired = [course for course in ended if len(course.complete) > 1]
    first = np.array([course.complete[0, 1] for course in paired])
    last = np.array([course.complete[-1, 1] for course in paired])
    change = last - first
    goals = [
        target(course.band, course.complete[0, 1] / 10, int(course.complete[0, 0]), int(course.complete[-1, 0]))
        for course in paired
    ]
    held = {
        course.id: course.complete[-1, 1] / 10 > goal - 1e-9
        for course, goal in zip(paired, goals, strict=True)
        if goal is not None
    }
    spread = np.std(first, ddof=1) if len(paired) > 1 else 0
    known = [] if limit is None else list(change)
    least = 10 * (limit or 0) + 1e-6
    lengths = [(course.closed_at.astimezone(OSLO).date() - min(course.days)).days for course in met]
    cells = {
        f"ended_{how}_{place}": 0 for how in ("mutual", "unilateral") for place in ("above", "below", "unmeasured")
    }
    for course in ended:
        how = "unilateral" if course.ending == "unilateral" else "mutual"
        place = "unmeasured" if course.id not in held else "above" if held[course.id] else "below"
        cells[f"ended_{how}_{place}"] += 1
    recorded = 1.0 if ended else None
    return {
        "sessions_mean": mean([len(course.days) for course in met], len(ended)),
        "days_mean": mean(lengths, len(ended)),
        "target_reached": mean(list(held.values()), len(ended)),
        "improved_reliably": mean([one > least for one in known], len(ended), len(paired)),
        "deteriorated_reliably": mean([-one > least for one in known], len(ended), len(paired)),
        "effect_size": mean(list(change / spread) if spread > 1e-9 else [], len(ended), len(paired)),
        **{key: (count, count, len(ended), recorded) for key, count in cells.items()},
    }


def mean(values: list[Any], about: int, denominator: int | None = None) -> tuple[Any, ...]:
    count = len(values) if denominator is None else denominator
    completeness = count / about if about else None
    if not values:
        return None, None, count, completeness
    return float(np.mean(values)), float(np.sum(values)), count, completeness
