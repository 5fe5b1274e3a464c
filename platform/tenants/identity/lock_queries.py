"""The screen lock as the role auth keeps it: people's codes, which sign-ins are locked, and codes tried."""

import uuid

from sqlalchemy import select, update

from hjelpa.core.database import auth_session, auth_side_transaction
from hjelpa.core.types import utcnow
from tenants.identity.models import Account, SignInSession
from tenants.identity.rules import CODE_TRIES


def find_code_hash(account_id: uuid.UUID) -> str | None:
    """The hash of a person's code; None before they have chosen one."""
    return auth_session.scalars(select(Account.screen_code_hash).where(Account.id == account_id)).one_or_none()


def set_code_hash(account_id: uuid.UUID, code_hash: str) -> None:
    auth_session.execute(update(Account).where(Account.id == account_id).values(screen_code_hash=code_hash))


def lock(session_id: uuid.UUID, way_back: str) -> None:
    """Locks a sign-in; `way_back` is where its code leads."""
    own = update(SignInSession).where(SignInSession.id == session_id)
    auth_session.execute(own.values(locked_at=utcnow(), way_back=way_back, code_tries=0))


def find_way_back(session_id: uuid.UUID) -> str | None:
    return auth_session.scalars(select(SignInSession.way_back).where(SignInSession.id == session_id)).one_or_none()


def take_try(session_id: uuid.UUID) -> int:
    """Uses one of a locked sign-in's tries and returns how many are left; -1 when there was none.

    In a transaction of its own and before the code is looked at: neither a refusal nor guesses sent all at once get
    one for nothing.
    """
    used = (
        update(SignInSession)
        .where(
            SignInSession.id == session_id,
            SignInSession.locked_at.is_not(None),
            SignInSession.code_tries < CODE_TRIES,
        )
        .values(code_tries=SignInSession.code_tries + 1)
        .returning(SignInSession.code_tries)
    )
    with auth_side_transaction() as session:
        tries = session.scalars(used).one_or_none()
    return -1 if tries is None else CODE_TRIES - tries


def unlock(session_id: uuid.UUID) -> None:
    own = update(SignInSession).where(SignInSession.id == session_id)
    auth_session.execute(own.values(locked_at=None, way_back=None, code_tries=0))


def end_locked(session_id: uuid.UUID) -> None:
    """Ends a sign-in that is still locked: only the password helps now."""
    locked = SignInSession.id == session_id, SignInSession.locked_at.is_not(None)
    auth_session.execute(update(SignInSession).where(*locked).values(ended_at=utcnow()))
