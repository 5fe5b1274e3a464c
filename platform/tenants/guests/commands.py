"""Giving and withdrawing access to a citizen's own pages, and coming in."""

import uuid
from typing import Literal

from sqlalchemy import update

from hjelpa.core.database import db
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.types import new_id, utcnow
from tenants.guests.models import Access, GuestSession
from tenants.guests.queries import get_place, list_beside
from tenants.guests.rules import ABSOLUTE, Address
from tenants.guests.wording import write_invitation
from tenants.identity.rules import hash_token, make_token
from tenants.messages.commands import send

INVITATION = "guests.invitation"


def give(
    citizen_id: uuid.UUID,
    *,
    relation: Literal["self", "adult", "service"],
    name: str,
    to: Address,
    by: str,
    id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Lets somebody come in by codes to one address, and writes to them; returns the access's id.

    `by` is the name of who gives it; `id` is that of the adult in a child's plan, whose access this is. Raises
    ChannelMissing where no message can be sent that way.
    """
    access = Access(
        id=id or new_id(),
        citizen_id=citizen_id,
        relation=relation,
        name=name,
        channel=to.channel,
        address=to.text,
        given_by=by,
        given_at=utcnow(),
    )
    db.session.add(access)
    db.session.flush()
    place = get_place(get_tenant_id())
    subject, words = write_invitation(place.slug, place.service, place.language)
    send(INVITATION, to.channel, to.text, subject=subject, words=words)
    return access.id


def withdraw(access_id: uuid.UUID, *, by: str) -> bool:
    """Ends an access at once: the next page asked for is refused. False when it had ended, or never was."""
    ended = db.session.execute(
        update(Access)
        .where(Access.id == access_id, Access.withdrawn_at.is_(None))
        .values(withdrawn_at=utcnow(), withdrawn_by=by)
        .returning(Access.id)
    )
    return ended.first() is not None


def open_session(access_id: uuid.UUID) -> str:
    """Begins a session and returns the token for the cookie."""
    token = make_token()
    db.session.add(GuestSession(access_id=access_id, token_hash=hash_token(token), expires_at=utcnow() + ABSOLUTE))
    return token


def end_session(token: str) -> None:
    db.session.execute(
        update(GuestSession)
        .where(GuestSession.token_hash == hash_token(token), GuestSession.ended_at.is_(None))
        .values(ended_at=utcnow())
    )


def change_access(token: str, from_id: uuid.UUID, to_id: uuid.UUID) -> bool:
    """Goes over to another access by the same address, in the same session; False where there is no such."""
    if to_id not in {access.id for access in list_beside(from_id)}:
        return False
    own = update(GuestSession).where(GuestSession.token_hash == hash_token(token))
    db.session.execute(own.values(access_id=to_id))
    return True
