"""Every figure once more, by numpy over the rows of a file. Nothing of the product is used here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tests.modules.feedback.metrics.files import BANDS, Row

Tenths = np.ndarray


@dataclass(frozen=True)
class Scale:
    cut_offs: Mapping[str, float] = field(default_factory=dict)
    change: float | None = None
    better: int = 1
    reversed_: tuple[int, ...] = ()
    may_miss: int = 0


@dataclass(frozen=True)
class Course:
    band: str
    ended: str
    ending: str
    sessions: Tenths
    dates: np.ndarray
    complete: Tenths
    """Pairs of session and total."""
    first_meeting: bool
    both: bool


Expectation = Callable[[Course], float | None]


def items_of(rows: Sequence[Row]) -> np.ndarray:
    return np.array(
        [
            [np.rint(10 * float(one[f"item{n}"])) if one[f"item{n}"] else np.nan for n in range(1, 5)]
            for one in rows
        ]
    )


def courses_of(rows: Sequence[Row], scale: Scale) -> list[Course]:
    own = [one for one in rows if one["rater"] == "self"]
    if not own:
        return []
    names = np.array([one["course"] for one in own])
    return [_course([own[place] for place in np.flatnonzero(names == name)], scale) for name in np.unique(names)]


def _course(rows: list[Row], scale: Scale) -> Course:
    items = items_of(rows)
    for place in scale.reversed_:
        items[:, place - 1] = 100 - items[:, place - 1]
    number = np.array([int(one["session"]) for one in rows])
    outcome = np.array([one["scale"] == "outcome" for one in rows])
    answered = ~np.isnan(items).all(axis=1)
    enough = outcome & (np.isnan(items).sum(axis=1) <= scale.may_miss)
    complete = np.array(
        [(number[place], 4 * np.nanmean(items[place])) for place in np.flatnonzero(enough)]
    ).reshape(-1, 2)
    return Course(
        rows[0]["age_band"],
        rows[0]["ended"],
        rows[0]["ending"],
        number,
        np.array([one["date"] for one in rows], dtype="datetime64[D]"),
        complete[np.argsort(complete[:, 0])],
        bool((outcome & answered & (number == 1)).any()),
        bool((outcome & answered).any() and (~outcome & answered).any()),
    )


def figures(rows: Sequence[Row], scale: Scale, expectation: Expectation = lambda course: None) -> dict[str, tuple]:
    """(value, numerator, denominator, completeness) by key."""
    all_courses = courses_of(rows, scale)
    found = {}
    for band in ("", *BANDS):
        group = [course for course in all_courses if band in ("", course.band)]
        for key, figure in _figures(group, scale, expectation).items():
            found[f"{key}:{band}" if band else key] = figure
    return found


def _figures(group: list[Course], scale: Scale, expectation: Expectation) -> dict[str, tuple]:
    ended = [course for course in group if course.ended]
    paired = [course for course in ended if len(course.complete) > 1]
    first = np.array([course.complete[0, 1] for course in paired])
    change = np.array([course.complete[-1, 1] - course.complete[0, 1] for course in paired])
    goals = {id(course): scale.cut_offs.get(course.band, expectation(course)) for course in paired}
    held = [course for course in paired if goals[id(course)] is not None]
    reached = {
        id(course): scale.better * (course.complete[-1, 1] / 10 - goals[id(course)]) > -1e-9 for course in held
    }
    starts = [course.complete[0, 1] / 10 for course in group if len(course.complete)]
    days = [(np.datetime64(course.ended) - course.dates[course.sessions.argmin()]).astype(int) for course in ended]
    limit = None if scale.change is None else 10 * scale.change + 1e-6
    known = paired if limit is not None else []
    spread = np.std(first, ddof=1) if len(paired) > 1 else 0
    found = {
        "start_score_mean": mean(starts, len(group)),
        "sessions_mean": mean([course.sessions.max() for course in ended], len(ended)),
        "days_mean": mean(days, len(ended)),
        "target_reached": mean(list(reached.values()), len(ended)),
        "improved_reliably": mean(
            [scale.better * one > limit for one in change] if known else [], len(ended), len(paired)
        ),
        "deteriorated_reliably": mean(
            [-scale.better * one > limit for one in change] if known else [], len(ended), len(paired)
        ),
        "effect_size": mean(
            list(scale.better * change / spread) if spread > 1e-9 else [], len(ended), len(paired)
        ),
        "feedback_first_meeting": mean([course.first_meeting for course in group], len(group)),
        "both_scales_used": mean([course.both for course in group], len(group)),
    }
    recorded = np.mean([bool(course.ending) for course in ended]) if ended else None
    for ending in ("mutual", "unilateral"):
        so = [course for course in ended if (course.ending or "unilateral") == ending]
        counts = {"above": 0, "below": 0, "unmeasured": 0}
        for course in so:
            counts["unmeasured" if id(course) not in reached else "above" if reached[id(course)] else "below"] += 1
        for place, count in counts.items():
            found[f"ended_{ending}_{place}"] = (count, count, len(ended), recorded)
    return found


def mean(values: list, about: int, denominator: int | None = None) -> tuple:
    count = len(values) if denominator is None else denominator
    completeness = count / about if about else None
    if not values:
        return None, None, count, completeness
    return float(np.mean(values)), float(np.sum(values)), count, completeness


def threshold(rows: Sequence[Row], reversed_: tuple[int, ...] = ()) -> tuple[float, float, float, int]:
    """(points, SD, alpha, n) of the first complete outcome answers, by the covariance matrix of the lines."""
    firsts = []
    for course in {one["course"] for one in rows}:
        own = [one for one in rows if (one["course"], one["rater"], one["scale"]) == (course, "self", "outcome")]
        items = items_of(sorted(own, key=lambda one: int(one["session"]))) if own else np.empty((0, 4))
        whole = items[~np.isnan(items).any(axis=1)]
        if len(whole):
            firsts.append(whole[0])
    lines = np.array(firsts) / 10
    for number in reversed_:
        lines[:, number - 1] = 10 - lines[:, number - 1]
    covariance = np.cov(lines, rowvar=False)
    alpha = 4 / 3 * (1 - np.trace(covariance) / covariance.sum())
    sd = np.std(lines.sum(axis=1), ddof=1)
    return 1.96 * sd * 2**0.5 * (1 - alpha) ** 0.5, sd, alpha, len(lines)
