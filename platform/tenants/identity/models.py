"""Accounts and sign-in sessions belong to nobody's municipality and are reached only by the role auth.

A membership is a person's seat in one municipality, with the name colleagues see there.
"""

import uuid
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from hjelpa.core.database import ALL, READ, WRITE, Base, Shared
from hjelpa.core.isolation import TenantOwned
from hjelpa.core.types import Moment, Name, new_id


class Account(Shared, Base):
    """A person who can sign in. The e-mail address is kept in lower case.

    `screen_code_hash` is of the code that opens this person's screen again after it was handed to a citizen.
    """

    __tablename__ = "accounts"
    __grants__ = {"auth": WRITE}
    __table_args__ = (UniqueConstraint("email"), CheckConstraint("email = lower(email)", name="lower_email"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(Name)
    name: Mapped[str] = mapped_column(Name)
    password_hash: Mapped[str | None]
    screen_code_hash: Mapped[str | None]
    language: Mapped[str] = mapped_column(Name, server_default="nb")
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))


class SignInSession(Shared, Base):
    """One sign-in on one device. Only a hash of the cookie's token is kept.

    From `locked_at` until the person's code is written, the screen is with a citizen: `way_back` is the page that the
    code leads back to, `code_tries` how many codes have been tried since.
    """

    __tablename__ = "sign_in_sessions"
    __grants__ = {"auth": WRITE}
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint("way_back is null or locked_at is not null", name="way_back_while_locked"),
        Index("ix_sign_in_sessions_account", "account_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    device: Mapped[str] = mapped_column(Name, server_default="")
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
    last_seen_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
    expires_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    locked_at: Mapped[datetime | None] = mapped_column(Moment)
    way_back: Mapped[str | None] = mapped_column(Name)
    code_tries: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))


class SignInAttempt(Shared, Base):
    """One failed sign-in, for the limit that survives a restart. The subject is a keyed hash, never an address."""

    __tablename__ = "sign_in_attempts"
    __grants__ = {"auth": ALL}
    __table_args__ = (Index("ix_sign_in_attempts_subject", "subject", "created_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    subject: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=func.now())


class Membership(TenantOwned, Base):
    """A person's seat in one municipality: the name shown there, and the roles held."""

    __tablename__ = "memberships"
    # Ending a seat is the role app's, so that it happens in one transaction with passing on what its holder had.
    __grants__ = {"app": READ | {"UPDATE"}, "auth": WRITE}
    __table_args__ = (
        UniqueConstraint("tenant_id", "account_id"),
        Index("ix_memberships_account", "account_id"),
    )

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    name: Mapped[str] = mapped_column(Name)
    roles: Mapped[list[str]] = mapped_column(ARRAY(Name))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))


class Organisation(Shared, Base):
    """Somebody outside the municipalities: the network itself, a national body, the operator."""

    __tablename__ = "organisations"
    __grants__ = {"auth": WRITE}
    __table_args__ = (
        UniqueConstraint("name"),
        CheckConstraint("shell in ('network', 'national', 'operator')", name="shell"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(Name)
    shell: Mapped[str] = mapped_column(Name)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))


class OrganisationMember(Shared, Base):
    """A person's post in an organisation."""

    __tablename__ = "organisation_members"
    __grants__ = {"auth": WRITE}
    __table_args__ = (UniqueConstraint("organisation_id", "account_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"))
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    roles: Mapped[list[str]] = mapped_column(ARRAY(Name))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=text("now()"))
