"""Asking, keeping what comes, and looking at once whether there is something to talk about."""

import uuid
from datetime import datetime

from sqlalchemy import delete, func, update
from sqlalchemy.dialects.postgresql import insert

from hjelpa.core.database import db
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.types import new_id
from modules.feedback.answering import queries, request_queries
from modules.feedback.answering.links import make_link_token
from modules.feedback.answering.queries import Place
from modules.feedback.answering.rules import end_of_link
from modules.feedback.models import Answer, Rater, Refusal, ScaleRequest
from modules.feedback.rules import REQUEST_LIFETIME, Sheet
from modules.feedback.scales.choosing import Choice
from modules.feedback.signals.commands import notice
from tenants.identity.rules import make_token


def open_request(place: Place, choice: Choice, now: datetime) -> str:
    """Makes a one-time request for the helper's screen and returns its token, which is kept nowhere."""
    token, until = make_token(), choice.until(now + REQUEST_LIFETIME)
    request_queries.add_request(
        place, id=new_id(), form=choice.form, channel="screen", token=token, expires_at=until, now=now
    )
    return token


def open_link(place: Place, choice: Choice, now: datetime) -> uuid.UUID:
    """Makes a one-time request for a phone of their own and returns its id, from which the link follows."""
    id, until = new_id(), choice.until(end_of_link(now))
    token = make_link_token(id)
    request_queries.add_request(
        place, id=id, form=choice.form, channel="link", token=token, expires_at=until, now=now
    )
    return id


def keep(asked: ScaleRequest, sheet: Sheet, now: datetime) -> bool:
    """Keeps what came by a one-time address, and ends the request; False where another answer stays."""
    asked.used_at = now
    kept = queries.keep_answer(request_queries.place_of(asked), sheet, now, channel=asked.channel)
    if kept:
        tell(request_queries.place_of(asked), now)
    return kept


def enter(place: Place, sheet: Sheet, now: datetime, *, channel: str, by: uuid.UUID, words: str) -> bool:
    """Keeps what a helper writes in for somebody; False where they have answered themselves meanwhile.

    What was written in before with the same marks is no news, and with the same words too it stays as it was.
    """
    before = queries.find_answer(place)
    same = before is not None and before.entered_by is not None and has_marks(before, sheet)
    if same and before is not None and (before.channel, before.words) == (channel, words):
        return True
    kept = queries.keep_answer(place, sheet, now, channel=channel, entered_by=by, words=words)
    if kept and not same:
        tell(place, now)
    return kept


def has_marks(kept: Answer, sheet: Sheet) -> bool:
    """Whether an answer has exactly these marks, on the same form."""
    given = list(sheet.values) if sheet.state == "answered" else []
    return (kept.form, kept.form_version, kept.items) == (sheet.form.key, sheet.form.version, given)


def tell(place: Place, now: datetime) -> None:
    """What there is to talk about after an answer goes out in the same transaction; others' curves open no signal."""
    if place.rater_id is None or place.scale == "alliance":
        notice(place.course_id, now)


def decline(course_id: uuid.UUID, now: datetime) -> None:
    """The citizen does not want to be asked in this course; said twice, it is one no."""
    row = insert(Refusal).values(tenant_id=get_tenant_id(), id=new_id(), course_id=course_id, declined_at=now)
    db.session.execute(row.on_conflict_do_nothing())


def accept(course_id: uuid.UUID, now: datetime) -> None:
    """The no is taken back."""
    living = update(Refusal).where(Refusal.course_id == course_id, Refusal.ended_at.is_(None))
    db.session.execute(living.values(ended_at=func.greatest(Refusal.declined_at, now)))


def end_rater(rater_id: uuid.UUID, now: datetime) -> None:
    """Nobody asks them any more, and what they were asked already is called off; what they have answered stays."""
    db.session.execute(update(Rater).where(Rater.id == rater_id, Rater.ended_at.is_(None)).values(ended_at=now))
    open_ones = ScaleRequest.rater_id == rater_id, ScaleRequest.used_at.is_(None)
    db.session.execute(delete(ScaleRequest).where(*open_ones))
