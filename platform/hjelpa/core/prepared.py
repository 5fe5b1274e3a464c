"""Statements that run on most pages, turned into SQL once.

SQLAlchemy finds a statement's SQL in its cache by walking through the whole statement each time; for the few
statements behind every page that costs several times what the driver needs. Rows come back as for any statement.
"""

from collections.abc import Mapping
from typing import Any

from flask import current_app
from sqlalchemy import Connection, CursorResult, Select
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from hjelpa.core.database import db
from hjelpa.core.isolation import get_tenant_id, own_rows

_DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]


class Prepared:
    """A select with named parameters (`bindparam`), without lists among them."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        compiled = statement.compile(dialect=_DIALECT)
        self._sql = str(compiled)
        self._fixed = {
            name: bind.value
            for bind, name in compiled.bind_names.items()
            if not bind.required and not bind.callable
        }

    def on(self, connection: Connection, values: Mapping[str, Any]) -> CursorResult[Any]:
        return connection.exec_driver_sql(self._sql, {**self._fixed, **values})


class PreparedInTenant:
    """The same over a municipality's tables: runs in its session, and carries its predicate like any other."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self._restricted = Prepared(statement.options(own_rows))
        self._bare = Prepared(statement)

    def run(self, **values: Any) -> CursorResult[Any]:
        connection = db.session.connection()
        if current_app.config["ORM_ISOLATION"]:
            return self._restricted.on(connection, {**values, "hjelpa_tenant": get_tenant_id()})
        return self._bare.on(connection, values)
