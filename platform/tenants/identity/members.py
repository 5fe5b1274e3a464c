"""The people of the municipality that has been entered, as colleagues see them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from hjelpa.core.database import db
from tenants.identity.models import Membership


@dataclass(frozen=True, slots=True)
class Member:
    """A colleague: membership id, name and roles."""

    id: uuid.UUID
    name: str
    roles: frozenset[str]


def list_members() -> Sequence[Member]:
    """Everyone with a seat now, by name."""
    rows = db.session.execute(
        select(Membership.id, Membership.name, Membership.roles)
        .where(Membership.ended_at.is_(None))
        .order_by(Membership.name)
    )
    return [Member(row.id, row.name, frozenset(row.roles)) for row in rows]


def keep_seated(membership_id: uuid.UUID) -> bool:
    """Holds a colleague's seat until the unit of work ends, before something becomes theirs; False when it has ended."""
    ended_at = select(Membership.ended_at).where(Membership.id == membership_id).with_for_update(read=True)
    row = db.session.execute(ended_at).one_or_none()
    return row is not None and row.ended_at is None


def names_by_id() -> dict[uuid.UUID, str]:
    """Names of everyone who has or had a seat: for lists that mention colleagues, in one statement."""
    return {row.id: row.name for row in db.session.execute(select(Membership.id, Membership.name))}
