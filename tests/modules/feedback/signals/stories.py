"""Invented courses as the rules of signals see them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from modules.feedback.scales.forms import Form
from modules.feedback.scales.registry import own_form
from modules.feedback.signals.stories import Measure, Meeting, Reply, Story
from modules.feedback.trajectory.model import Expected

BEGAN = datetime(2026, 9, 1, 10, tzinfo=UTC)
WEEK = timedelta(days=7)
OUTCOME, ALLIANCE = own_form("outcome", "adult"), own_form("alliance", "adult")


@dataclass(frozen=True)
class Flat:
    """A model that expects the same of everybody (points)."""

    low: float
    middle: float

    def expect(self, age_band: str, start: float, session: int, *, first: int = 1) -> Expected | None:
        return Expected(self.low, self.middle, 40.0)


def reply(
    total: int | None,
    at: datetime,
    *,
    form: Form = OUTCOME,
    change: float | None = None,
    cut_off: float | None = None,
    model: Any = None,
    items: Sequence[int | None] | None = None,
    state: str = "answered",
    rater_id: uuid.UUID | None = None,
) -> Reply:
    marks = tuple(items) if items is not None else (None if total is None else total // 4,) * 4
    measure = Measure(form, cut_off=cut_off, change=change, model=model)
    return Reply(measure, rater_id, state, total, marks if state == "answered" else (), at)


def story(
    totals: Sequence[int | None] = (),
    *,
    alliance: Sequence[int | None] = (),
    changes: float | None = None,
    **more: Any,
) -> Story:
    """A conversation a week; None is an unanswered scale. `changes` is the limit for a reliable change on both."""
    model = more.pop("model", None)
    meetings = []
    for place in range(max(len(totals), len(alliance))):
        held_at = BEGAN + place * WEEK
        outcome = totals[place] if place < len(totals) else None
        given = alliance[place] if place < len(alliance) else None
        meetings.append(
            Meeting(
                place + 1,
                uuid.UUID(int=place + 1),
                held_at,
                None if outcome is None else reply(outcome, held_at, change=changes, model=model),
                () if given is None else (reply(given, held_at, form=ALLIANCE, change=changes),),
            )
        )
    return replace(Story(uuid.UUID(int=99), "adult", tuple(meetings)), **more)


def last(told: Story) -> datetime:
    return told.meetings[-1].held_at
