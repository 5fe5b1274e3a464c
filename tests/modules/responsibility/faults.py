"""Work that is struck in the middle: an error, a connection that is killed, a statement that takes too long.

A strike falls before the statement with its number, or before the commit when there are fewer.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple

import psycopg
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from hjelpa.core.database import commit_all, db, rollback_all
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.leaving import NoHeir
from tests.people import Town

Kind = Literal["error", "killed", "too_slow"]

_plan = threading.local()


class Struck(RuntimeError):
    """An error that nothing expects."""


class Strike(NamedTuple):
    kind: Kind
    statement: int


class Striker:
    """Strikes what runs in this thread, as planned."""

    def __init__(self, app: Flask, superuser: Callable[[], psycopg.Connection[Any]]) -> None:
        self.app = app
        self.superuser = superuser
        with app.app_context():
            self.engine = db.engine
        event.listen(self.engine, "before_cursor_execute", self._before)

    def close(self) -> None:
        event.remove(self.engine, "before_cursor_execute", self._before)

    @contextmanager
    def planned(self, strike: Strike | None) -> Iterator[None]:
        _plan.strike, _plan.left = strike, strike.statement if strike else 0
        try:
            yield
        finally:
            _plan.strike = None

    def _before(self, connection: Any, cursor: Any, *rest: Any) -> None:
        if getattr(_plan, "strike", None) is None:
            return
        _plan.left -= 1
        if _plan.left == 0:
            self.strike(cursor)

    def strike(self, cursor: Any) -> None:
        kind, _plan.strike = _plan.strike.kind, None
        if kind == "error":
            raise Struck
        if kind == "killed":
            with self.superuser() as killer:
                killer.execute("select pg_terminate_backend(%s, 5000)", (cursor.connection.info.backend_pid,))
        else:
            cursor.execute("set local statement_timeout = 5")
            cursor.execute("select pg_sleep(60)")

    def before_commit(self) -> None:
        if getattr(_plan, "strike", None) is not None and db.session().in_transaction():
            self.strike(db.session.connection().connection.driver_connection.cursor())


def attempt(
    striker: Striker, town: Town, work: Callable[[], Any], strike: Strike | None = None
) -> BaseException | None:
    """One request or job: everything or nothing; returns what stopped it, if anything."""
    with striker.app.app_context(), tenant_scope(town.tenant_id), striker.planned(strike):
        try:
            work()
            striker.before_commit()
            commit_all()
        except (Struck, NoHeir, DBAPIError, psycopg.Error) as error:
            rollback_all()
            return error
    return None
