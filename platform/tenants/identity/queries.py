"""Everything read and written as the role auth: accounts, seats, posts, sign-in sessions, failed tries."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Select, bindparam, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import aggregate_order_by

from hjelpa.core.database import auth_session, auth_side_transaction, db
from hjelpa.core.prepared import Prepared
from hjelpa.core.types import utcnow
from hjelpa.core.visitor import Post, Seat, Visitor
from tenants.identity.models import (
    Account,
    Membership,
    Organisation,
    OrganisationMember,
    SignInAttempt,
    SignInSession,
)
from tenants.identity.rules import (
    ABSOLUTE,
    FOR_EVERYONE,
    TOUCH_EVERY,
    TRIES_WINDOW,
    first_segment,
    hash_token,
    is_alive,
    make_token,
)
from tenants.municipalities.models import FeatureSwitch, Municipality


def _visitor_statement() -> Select[*tuple[Any, ...]]:
    """Who has this token, with all seats and posts: one statement, since every request begins with it."""
    off = (
        select(func.array_agg(FeatureSwitch.feature))
        .where(FeatureSwitch.tenant_id == Membership.tenant_id)
        .scalar_subquery()
    )
    place = (
        Municipality.slug,
        Municipality.name,
        Municipality.service,
        Municipality.language,
        Municipality.colour,
    )
    seat = func.json_build_array(
        Membership.tenant_id, Membership.id, Membership.name, *place, Membership.roles, off
    )
    seats = (
        select(func.json_agg(aggregate_order_by(seat, Municipality.name), type_=JSON))
        .select_from(Membership)
        .join(Municipality, Municipality.id == Membership.tenant_id)
        .where(
            Membership.account_id == Account.id, Membership.ended_at.is_(None), Municipality.status != "suspended"
        )
        .correlate(Account)
    )
    post = func.json_build_array(Organisation.id, Organisation.name, Organisation.shell, OrganisationMember.roles)
    posts = (
        select(func.json_agg(aggregate_order_by(post, Organisation.name), type_=JSON))
        .select_from(Organisation)
        .join(OrganisationMember, OrganisationMember.organisation_id == Organisation.id)
        .where(OrganisationMember.account_id == Account.id, OrganisationMember.ended_at.is_(None))
        .correlate(Account)
    )
    times = (SignInSession.last_seen_at, SignInSession.expires_at, SignInSession.ended_at)
    session = (SignInSession.id, *times, SignInSession.locked_at)
    account = (Account.id.label("account_id"), Account.name, Account.email, Account.language)
    return (
        select(*session, *account, seats.scalar_subquery().label("seats"), posts.scalar_subquery().label("posts"))
        .join(Account, Account.id == SignInSession.account_id)
        .where(SignInSession.token_hash == bindparam("token_hash"), Account.active)
    )


_VISITOR = Prepared(_visitor_statement())


def find_visitor_by_token(token: str) -> Visitor | None:
    """The person whose living sign-in session has this token; notes its last use now and then.

    Seats in suspended municipalities are left out; seats and posts are in the order of their places' names.
    """
    with db.engines["door"].connect() as connection:
        rows = _VISITOR.on(connection, {"token_hash": hash_token(token)})
    found = rows[0] if rows else None
    now = utcnow()
    if found is None or not is_alive(
        now, last_seen_at=found.last_seen_at, expires_at=found.expires_at, ended_at=found.ended_at
    ):
        return None
    if now - found.last_seen_at > TOUCH_EVERY:
        touch(found.id, now)
    return Visitor(
        account_id=found.account_id,
        session_id=found.id,
        name=found.name,
        email=found.email,
        language=found.language,
        seats=tuple(_seat(*values) for values in found.seats or ()),
        posts=tuple(
            Post(uuid.UUID(id), organisation, shell, frozenset(roles))
            for id, organisation, shell, roles in found.posts or ()
        ),
        locked=found.locked_at is not None,
    )


def _seat(tenant_id: str, id: str, name: str, *rest: Any) -> Seat:
    slug, municipality, service, language, colour, roles, off = rest
    return Seat(
        tenant_id=uuid.UUID(tenant_id),
        id=uuid.UUID(id),
        name=name,
        roles=frozenset(roles),
        slug=slug,
        municipality=municipality,
        service=service,
        language=language,
        colour=colour,
        modules_off=frozenset(off or ()),
    )


def touch(session_id: uuid.UUID, now: datetime) -> None:
    with auth_side_transaction() as session:
        session.execute(update(SignInSession).where(SignInSession.id == session_id).values(last_seen_at=now))


def find_account(email: str) -> Account | None:
    return auth_session.scalars(
        select(Account).where(Account.email == email.lower(), Account.active)
    ).one_or_none()


def may_head_for(account_id: uuid.UUID, target: str) -> bool:
    """Whether an address lies where this account has a seat or a post, or belongs to everyone who is signed in."""
    place = first_segment(target)
    if place in FOR_EVERYONE:
        return True
    seat = exists().where(
        Membership.account_id == account_id,
        Membership.ended_at.is_(None),
        Municipality.id == Membership.tenant_id,
        Municipality.slug == place,
    )
    post = exists().where(
        OrganisationMember.account_id == account_id,
        OrganisationMember.ended_at.is_(None),
        Organisation.id == OrganisationMember.organisation_id,
        Organisation.shell == place,
    )
    return bool(auth_session.scalar(select(seat | post)))


def open_session(account_id: uuid.UUID, device: str) -> str:
    """Begins a sign-in session and returns the token for the cookie."""
    token = make_token()
    auth_session.add(
        SignInSession(
            account_id=account_id, token_hash=hash_token(token), device=device, expires_at=utcnow() + ABSOLUTE
        )
    )
    return token


def list_sessions(account_id: uuid.UUID) -> Sequence[SignInSession]:
    """The person's living sign-in sessions, latest use first."""
    living = select(SignInSession).where(
        SignInSession.account_id == account_id,
        SignInSession.ended_at.is_(None),
        SignInSession.expires_at > utcnow(),
    )
    return auth_session.scalars(living.order_by(SignInSession.last_seen_at.desc())).all()


def end_session(account_id: uuid.UUID, session_id: uuid.UUID) -> bool:
    """Ends one of the person's own sessions; False if there is no such."""
    ended = auth_session.execute(
        update(SignInSession)
        .where(
            SignInSession.id == session_id,
            SignInSession.account_id == account_id,
            SignInSession.ended_at.is_(None),
        )
        .values(ended_at=utcnow())
        .returning(SignInSession.id)
    )
    return ended.first() is not None


def end_token(token: str) -> None:
    auth_session.execute(
        update(SignInSession).where(SignInSession.token_hash == hash_token(token)).values(ended_at=utcnow())
    )


def count_failures(*subjects: bytes) -> list[int]:
    """How often each has failed lately."""
    counted = select(SignInAttempt.subject, func.count().label("failures")).group_by(SignInAttempt.subject)
    recent = SignInAttempt.subject.in_(subjects), SignInAttempt.created_at > utcnow() - TRIES_WINDOW
    found = {row.subject: row.failures for row in auth_session.execute(counted.where(*recent))}
    return [found.get(subject, 0) for subject in subjects]


def note_failure(*subjects: bytes) -> None:
    """Kept although the request is refused, hence a transaction of its own; old ones are dropped on the way."""
    with auth_side_transaction() as session:
        session.add_all(SignInAttempt(subject=subject) for subject in subjects)
        session.execute(delete(SignInAttempt).where(SignInAttempt.created_at < utcnow() - TRIES_WINDOW))


def forget_failures(subject: bytes) -> None:
    auth_session.execute(delete(SignInAttempt).where(SignInAttempt.subject == subject))


def set_language(account_id: uuid.UUID, language: str) -> None:
    auth_session.execute(update(Account).where(Account.id == account_id).values(language=language))
