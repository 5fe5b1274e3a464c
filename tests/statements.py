"""Which SQL statements a piece of work sends, whatever the role and whatever sends them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import psycopg


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """Every statement that psycopg is given while the block runs; not the pool's question whether it still lives."""
    seen: list[str] = []
    execute = psycopg.Cursor.execute

    def note(cursor: Any, query: Any, *rest: Any, **options: Any) -> Any:
        if query != "select 1":
            seen.append(str(query))
        return execute(cursor, query, *rest, **options)

    with patch.object(psycopg.Cursor, "execute", note):
        yield seen
