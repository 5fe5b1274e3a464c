"""When something in a course should be talked about. Pure: the same story gives the same signals.

A signal is a reason to talk, never a verdict and never a place in a queue. What was known when a signal was ended has been
talked about: the same kind comes back only with something new.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from modules.feedback.signals.stories import Measure, Meeting, Reply, Story

Kind = Literal["off_track", "deteriorated", "alliance_low", "alliance_fell", "no_answer", "no_movement"]
KINDS: tuple[Kind, ...] = (
    "off_track",
    "deteriorated",
    "alliance_low",
    "alliance_fell",
    "no_answer",
    "no_movement",
)

# An answer older than this is no news that somebody must hear today; it may have come with an import.
FRESH = timedelta(days=30)
# Our own, and no norm: where a form has no limit for a change, a tenth of its length is how much a total must move
# before we call it a clear fall, or movement at all. It decides when to ask, and stands in no figure.
PART = 0.1
# So many conversations in a row without a complete answer, or one and so long a time. A conversation is counted when
# a link for it no longer works. Where nobody has talked for long, the answers are not what is missing.
IN_VAIN, LONG, STILL_COMING, ASLEEP = 3, timedelta(days=42), timedelta(days=2), timedelta(days=90)
# So many complete answers in a row without movement.
STANDSTILL = 6


class Found(NamedTuple):
    """A signal: its kind, the conversation it comes of, and when what it rests on was known."""

    kind: Kind
    conversation_id: uuid.UUID
    at: datetime


class Point(NamedTuple):
    """A complete total (tenths, more is better) at a conversation."""

    number: int
    conversation_id: uuid.UUID
    total: float
    at: datetime
    measure: Measure

    @property
    def clearly(self) -> float:
        """How much a total must move to have moved: the limit for a reliable change, else our own part of the scale."""
        change = self.measure.change
        return change if change is not None else self.measure.form.maximum * PART

    def fell_to(self, later: float) -> bool:
        """Whether a later total lies clearly lower: beyond the limit where there is one, else by our own part."""
        fall = self.total - later
        return fall > self.clearly if self.measure.change is not None else fall >= self.clearly


def find(story: Story, now: datetime) -> tuple[Found, ...]:
    """The signals of a course that are not open already, in the order of `KINDS`; at most one of each."""
    outcome = _points((meeting, meeting.outcome) for meeting in story.meetings)
    alliance = _points((meeting, _own(meeting.alliance)) for meeting in story.meetings)
    rules: dict[Kind, Callable[[], Found | None]] = {
        "off_track": lambda: _off_track(story, outcome),
        "deteriorated": lambda: _deteriorated(story, outcome),
        "alliance_low": lambda: _alliance_low(story),
        "alliance_fell": lambda: _alliance_fell(story, alliance),
        "no_answer": lambda: _no_answer(story, now),
        "no_movement": lambda: _no_movement(story, outcome),
    }
    asked = [rules[kind]() for kind in KINDS if kind not in story.waiting]
    return tuple(found for found in asked if found and (found.kind == "no_answer" or now - found.at <= FRESH))


def _own(replies: Sequence[Reply]) -> Reply | None:
    return next((reply for reply in replies if reply.rater_id is None), None)


def _points(given: Iterator[tuple[Meeting, Reply | None]]) -> list[Point]:
    """The complete totals that can stand on one curve: those of the form that was answered last."""
    points = [
        Point(
            meeting.number,
            meeting.conversation_id,
            reply.measure.orient(reply.total),
            reply.answered_at,
            reply.measure,
        )
        for meeting, reply in given
        if reply is not None and reply.total is not None
    ]
    return [point for point in points if point.measure.form.key == points[-1].measure.form.key]


def _news(story: Story, kind: Kind, at: datetime) -> bool:
    return kind not in story.settled or at > story.settled[kind]


def _off_track(story: Story, points: Sequence[Point]) -> Found | None:
    """Two answers in a row below the expected range; where the model is silent, clearly below the first answer."""
    if len(points) < 3:
        return None
    lagging = all(_lags(story, points[0], point) for point in points[-2:])
    new = all(_news(story, "off_track", point.at) for point in points[-2:])
    return _found("off_track", points[-1]) if lagging and new else None


def _lags(story: Story, first: Point, point: Point) -> bool:
    expected = point.measure.expect(story.age_band, first.total, point.number, first.number)
    return first.fell_to(point.total) if expected is None else point.total < expected.low * 10


def _deteriorated(story: Story, points: Sequence[Point]) -> Found | None:
    """The last answer lies below the first by more than the limit for a reliable change. Without a limit: never.

    When that has been talked about it comes again only with an answer lower than any that was known then.
    """
    if len(points) < 2 or points[-1].measure.change is None or not points[0].fell_to(points[-1].total):
        return None
    last = points[-1]
    known = [point.total for point in points if not _news(story, "deteriorated", point.at)]
    return _found("deteriorated", last) if last.total < min(known, default=last.total + 1) else None


def _found(kind: Kind, point: Point) -> Found:
    return Found(kind, point.conversation_id, point.at)


def is_low(reply: Reply) -> bool:
    """Whether an answer on the alliance scale says that something is not good: a mark nearer to the end that says so
    than to the other, or a total on the wrong side of the form's cut-off where it has one that may be used."""
    form, cut_off = reply.measure.form, reply.measure.cut_off
    half = form.item_maximum / 2
    for item, mark in zip(form.items, reply.items, strict=False):
        # A reversed line counts backwards in the total, and a total may itself be one where more is worse.
        better_upwards = item.reversed_ != form.higher_is_better
        if mark is not None and (mark < half if better_upwards else mark > half):
            return True
    if cut_off is None or reply.total is None:
        return False
    return reply.measure.orient(reply.total) < reply.measure.orient(cut_off)


def _alliance_low(story: Story) -> Found | None:
    """Of everybody's latest answer (the one given last, for whichever conversation), the latest that is low."""
    latest: dict[uuid.UUID | None, tuple[Reply, Meeting]] = {}
    for meeting in story.meetings:
        for reply in meeting.alliance:
            before = latest.get(reply.rater_id)
            if reply.state == "answered" and (before is None or reply.answered_at >= before[0].answered_at):
                latest[reply.rater_id] = reply, meeting
    low = [
        Found("alliance_low", meeting.conversation_id, reply.answered_at)
        for reply, meeting in latest.values()
        if is_low(reply) and _news(story, "alliance_low", reply.answered_at)
    ]
    return max(low, key=lambda found: found.at, default=None)


def _alliance_fell(story: Story, points: Sequence[Point]) -> Found | None:
    """The citizen's own total is clearly lower than the time before."""
    if len(points) < 2 or not points[-2].fell_to(points[-1].total):
        return None
    return _found("alliance_fell", points[-1]) if _news(story, "alliance_fell", points[-1].at) else None


def _no_answer(story: Story, now: datetime) -> Found | None:
    """No complete answer of the citizen's own, on either scale, through so many conversations or so long a time."""
    if story.declined or story.ended:
        return None
    since = max(
        (moment for moment in (story.settled.get("no_answer"), story.resumed_at) if moment is not None),
        default=None,
    )
    in_vain: list[Meeting] = []
    for meeting in story.meetings:
        if any(reply.complete for reply in meeting.own):
            in_vain = []
        elif (since is None or meeting.held_at > since) and now - meeting.held_at >= STILL_COMING:
            in_vain.append(meeting)
    if not in_vain or now - in_vain[-1].held_at > ASLEEP:
        return None
    if len(in_vain) < IN_VAIN and now - in_vain[0].held_at < LONG:
        return None
    return Found("no_answer", in_vain[-1].conversation_id, in_vain[-1].held_at)


def _no_movement(story: Story, points: Sequence[Point]) -> Found | None:
    """So many answers in a row about where the first of them was, by the limit for a reliable change or our own part.

    Not where there is no room above, nor where the model does not expect more than this.
    """
    latest = [point for point in points if _news(story, "no_movement", point.at)][-STANDSTILL:]
    if len(latest) < STANDSTILL:
        return None
    first, last = latest[0], latest[-1]
    near = all(abs(point.total - first.total) <= last.clearly for point in latest)
    room = first.total + last.clearly < last.measure.form.maximum
    if not near or not room:
        return None
    start = points[0]
    expected = last.measure.expect(story.age_band, start.total, last.number, start.number)
    reached = expected is not None and last.total >= expected.middle * 10
    return None if reached else _found("no_movement", last)
