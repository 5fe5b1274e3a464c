"""Many rows of one municipality at once: as fast as it goes under row level security, where COPY is not allowed."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import JSON, Column, Table, Text, cast, column, func, insert, literal, select, text

from hjelpa.core.database import Base, db
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.types import PrivateText

CHUNK = 5_000


def insert_rows(model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Inserts many rows of the municipality at hand in a few statements; all rows have the same columns.

    One JSON text per statement instead of one parameter per value: several times faster than any row-wise way, and
    unlike COPY allowed under row level security. Bytes are given as PostgreSQL writes them (`\\x…`).
    """
    table = model.__table__
    assert isinstance(table, Table)
    for start in range(0, len(rows), CHUNK):
        names = list(rows[start])
        columns = [table.c[name] for name in names]
        document = json.dumps(_stored(columns, rows[start : start + CHUNK]), default=str)
        new = (
            func.json_to_recordset(cast(literal(document, Text), JSON))
            .table_valued(*(column(each.name, each.type) for each in columns))
            .render_derived(with_types=True)
        )
        source = select(literal(get_tenant_id(), table.c.tenant_id.type), *(new.c[name] for name in names))
        db.session.execute(insert(table).from_select(["tenant_id", *names], source))


def _stored(columns: Sequence[Column[Any]], rows: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """The rows as they are stored: private texts pass through their own type, as in every other statement."""
    dialect = db.session.get_bind().dialect
    private = [
        (each.name, each.type.bind_processor(dialect)) for each in columns if isinstance(each.type, PrivateText)
    ]
    processed = [(name, process) for name, process in private if process is not None]
    if not processed:
        return rows
    return [{**row, **{name: process(row[name]) for name, process in processed}} for row in rows]


def settle() -> None:
    """Lets the database's triggers look now at what has been written so far, instead of at all of it in the end.

    Otherwise a commit after a hundred thousand rows would have to do within one statement's time.
    """
    db.session.execute(text("set constraints all immediate"))
    db.session.execute(text("set constraints all deferred"))
