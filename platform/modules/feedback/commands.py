"""Keeping an answer, and letting the rest of the house know when it says that somebody is not helped."""

from datetime import datetime

from hjelpa.core.events import Dissatisfaction, publish
from modules.feedback import queries, rules
from modules.feedback.models import ScaleRequest


def keep(asked: ScaleRequest, sheet: rules.Sheet, now: datetime) -> None:
    """Keeps what the citizen gave; a sign that it is not good enough goes out in the same transaction."""
    queries.keep_answer(asked, sheet, now)
    sessions = queries.list_sessions(asked.course_id) if asked.scale == "outcome" else ()
    sign = rules.find_sign(asked.scale, sheet, sessions)
    if sign is not None:
        publish(Dissatisfaction(asked.course_id, sign, now))
