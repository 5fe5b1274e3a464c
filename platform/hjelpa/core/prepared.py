"""Statements that run on most pages, turned into SQL once and handed straight to the driver.

SQLAlchemy finds a statement's SQL in its cache by walking through the whole statement each time, and builds a result
around what the driver gives; for the few statements behind every page that costs several times what the driver needs.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app
from psycopg.rows import namedtuple_row
from sqlalchemy import Connection, Select
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from hjelpa.core.database import db
from hjelpa.core.isolation import get_tenant_id, own_rows

_DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped


class Prepared:
    """A select with named parameters (`bindparam`), without lists among them; rows are named tuples."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        compiled = statement.compile(dialect=_DIALECT)
        self._sql = str(compiled)
        self._fixed = {
            name: bind.value
            for bind, name in compiled.bind_names.items()
            if not bind.required and not bind.callable
        }

    def on(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Any]:
        cursor = connection.connection.cursor(row_factory=namedtuple_row)
        cursor.execute(self._sql, {**self._fixed, **values})
        return cursor.fetchall()


class PreparedInTenant:
    """The same over a municipality's tables: runs in its session, and carries its predicate like any other."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self._restricted = Prepared(statement.options(own_rows))
        self._bare = Prepared(statement)

    def run(self, **values: Any) -> Sequence[Any]:
        connection = db.session.connection()
        if current_app.config["ORM_ISOLATION"]:
            return self._restricted.on(connection, {**values, "hjelpa_tenant": get_tenant_id()})
        return self._bare.on(connection, values)
