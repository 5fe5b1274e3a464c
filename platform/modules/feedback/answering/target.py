"""What a helper is about to ask for: one scale, for one conversation, of the citizen or another rater."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from flask import abort, request, url_for

from hjelpa.core.types import utcnow
from modules.citizens.gate import open_record
from modules.citizens.queries import Head
from modules.feedback import rules
from modules.feedback.answering.choice import choose_form
from modules.feedback.answering.queries import (
    Around,
    GivenRow,
    Place,
    RaterRow,
    find_conversation,
    read_around,
)
from modules.feedback.answering.rules import may_enter
from modules.feedback.scales.choosing import Choice
from modules.feedback.scales.forms import KINDS


@dataclass(frozen=True, slots=True)
class Target:
    """`rater` is None for the citizen; `kept` is what has been given already."""

    head: Head
    held_at: datetime
    age_band: str
    place: Place
    rater: RaterRow | None
    around: Around

    @property
    def kept(self) -> GivenRow | None:
        return self.around.given.get((self.place.conversation_id, self.place.scale, self.place.rater_id))

    @property
    def is_answered(self) -> bool:
        return self.kept is not None and self.kept.state == "answered"

    @property
    def may_ask(self) -> bool:
        """Whether they may be given the form now: not too late, not answered, and not declined."""
        state = self.kept.state if self.kept else None
        return self.is_wanted and rules.may_hand_over(utcnow(), self.held_at, state)

    @property
    def may_enter(self) -> bool:
        state, entered = (self.kept.state, bool(self.kept.entered_by)) if self.kept else (None, False)
        return self.is_wanted and may_enter(utcnow(), self.held_at, state=state, entered=entered)

    @property
    def is_wanted(self) -> bool:
        """The citizen's no is for the citizen's own answers; a rater who has ended is not asked any more."""
        return not self.around.declined_at if self.rater is None else not self.rater.ended

    @property
    def named(self) -> dict[str, str]:
        """What forms and addresses need to name it."""
        return {"scale": self.place.scale} | ({"rater": str(self.rater.id)} if self.rater else {})

    @property
    def may_be_young(self) -> bool:
        """Whether the form for children under 6 is offered: ours, and before a conversation."""
        return self.age_band == "child" and self.place.scale == "outcome" and self.rater is None

    def choose(self) -> Choice:
        """The form to give; for a child under 6 the helper may ask for the one without words."""
        return choose_form(self.place.scale, self.age_band, youngest=request.values.get("youngest") == "1")


def open_target(conversation_id: uuid.UUID, *, scale: str = "") -> Target:
    """Opens the course to the helper and reads what the request names; 404 for what does not exist there.

    `scale` is the one that is meant when none is named.
    """
    held = find_conversation(conversation_id)
    scale = request.values.get("scale", scale)
    if held is None or scale not in KINDS:
        abort(404)
    head = open_record(held.course_id)
    around = read_around(head.id)
    rater = _named_rater(around)
    place = Place(head.id, conversation_id, scale, rater.id if rater else None)
    return Target(head, held.held_at, held.age_band, place, rater, around)


def _named_rater(around: Around) -> RaterRow | None:
    named = request.values.get("rater", "")
    if not named:
        return None
    try:
        return around.find_rater(uuid.UUID(named)) or abort(404)
    except ValueError:
        abort(404)


def course_url(course_id: uuid.UUID) -> str:
    return url_for("citizens.course", course_id=course_id, _anchor="feedback")
