"""Finding municipalities, and what each has switched on."""

import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, func, select

from hjelpa.core.database import auth_session, db
from tenants.municipalities.models import FeatureSwitch, Municipality


def find_by_slug(slug: str) -> Municipality | None:
    """A municipality that may be visited, before any has been entered; None also for a suspended one."""
    return auth_session.scalars(
        select(Municipality).where(Municipality.slug == slug, Municipality.status != "suspended")
    ).one_or_none()


def find_place(slug: str) -> tuple[Municipality, frozenset[str]] | None:
    """The same with the features it has switched off, in one statement: where pages open to people without a seat begin."""
    return _find_place(Municipality.slug == slug)


def find_place_by_id(tenant_id: uuid.UUID) -> tuple[Municipality, frozenset[str]] | None:
    """The same where a token says which it is, and no address."""
    return _find_place(Municipality.id == tenant_id)


def _find_place(which: ColumnElement[bool]) -> tuple[Municipality, frozenset[str]] | None:
    off = select(func.array_agg(FeatureSwitch.feature)).where(FeatureSwitch.tenant_id == Municipality.id)
    place = select(Municipality, off.scalar_subquery()).where(which, Municipality.status != "suspended")
    found = auth_session.execute(place).one_or_none()
    return None if found is None else (found[0], frozenset(found[1] or ()))


def list_all() -> Sequence[Municipality]:
    return auth_session.scalars(select(Municipality).order_by(Municipality.name)).all()


def list_switched_off(tenant_id: uuid.UUID) -> frozenset[str]:
    """The features a municipality has switched off, before it has been entered."""
    return frozenset(
        auth_session.scalars(select(FeatureSwitch.feature).where(FeatureSwitch.tenant_id == tenant_id))
    )


def switch_on(feature: str) -> None:
    db.session.execute(delete(FeatureSwitch).where(FeatureSwitch.feature == feature))


def switch_off(feature: str) -> None:
    known = db.session.scalars(select(FeatureSwitch.id).where(FeatureSwitch.feature == feature)).first()
    if known is None:
        db.session.add(FeatureSwitch(feature=feature))
