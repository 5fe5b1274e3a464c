"""Feedback on a course's page: the curve, what it says, and per conversation what was answered or can be handed over."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from flask_babel import gettext
from markupsafe import Markup

from hjelpa.core.permissions import may
from hjelpa.core.types import utcnow
from modules.feedback import queries, rules
from modules.feedback.scales import ALLIANCE, OUTCOME, SCALES, Scale
from modules.feedback.wording import picture_of, say_given


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
    page = render_template(
        "feedback/section.html",
        course_id=course_id,
        sessions=sessions,
        outcome=picture_of(OUTCOME, sessions),
        alliance=picture_of(ALLIANCE, sessions),
        rows=_rows(sessions),
    )
    return Markup(page)  # noqa: S704  # our own template, which escapes


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
        about=gettext("the %(scale)s for conversation no. %(number)s", scale=scale.title, number=session.number),
    )
