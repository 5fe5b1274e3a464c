"""Asking, keeping what comes, and looking at once whether there is something to talk about."""

import uuid
from datetime import datetime

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert

from hjelpa.core.database import db
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.types import new_id
from modules.feedback.answering import queries
from modules.feedback.answering.links import make_link_token
from modules.feedback.answering.queries import Place
from modules.feedback.answering.rules import end_of_link
from modules.feedback.models import Rater, Refusal, ScaleRequest
from modules.feedback.rules import REQUEST_LIFETIME, Sheet
from modules.feedback.scales.choosing import Choice
from modules.feedback.signals.commands import notice
from tenants.identity.rules import make_token


def open_request(place: Place, choice: Choice, now: datetime) -> str:
    """Makes a one-time request for the helper's screen and returns its token, which is kept nowhere."""
    token, until = make_token(), choice.until(now + REQUEST_LIFETIME)
    queries.add_request(
        place, id=new_id(), form=choice.form, channel="screen", token=token, expires_at=until, now=now
    )
    return token


def open_link(place: Place, choice: Choice, now: datetime) -> uuid.UUID:
    """Makes a one-time request for a phone of their own and returns its id, from which the link follows."""
    id, until = new_id(), choice.until(end_of_link(now))
    token = make_link_token(id)
    queries.add_request(place, id=id, form=choice.form, channel="link", token=token, expires_at=until, now=now)
    return id


def keep(asked: ScaleRequest, sheet: Sheet, now: datetime) -> None:
    """Keeps what came by a one-time address, and ends the request."""
    asked.used_at = now
    queries.keep_answer(queries.place_of(asked), sheet, now, channel=asked.channel)
    tell(queries.place_of(asked), now)


def enter(place: Place, sheet: Sheet, now: datetime, *, channel: str, by: uuid.UUID, words: str) -> bool:
    """Keeps what a helper writes in for somebody; False where they have answered themselves meanwhile."""
    kept = queries.keep_answer(place, sheet, now, channel=channel, entered_by=by, words=words)
    if kept:
        tell(place, now)
    return kept


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
    """Nobody asks them any more; what they have answered stays."""
    db.session.execute(update(Rater).where(Rater.id == rater_id, Rater.ended_at.is_(None)).values(ended_at=now))
