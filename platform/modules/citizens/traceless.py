"""Keeping words that nobody stands behind (docs/decisions/0007): random ids, a week, and rows that lose their order.

A table of such words has an id that is a random UUIDv4, a `week`, and no author, no course and no time.
"""

import uuid
from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeVar

from flask_babel import gettext
from marshmallow import fields
from sqlalchemy import delete, inspect
from sqlalchemy.dialects.postgresql import insert

from hjelpa.core.database import db
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.types import new_blind_id, utcnow
from modules.citizens.commands import is_received
from modules.citizens.unnamed import week_of

NEWEST = timedelta(days=7)

Written = TypeVar("Written")


class BlindKey(fields.Field[uuid.UUID]):
    """The id that what is sent will get, so that the same form sent twice is one thing. Only random ids are taken."""

    def __init__(self) -> None:
        super().__init__(load_default=new_blind_id)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> uuid.UUID:
        try:
            key = uuid.UUID(str(value))
        except ValueError:
            return new_blind_id()
        return key if key.version == 4 else new_blind_id()


def keep(model: type[Any], said: Mapping[str, str], key: uuid.UUID | None = None) -> bool:
    """Keeps words with this week under a random id; False when the same form (`key`) had come already."""
    row = {"week": week_of(utcnow()), **said}
    for id in (key or new_blind_id(), new_blind_id()):
        added = insert(model).values(tenant_id=get_tenant_id(), id=id, **row).on_conflict_do_nothing()
        if db.session.execute(added.returning(model.id)).first() is not None:
            return True
        if is_received(model, id, row):
            return False
    raise RuntimeError("a random id is taken")


def write_anew(model: type[Any]) -> None:
    """Writes the newest rows anew in the order of their random ids.

    PostgreSQL keeps with every row which transaction wrote it, and where: by either one could tell which words came
    together with which conversation. After this they were all written at once.
    """
    columns = inspect(model).local_table.columns
    since = week_of(utcnow() - NEWEST)
    taken = db.session.execute(delete(model).where(model.week >= since).returning(*columns)).all()
    rows = sorted((dict(row._mapping) for row in taken), key=lambda row: row["id"])
    if rows:
        db.session.execute(insert(model).values(rows))


def week_name(week: str) -> str:
    """A week as pages call it."""
    year, _, number = week.partition("-W")
    return gettext("Week %(number)s, %(year)s", number=number.lstrip("0"), year=year)


def by_week(rows: Iterable[Written]) -> list[tuple[str, list[Written]]]:
    """Rows that have a `week` and stand in its order, gathered under the name of each."""
    return [(week_name(week), list(own)) for week, own in groupby(rows, key=attrgetter("week"))]
