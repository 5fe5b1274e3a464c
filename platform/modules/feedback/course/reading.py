"""A course's conversations as its curves take them."""

import uuid

from modules.feedback.answering.queries import Around
from modules.feedback.answering.rules import Mark
from modules.feedback.rules import AnswerRow, Session, assemble
from modules.feedback.scales.forms import KINDS


def sessions_of(around: Around) -> tuple[Session, ...]:
    """The conversations in order, each with what the citizen gave."""
    return assemble(row for talk in around.held for row in _rows(talk, around))


def _rows(talk: uuid.UUID, around: Around) -> list[AnswerRow]:
    held_at = around.held[talk]
    given = {kind: around.given.get((talk, kind, None)) for kind in KINDS}
    rows = [AnswerRow(talk, held_at, kind, one.state, one.total) for kind, one in given.items() if one is not None]
    return rows or [AnswerRow(talk, held_at, None, None, None)]


def marks_of(sessions: tuple[Session, ...], kind: str, around: Around) -> tuple[Mark, ...]:
    """The citizen's totals on one scale, conversation by conversation, with the form that each was given in."""
    found = [around.given.get((session.conversation_id, kind, None)) for session in sessions]
    return tuple(
        Mark(session.held_at, one.total, (one.form, one.form_version))
        if one is not None and one.total is not None
        else Mark(session.held_at, None, None)
        for session, one in zip(sessions, found, strict=True)
    )
