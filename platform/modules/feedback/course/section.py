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
from modules.feedback import rules
from modules.feedback.answering.own_words import forms_of
from modules.feedback.answering.queries import Around, read_around
from modules.feedback.answering.showing import CellNote, note_of, render_around
from modules.feedback.course.pictures import picture_of
from modules.feedback.course.reading import marks_of, sessions_of
from modules.feedback.wording import TITLES, ScaleTitle, say_given

# Conversations whose answers stand open on the page; earlier ones are folded away.
LATEST = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """One scale for one conversation; `about` tells the button apart from the others for those who cannot see it."""

    scale: ScaleTitle
    words: str
    hand_over: bool
    about: str
    note: CellNote


@dataclass(frozen=True, slots=True)
class SessionRow:
    session: rules.Session
    cells: tuple[Cell, ...]


def render(course_id: uuid.UUID) -> Markup:
    """The section for one course, whose page has already checked that it may be read."""
    around = read_around(course_id)
    sessions = sessions_of(around)
    outcome, alliance = (marks_of(sessions, kind, around) for kind in ("outcome", "alliance"))
    forms = forms_of([*outcome, *alliance])
    rows = _rows(sessions, around)
    # Not render_template: it would make the page's frame once more, with its own questions to the database.
    part = current_app.jinja_env.get_template("feedback/course/section.html").render(
        course_id=course_id,
        sessions=sessions,
        outcome=picture_of("outcome", outcome, forms),
        alliance=picture_of("alliance", alliance, forms, drawn=False),
        latest=rows[:LATEST],
        earlier=rows[LATEST:],
        declined=around.declined_at,
        around=render_around(course_id, sessions, around),
    )
    return Markup(part)  # noqa: S704  # our own template, which escapes


def _rows(sessions: Sequence[rules.Session], around: Around) -> list[SessionRow]:
    """Newest first: the conversation at hand is the one that scales are handed over for."""
    allowed, now = may("feedback.hand_over") and around.declined_at is None, utcnow()
    return [
        SessionRow(
            session,
            tuple(_cell(session, scale, around, allowed=allowed, now=now) for scale in TITLES.values()),
        )
        for session in reversed(sessions)
    ]


def _cell(session: rules.Session, scale: ScaleTitle, around: Around, *, allowed: bool, now: datetime) -> Cell:
    return Cell(
        scale=scale,
        words=say_given(session, scale),
        hand_over=allowed and rules.may_hand_over(now, session.held_at, session.state(scale.key)),
        about=gettext("for conversation no. %(number)s", number=session.number),
        note=note_of(session, scale.key, around),
    )
