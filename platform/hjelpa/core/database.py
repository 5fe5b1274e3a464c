"""The database as the platform sees it: one declarative base, one session per role, one commit per unit of work.

`db.session` is the municipality's session (role app, isolated). `auth_session` (accounts, memberships, sign-in) and
`network_session` (contributions, releases) connect as other roles, which have no rights on a municipality's rows.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import psycopg
from flask import Flask
from flask.globals import app_ctx
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData, Row, Select, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session, scoped_session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry, Pool

from hjelpa.core.config import Settings
from hjelpa.core.isolation import TenantSession, current_scope, tenant_scope

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

read_only: ContextVar[bool] = ContextVar("hjelpa_read_only", default=False)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


class Shared:
    """Mixin of every table that is shared by nature and therefore has no tenant_id.

    `__grants__` says what each database role may do; a test holds it against the catalogue.
    """

    __grants__: dict[str, frozenset[str]] = {}


READ = frozenset({"SELECT"})
ADD = frozenset({"SELECT", "INSERT"})
WRITE = frozenset({"SELECT", "INSERT", "UPDATE"})
ALL = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})


class RoleSession(Session):
    """A session of a role that works outside any municipality."""


db = SQLAlchemy(model_class=Base, session_options={"class_": TenantSession}, disable_autonaming=True)


class _RoleSessionmaker(sessionmaker[RoleSession]):
    """Binds at call time: the engines belong to the app at hand, and there may be several in one process."""

    def __init__(self, role: str) -> None:
        super().__init__(class_=RoleSession)
        self._role = role

    def __call__(self, **local: Any) -> RoleSession:
        engine = db.engines[self._role]
        if read_only.get():
            # Told to the driver, which begins its transactions so; a statement of its own would cost a round trip.
            engine = engine.execution_options(postgresql_readonly=True)
        return super().__call__(bind=engine, **local)


def _context_id() -> int:
    """One session per role and application context, as Flask-SQLAlchemy does for the municipality's own."""
    return id(app_ctx._get_current_object())  # type: ignore[attr-defined]  # a werkzeug LocalProxy


def _role_session(role: str) -> scoped_session[RoleSession]:
    return scoped_session(_RoleSessionmaker(role), scopefunc=_context_id)


auth_session = _role_session("auth")
network_session = _role_session("network")
# Job states of every municipality, ids only, for the operator's page.
dispatch_session = _role_session("dispatch")

_SHARED_SESSIONS = (auth_session, network_session, dispatch_session)


# A connection that was in use a moment ago is alive; asking each time would cost every page two round trips.
IDLE_SECONDS = 5.0


@event.listens_for(Pool, "checkin")
def _note_time(dbapi_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["left_at"] = time.monotonic()


@event.listens_for(Pool, "checkout")
def _ask_whether_alive(dbapi_connection: Any, record: ConnectionPoolEntry, proxy: Any) -> None:
    """Asks a connection that has been idle whether it still lives; the pool then opens a new one instead."""
    if time.monotonic() - record.info.get("left_at", time.monotonic()) > IDLE_SECONDS:
        try:
            dbapi_connection.execute("select 1")
            dbapi_connection.rollback()
        except psycopg.OperationalError as error:
            raise DisconnectionError from error


def init_database(app: Flask, settings: Settings) -> None:
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.url_for_role("app")
    app.config["SQLALCHEMY_BINDS"] = {
        role: settings.url_for_role(role) for role in ("auth", "network", "dispatch")
    }
    # Who is asking is read before anything else and by itself: one statement, no transaction around it.
    app.config["SQLALCHEMY_BINDS"]["door"] = {
        "url": settings.url_for_role("auth"),
        "isolation_level": "AUTOCOMMIT",
    }
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "pool_size": 5,
        "max_overflow": 10,
        "pool_timeout": 10,
        # An error may be logged; what people wrote may not.
        "hide_parameters": True,
    }
    app.config["ORM_ISOLATION"] = settings.orm_isolation
    db.init_app(app)
    app.teardown_appcontext(_remove_role_sessions)


def _remove_role_sessions(error: BaseException | None) -> None:
    for session in _SHARED_SESSIONS:
        session.remove()


def commit_all() -> None:
    """Ends the unit of work: the municipality's own rows first, then what is shared."""
    for session in (db.session, *_SHARED_SESSIONS):
        if session.registry.has() and session().in_transaction():
            session.commit()


def rollback_all() -> None:
    for session in (db.session, *_SHARED_SESSIONS):
        if session.registry.has():
            session.rollback()


@contextmanager
def side_transaction(*, apart: bool = False) -> Iterator[Session]:
    """A short transaction of its own in the entered municipality, for the few rows that a GET may write.

    It commits when the block ends, whatever happens to the request afterwards. Work that may write anyway
    (a POST, a job) uses its own session, so that these rows share its fate; `apart` keeps them out of it.
    """
    scope = current_scope()
    if scope is None or not (scope.read_only or apart):
        yield db.session()
        return
    with tenant_scope(scope.tenant_id), TenantSession(db) as session, session.begin():
        yield session


class Stream(Iterator[Row[*tuple[Any, ...]]]):
    """A statement's rows as they come, so many at a time, for what leaves while it is read.

    Asked in the municipality that has been entered and in a session of its own: the request's ends before its body has
    left. It gives its connection back when it has been read to the end or something fails; whoever opens one closes it
    for the times it is not read so far.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]], *, batch: int) -> None:
        self._session = TenantSession(db)
        try:
            self._rows = iter(self._session.execute(statement, execution_options={"yield_per": batch}))
        except BaseException:
            self.close()
            raise

    def __next__(self) -> Row[*tuple[Any, ...]]:
        try:
            return next(self._rows)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._session.close()


@contextmanager
def auth_side_transaction() -> Iterator[Session]:
    """The same for the role auth: last use of a sign-in session."""
    token = read_only.set(False)
    try:
        with RoleSession(bind=db.engines["auth"]) as session, session.begin():
            yield session
    finally:
        read_only.reset(token)
