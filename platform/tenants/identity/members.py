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


def names_by_id() -> dict[uuid.UUID, str]:
    """Names of everyone who has or had a seat: for lists that mention colleagues, in one statement."""
    return {row.id: row.name for row in db.session.execute(select(Membership.id, Membership.name))}
