"""Feedback on a course's page: the curve, what it says, and per conversation what was answered or can be handed over."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from flask_babel import gettext
from markupsafe import Markup

from hjelpa.core.permissions import may
from hjelpa.core.types import utcnow
from modules.feedback import queries, rules
from modules.feedback.scales import ALLIANCE, OUTCOME, SCALES, Scale
from modules.feedback.wording import picture_of, say_given

# Conversations whose answers stand open on the page; earlier ones are folded away.
LATEST = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """One scale for one conversation; `about` tells the button apart from the others for those who cannot see it."""

    scale: Scale
    words: str
    hand_over: bool
    about: str


@dataclass(frozen=True, slots=True)
class SessionRow:
    session: rules.Session
    cells: tuple[Cell, ...]


def render(course_id: uuid.UUID) -> Markup:
    """The section for one course, whose page has already checked that it may be read."""
    sessions = queries.list_sessions(course_id)
    rows = _rows(sessions)
    # Not render_template: it would make the page's frame once more, with its own questions to the database.
    part = current_app.jinja_env.get_template("feedback/section.html").render(
        course_id=course_id,
        sessions=sessions,
        outcome=picture_of(OUTCOME, sessions),
        alliance=picture_of(ALLIANCE, sessions, drawn=False),
        latest=rows[:LATEST],
        earlier=rows[LATEST:],
    )
    return Markup(part)  # noqa: S704  # our own template, which escapes


def _rows(sessions: Sequence[rules.Session]) -> list[SessionRow]:
    """Newest first: the conversation at hand is the one that scales are handed over for."""
    allowed, now = may("feedback.hand_over"), utcnow()
    return [
        SessionRow(session, tuple(_cell(session, scale, allowed=allowed, now=now) for scale in SCALES.values()))
        for session in reversed(sessions)
    ]


def _cell(session: rules.Session, scale: Scale, *, allowed: bool, now: datetime) -> Cell:
    return Cell(
        scale=scale,
        words=say_given(session, scale),
        hand_over=allowed and rules.may_hand_over(now, session.held_at, session.state(scale.key)),
        about=gettext("for conversation no. %(number)s", number=session.number),
    )
