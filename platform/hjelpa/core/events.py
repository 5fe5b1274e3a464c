"""What happens in one feature and concerns others: they meet here instead of importing each other.

A feature publishes; those that listen (`Manifest.listeners`) act in the same transaction.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flask import g

from hjelpa.core.contract import Listener
from hjelpa.core.permissions import features
from hjelpa.core.visitor import find_guest, find_seat

SignKind = Literal[
    "outcome",
    "alliance",
    "said",
    "off_track",
    "deteriorated",
    "alliance_low",
    "alliance_fell",
    "no_answer",
    "no_movement",
]


@dataclass(frozen=True, slots=True)
class Dissatisfaction:
    """Somebody is not helped, or says so: a low score, a course that goes nowhere, or plain words. Wants a call soon.

    "outcome" and "alliance" are signs of before there were finer ones.
    """

    course_id: uuid.UUID
    kind: SignKind
    noticed_at: datetime


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """A conversation about what was not good enough has been held, and ended with an agreement."""

    course_id: uuid.UUID
    conversation_id: uuid.UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Theme:
    """What several people's feedback is about, in words, for whoever works on making the service better.

    Says nothing of who said it. `source` is where it was seen: in learning notes, in citizens' own words, or in the work.
    """

    words: str
    source: Literal["learning", "answers", "written"]


@dataclass(frozen=True, slots=True)
class CourseEnds:
    """A course of help is held and about to end: what waits for an answer about it is settled first, and may end it."""

    course_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class UnmetNeed:
    """Help that somebody wanted and that does not exist, in their words. Says nothing of who it was."""

    words: str
    source: Literal["contact", "conversation", "plan", "catalogue"]


def publish(event: object) -> None:
    """Tells every feature that listens and is on in this municipality; an error in one is an error of the whole."""
    for listener in _listeners(type(event)):
        listener.hear(event)


def is_heard(event: type) -> bool:
    """Whether any feature that is on in this municipality does something about such an event."""
    return any(True for _ in _listeners(event))


def _listeners(event: type) -> Iterator[Listener]:
    place = find_seat() or find_guest()
    # Whoever answers by a one-time address has no seat; the gate has noted what the municipality has switched off.
    for manifest in features().enabled(place.modules_off if place else g.get("modules_off", ())):
        yield from (listener for listener in manifest.listeners if listener.event is event)
