"""One-time requests: making one for a place, and finding it again by its token or its link."""

import uuid
from datetime import datetime

from sqlalchemy import and_, delete, exists, or_, select

from hjelpa.core.database import db
from modules.citizens.models import Conversation
from modules.feedback.answering.queries import Place, given_by, is_declined
from modules.feedback.models import Rater, ScaleRequest
from modules.feedback.scales.forms import Form
from tenants.identity.rules import hash_token
from tenants.messages.models import Message


def place_of(asked: ScaleRequest) -> Place:
    return Place(asked.course_id, asked.conversation_id, asked.scale, asked.rater_id)


def add_request(
    place: Place, *, id: uuid.UUID, form: Form, channel: str, token: str, expires_at: datetime, now: datetime
) -> None:
    """A one-time request; only the hash of its token is kept.

    An earlier one for the same stops working, and what has expired is cleared away: it answers nobody. Of two made at
    once, the second waits here for the first, so that one stays.
    """
    talk = select(Conversation.id).where(Conversation.id == place.conversation_id)
    db.session.execute(talk.with_for_update(key_share=True))
    same = (
        ScaleRequest.conversation_id == place.conversation_id,
        ScaleRequest.scale == place.scale,
        given_by(ScaleRequest, place.rater_id),
    )
    db.session.execute(delete(ScaleRequest).where(or_(and_(*same), ScaleRequest.expires_at <= now)))
    db.session.add(
        ScaleRequest(
            id=id,
            course_id=place.course_id,
            conversation_id=place.conversation_id,
            scale=place.scale,
            rater_id=place.rater_id,
            form=form.key,
            form_version=form.version,
            channel=channel,
            token_hash=hash_token(token),
            expires_at=expires_at,
        )
    )


def find_request(token: str, now: datetime, *, lock: bool = False) -> ScaleRequest | None:
    """The living request with this token, used or not. `lock` makes a second sending wait for the first.

    One of a rater who is not asked any more does not exist.
    """
    over = exists().where(
        Rater.tenant_id == ScaleRequest.tenant_id, Rater.id == ScaleRequest.rater_id, Rater.ended_at.is_not(None)
    )
    living = select(ScaleRequest).where(
        ScaleRequest.token_hash == hash_token(token), ScaleRequest.expires_at > now, ~over
    )
    return db.session.scalars(living.with_for_update() if lock else living).one_or_none()


def find_link(request_id: uuid.UUID) -> ScaleRequest | None:
    """A request that was made as a link, living or not."""
    own = ScaleRequest.id == request_id, ScaleRequest.channel == "link"
    return db.session.scalars(select(ScaleRequest).where(*own)).one_or_none()


def is_sent(asked: ScaleRequest, kind: str, address: str) -> bool:
    """Whether a link has been sent to an address already."""
    same = Message.kind == kind, Message.address == address, Message.expires_at == asked.expires_at
    found = select(Message.id).where(*same, Message.created_at >= asked.created_at)
    return db.session.scalars(found).first() is not None


def is_unwanted(asked: ScaleRequest) -> bool:
    """Whether the citizen has said no since they were given a form that is still open; others answer all the same."""
    return asked.used_at is None and asked.rater_id is None and is_declined(asked.course_id)
