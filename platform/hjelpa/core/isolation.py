"""Isolation of municipalities: which tenant a piece of work belongs to, and the ORM's half of the two locks.

The other half is row level security in PostgreSQL (see `ddl.py`). Each holds alone; the tests prove it.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import flask_sqlalchemy.session
import psycopg
from flask import current_app
from psycopg.pq import ExecStatus
from sqlalchemy import Connection, Executable, ForeignKey, ForeignKeyConstraint, Uuid, bindparam, event, or_
from sqlalchemy.orm import (
    Mapped,
    ORMExecuteState,
    Session,
    SessionTransaction,
    mapped_column,
    with_loader_criteria,
)

from hjelpa.core.types import new_id


class NoTenant(RuntimeError):
    """A municipality's tables were touched by work that belongs to no municipality."""


class ForeignTenant(RuntimeError):
    """Work for one municipality tried to use a session or a row of another."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The municipality a request or a job belongs to, and whether it may only read."""

    tenant_id: uuid.UUID
    read_only: bool = False


_scope: ContextVar[Scope | None] = ContextVar("hjelpa_scope", default=None)


def current_scope() -> Scope | None:
    return _scope.get()


def get_tenant_id() -> uuid.UUID:
    """The tenant of the work at hand; raises NoTenant outside any."""
    scope = _scope.get()
    if scope is None:
        raise NoTenant("no municipality has been entered")
    return scope.tenant_id


def enter(scope: Scope) -> Token[Scope | None]:
    """Enters a municipality; give the token to `leave`. Requests use this pair, everything else `tenant_scope`."""
    return _scope.set(scope)


def leave(token: Token[Scope | None]) -> None:
    _scope.reset(token)


@contextmanager
def tenant_scope(tenant_id: uuid.UUID, *, read_only: bool = False) -> Iterator[None]:
    token = enter(Scope(tenant_id, read_only))
    try:
        yield
    finally:
        leave(token)


class TenantOwned:
    """Mixin of every table that belongs to one municipality.

    The primary key is (tenant_id, id), and every foreign key to such a table carries tenant_id on both sides
    (`tenant_key`), so that no reference, uniqueness or cascade can reach across.
    """

    # Filled from the scope by the init listener below; explicit only where rows are made outside one.
    tenant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipalities.id"), primary_key=True, sort_order=-2)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, sort_order=-1)

    # What each database role may do; held against the catalogue by a test.
    __grants__: dict[str, frozenset[str]] = {"app": frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})}


class BetweenTenants:
    """Mixin of a table of things that one municipality sends another; it belongs to the two of them and to nobody else.

    Such a table has no tenant_id. Row policies (`ddl.protect_exchange`) and the criteria below are its two locks.
    """

    sender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipalities.id"))
    receiver_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("municipalities.id"))


def tenant_key(*columns: str, to: str, ondelete: str | None = None) -> ForeignKeyConstraint:
    """A foreign key to another tenant-owned table: always (tenant_id, …) on both sides."""
    targets = [f"{to}.tenant_id", f"{to}.id"]
    return ForeignKeyConstraint(["tenant_id", *columns], targets, ondelete=ondelete)


@event.listens_for(TenantOwned, "init", propagate=True)
def _own(target: Any, args: Any, kwargs: dict[str, Any]) -> None:
    kwargs.setdefault("id", new_id())
    scope = _scope.get()
    if scope is not None:
        kwargs.setdefault("tenant_id", scope.tenant_id)


class TenantSession(flask_sqlalchemy.session.Session):
    """A database session that belongs to one municipality for its whole life."""


@event.listens_for(TenantSession, "after_begin")
def _set_tenant(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    # A savepoint inherits the setting; setting it inside one would be undone with it.
    if transaction.nested:
        return
    scope = _scope.get()
    if scope is None:
        raise NoTenant("this session belongs to a municipality, and none has been entered")
    # A second tenant in one session would be served the first one's objects from memory.
    if session.info.setdefault("tenant_id", scope.tenant_id) != scope.tenant_id:
        raise ForeignTenant("a session cannot change municipality")
    _begin(connection.connection.driver_connection, scope)


def _begin(connection: Any, scope: Scope) -> None:
    """Begins the transaction and names the municipality in one round trip, which stands before every page's first.

    psycopg would send its own BEGIN before a statement; it sees that a transaction has begun and does not.
    """
    mode = "read only" if scope.read_only else "read write"
    # A uuid.UUID and one of two words: nothing in it that anyone has written.
    told = connection.pgconn.exec_(
        f"begin {mode}; select set_config('app.tenant_id', '{uuid.UUID(str(scope.tenant_id))}', true)".encode()
    )
    if told.status != ExecStatus.TUPLES_OK:
        raise psycopg.OperationalError("a transaction could not be begun")


# The tenant is asked for when the statement runs, so that one restricted statement serves every municipality.
_tenant = bindparam("hjelpa_tenant", callable_=get_tenant_id, type_=Uuid())
own_rows = with_loader_criteria(TenantOwned, lambda table: table.tenant_id == _tenant, include_aliases=True)
exchanged_rows = with_loader_criteria(
    BetweenTenants,
    lambda table: or_(table.sender_id == _tenant, table.receiver_id == _tenant),
    include_aliases=True,
)

# Restricting a statement costs as much as running it; statements that are built once are restricted once.
_restricted: WeakKeyDictionary[Executable, Executable] = WeakKeyDictionary()


@event.listens_for(TenantSession, "do_orm_execute")
def _restrict(state: ORMExecuteState) -> None:
    if not (state.is_select or state.is_update or state.is_delete) or not current_app.config["ORM_ISOLATION"]:
        return
    get_tenant_id()  # outside any municipality this raises before any SQL is sent
    statement = state.statement
    found = _restricted.get(statement)
    if found is None:
        found = _restricted[statement] = statement.options(own_rows, exchanged_rows)
    state.statement = found


@event.listens_for(TenantSession, "before_flush")
def _guard_flush(session: Session, context: Any, instances: Any) -> None:
    tenant_id = get_tenant_id()
    for thing in (*session.new, *session.dirty, *session.deleted):
        if isinstance(thing, TenantOwned) and thing.tenant_id != tenant_id:
            raise ForeignTenant(f"a {type(thing).__name__} of another municipality was about to be written")
        if isinstance(thing, BetweenTenants) and tenant_id not in (thing.sender_id, thing.receiver_id):
            raise ForeignTenant(f"a {type(thing).__name__} between other municipalities was about to be written")
