"""Tokens of the API: found by the gate as the role auth, listed and made inside their municipality."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, func, select, update

from hjelpa.core.database import auth_side_transaction, db
from hjelpa.core.prepared import Prepared
from hjelpa.core.types import utcnow
from hjelpa.core.visitor import Program
from tenants.api_access.models import ApiToken
from tenants.identity.models import Membership
from tenants.identity.rules import hash_token
from tenants.municipalities.models import FeatureSwitch, Municipality

# Last use is written at most this often, so that reading stays reading.
TOUCH_EVERY = timedelta(minutes=5)


def _program_statement() -> Select[*tuple[Any, ...]]:
    off = (
        select(func.array_agg(FeatureSwitch.feature))
        .where(FeatureSwitch.tenant_id == ApiToken.tenant_id)
        .correlate(ApiToken)
        .scalar_subquery()
    )
    return (
        select(ApiToken.tenant_id, ApiToken.id, ApiToken.scopes, ApiToken.last_used_at, off.label("off"))
        .join(Municipality, Municipality.id == ApiToken.tenant_id)
        .where(
            ApiToken.token_hash == bindparam("token_hash"),
            ApiToken.withdrawn_at.is_(None),
            ApiToken.expires_at > bindparam("now"),
            Municipality.status != "suspended",
        )
    )


_PROGRAM = Prepared(_program_statement())


def find_program(token: str) -> Program | None:
    """Whoever holds this token, while it lives; notes its last use now and then."""
    now = utcnow()
    with db.engines["door"].connect() as connection:
        rows = _PROGRAM.on(connection, {"token_hash": hash_token(token), "now": now})
    if not rows:
        return None
    found = rows[0]
    if found.last_used_at is None or now - found.last_used_at > TOUCH_EVERY:
        with auth_side_transaction() as session:
            used = update(ApiToken).where(ApiToken.tenant_id == found.tenant_id, ApiToken.id == found.id)
            session.execute(used.values(last_used_at=now), execution_options={"synchronize_session": False})
    return Program(found.tenant_id, found.id, frozenset(found.scopes), frozenset(found.off or ()))


def list_tokens() -> Sequence[Row[ApiToken, str]]:
    """The municipality's tokens with the name of who made each: those that may be used first, then the latest."""
    maker = and_(Membership.tenant_id == ApiToken.tenant_id, Membership.id == ApiToken.made_by)
    order = (ApiToken.withdrawn_at.is_not(None), ApiToken.created_at.desc(), ApiToken.id)
    return db.session.execute(select(ApiToken, Membership.name).join(Membership, maker).order_by(*order)).all()


def find_token(token_id: uuid.UUID) -> ApiToken | None:
    return db.session.scalars(select(ApiToken).where(ApiToken.id == token_id)).one_or_none()


def is_taken(token_id: uuid.UUID) -> bool:
    return db.session.scalar(select(ApiToken.id).where(ApiToken.id == token_id)) is not None


def withdraw(token_id: uuid.UUID, now: datetime) -> None:
    """From now on it opens nothing."""
    living = update(ApiToken).where(ApiToken.id == token_id, ApiToken.withdrawn_at.is_(None))
    db.session.execute(living.values(withdrawn_at=now))
