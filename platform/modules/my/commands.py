"""Asking for a code, and using one."""

import uuid

from flask import current_app
from flask_limiter.util import get_remote_address
from sqlalchemy import update

from hjelpa.core.database import db, side_transaction
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.outbox import enqueue
from hjelpa.core.types import new_id, utcnow
from modules.my import queries
from modules.my.jobs import SEND_CODE
from modules.my.models import CodeRequest
from modules.my.rules import (
    CODE_LIVES,
    CODE_TRIES,
    CODES,
    CODES_FROM_ANYWHERE,
    CODES_WINDOW,
    FORGOTTEN,
    WRONG_FROM_HERE,
    Problem,
    find_problem,
    make_code,
)
from tenants.guests.queries import list_living
from tenants.identity.queries import count_failures, note_failure
from tenants.identity.rules import subject_of


def ask_for_code(address: str) -> uuid.UUID | None:
    """Notes that a code is wanted and returns the request's id; None when too many have been asked for from here.

    When too many have been asked for from anywhere no more are sent, and the id is of the latest code that still holds:
    whoever has the address has that one already.

    It is the same work for an address that somebody has access by and for one that nobody has: whether there is
    anybody is looked up later, in a job.
    """
    now = utcnow()
    queries.delete_requests(now - FORGOTTEN)
    here = subject_of(
        current_app.config["SECRET_KEY"], f"one-time code {get_tenant_id()} {address}", get_remote_address()
    )
    if count_failures(here)[0] >= CODES:
        return None
    note_failure(here)
    if queries.count_requests(address, now - CODES_WINDOW) >= CODES_FROM_ANYWHERE:
        return queries.find_usable(address, now, tries=CODE_TRIES) or new_id()
    asked = CodeRequest(address=address, expires_at=now + CODE_LIVES, created_at=now)
    db.session.add(asked)
    enqueue(SEND_CODE, {"code_id": str(asked.id)})
    return asked.id


def use_code(code_id: uuid.UUID, typed: str) -> Problem | uuid.UUID:
    """Uses a code: returns the first access by the address that it went to, or what is wrong.

    Every try is counted before it is looked at, also beside others at the same moment, and whatever the answer is.
    """
    secret = current_app.config["SECRET_KEY"]
    place = subject_of(secret, "one-time code", get_remote_address())
    if count_failures(place)[0] >= WRONG_FROM_HERE:
        return "too_many"
    asked = queries.find_request(code_id)
    if asked is None:
        return "expired"
    living = list_living(asked.address)
    problem = find_problem(
        typed=typed,
        right=make_code(secret, asked.id),
        tries=_count_try(asked.id),
        expires_at=asked.expires_at,
        used_at=asked.used_at,
        now=utcnow(),
    )
    if problem is None and living and _take(asked.id):
        return uuid.UUID(str(living[0].id))
    if problem != "expired":
        note_failure(place)
    return problem or "wrong"


def _count_try(code_id: uuid.UUID) -> int:
    """Counts a try, and returns how many there had been before it."""
    with side_transaction(apart=True) as session:
        counted = update(CodeRequest).where(CodeRequest.id == code_id).values(tries=CodeRequest.tries + 1)
        return int(session.scalars(counted.returning(CodeRequest.tries)).one()) - 1


def _take(code_id: uuid.UUID) -> bool:
    """Marks a code as used; False for the second of two at the same moment."""
    taken = update(CodeRequest).where(CodeRequest.id == code_id, CodeRequest.used_at.is_(None))
    return db.session.execute(taken.values(used_at=utcnow()).returning(CodeRequest.id)).first() is not None
