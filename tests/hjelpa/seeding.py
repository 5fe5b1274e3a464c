"""A seeded database of the test's own, and a way to ask it anything."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from flask import Flask

from hjelpa.core.config import Settings
from hjelpa.core.schemas import LOCAL
from hjelpa.demo.seed import seed
from hjelpa.demo.towns import DemoTown
from hjelpa.embedded import EmbeddedServers
from tests.conftest import application

TODAY = date(2026, 11, 20)
MIDNIGHT = datetime(2026, 11, 20, tzinfo=LOCAL).astimezone(UTC)
TABLES = ("citizens", "courses", "responsibilities", "conversations", "contacts", "answers", "memberships")

Query = Callable[..., Sequence[Any]]


@contextmanager
def seeded(
    servers: EmbeddedServers, settings: Settings, towns: Sequence[DemoTown], today: date = TODAY
) -> Iterator[tuple[Flask, Query]]:
    """An application on a seeded database, and a way to ask it anything."""
    for app in application(settings):
        seed(app, lambda line: None, today=today, towns=towns)
        database = settings.database_url.partition("@/")[2].partition("?")[0]
        with servers.superuser(database) as server:
            yield app, lambda statement, *values: server.execute(statement, values).fetchall()


def everything(ask: Query) -> dict[str, list[Any]]:
    # When a seat was made is the machine's own clock; all else is the demo's.
    hidden = {"memberships": "- 'created_at'"}
    return {
        table: sorted(str(row) for row in ask(f"select to_jsonb(t) {hidden.get(table, '')} from {table} t"))
        for table in TABLES
    }
