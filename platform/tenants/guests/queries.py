"""Finding who may come in, and who has."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, select, update

from hjelpa.core.database import db, side_transaction
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.types import utcnow
from hjelpa.core.visitor import Guest
from tenants.guests.models import Access, GuestSession
from tenants.guests.rules import TOUCH_EVERY, is_alive
from tenants.identity.rules import hash_token
from tenants.municipalities.models import FeatureSwitch, Municipality


def find_guest(token: str) -> Guest | None:
    """Whoever holds this token, in the municipality that has been entered; notes its last use now and then.

    None as soon as the access has been withdrawn: it is asked for every time.
    """
    off = select(func.array_agg(FeatureSwitch.feature)).scalar_subquery()
    mine = and_(Access.tenant_id == GuestSession.tenant_id, Access.id == GuestSession.access_id)
    found = db.session.execute(
        select(
            GuestSession.id.label("session_id"),
            GuestSession.last_seen_at,
            GuestSession.expires_at,
            GuestSession.ended_at,
            Access.tenant_id,
            Access.id,
            Access.citizen_id,
            Access.name,
            Access.relation,
            off.label("off"),
        )
        .join(Access, mine)
        .where(GuestSession.token_hash == hash_token(token), Access.withdrawn_at.is_(None))
    ).one_or_none()
    now = utcnow()
    if found is None or not is_alive(
        now, last_seen_at=found.last_seen_at, expires_at=found.expires_at, ended_at=found.ended_at
    ):
        return None
    if now - found.last_seen_at > TOUCH_EVERY:
        _touch(found.session_id, now)
    modules_off = frozenset(found.off or ())
    return Guest(found.tenant_id, found.id, found.citizen_id, found.name, found.relation, modules_off)


def _touch(session_id: uuid.UUID, now: datetime) -> None:
    with side_transaction() as session:
        session.execute(update(GuestSession).where(GuestSession.id == session_id).values(last_seen_at=now))


def list_living(address: str) -> Sequence[Row[uuid.UUID, str, str]]:
    """The accesses that codes to this address let in to: (id, name, relation), the first given first."""
    living = select(Access.id, Access.name, Access.relation).where(
        Access.address == address, Access.withdrawn_at.is_(None)
    )
    return db.session.execute(living.order_by(Access.given_at, Access.id)).all()


def list_beside(access_id: uuid.UUID) -> Sequence[Row[uuid.UUID, str, str]]:
    """The accesses that the holder of this one has by the same address, itself included."""
    address = select(Access.address).where(Access.id == access_id).scalar_subquery()
    living = select(Access.id, Access.name, Access.relation).where(
        Access.address == address, Access.withdrawn_at.is_(None)
    )
    return db.session.execute(living.order_by(Access.given_at, Access.id)).all()


def is_taken(citizen_id: uuid.UUID, address: str, *, relation: str) -> bool:
    """Whether somebody who is something else to the citizen comes in to their pages by this address.

    Whoever holds an address chooses among its accesses, so that one of each kind would show an adult the child's view.
    """
    other = Access.citizen_id == citizen_id, Access.address == address, Access.relation != relation
    return db.session.scalars(select(Access.id).where(*other, Access.withdrawn_at.is_(None))).first() is not None


def list_of_citizen(citizen_id: Any) -> Sequence[Access]:
    """Everyone who has or had access to a citizen's own pages, the living first."""
    known = select(Access).where(Access.citizen_id == citizen_id)
    return db.session.scalars(known.order_by(Access.withdrawn_at.desc().nulls_first(), Access.given_at)).all()


def find_access(access_id: uuid.UUID) -> Access | None:
    return db.session.scalars(select(Access).where(Access.id == access_id)).one_or_none()


def get_place(tenant_id: uuid.UUID) -> Row[str, str, str, str]:
    """(slug, service, language, country) of a municipality."""
    place = select(Municipality.slug, Municipality.service, Municipality.language, Municipality.country)
    return db.session.execute(place.where(Municipality.id == tenant_id)).one()


def find_country() -> str:
    """The country of the municipality that has been entered, by which its working days are counted."""
    return str(get_place(get_tenant_id()).country)
