"""What happens in one feature and concerns others: they meet here instead of importing each other.

A feature publishes; those that listen (`Manifest.listeners`) act in the same transaction.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flask import g

from hjelpa.core.permissions import features
from hjelpa.core.visitor import find_guest, find_seat


@dataclass(frozen=True, slots=True)
class Dissatisfaction:
    """Somebody is not helped, or says so: a low score, a course that goes nowhere, or plain words. Wants a call soon."""

    course_id: uuid.UUID
    kind: Literal["outcome", "alliance", "off_track", "said"]
    noticed_at: datetime


@dataclass(frozen=True, slots=True)
class UnmetNeed:
    """Help that somebody wanted and that does not exist, in their words. Says nothing of who it was."""

    words: str
    source: Literal["contact", "conversation", "plan", "catalogue"]


def publish(event: object) -> None:
    """Tells every feature that listens and is on in this municipality; an error in one is an error of the whole."""
    place = find_seat() or find_guest()
    # Whoever answers by a one-time address has no seat; the gate has noted what the municipality has switched off.
    for manifest in features().enabled(place.modules_off if place else g.get("modules_off", ())):
        for listener in manifest.listeners:
            if listener.event is type(event):
                listener.hear(event)
