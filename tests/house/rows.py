"""A row in every table of a municipality, made from the models alone: new tables are covered by existing."""

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Table
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from hjelpa.core.database import Base
from hjelpa.core.isolation import TenantOwned
from hjelpa.core.types import new_id
from hjelpa.registry import find_features
from tests.people import Town

assert find_features().manifests  # every feature's models are known from here on

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def tenant_models() -> dict[str, type[TenantOwned]]:
    """Every table of a municipality, parents before children."""
    by_table = {m.local_table.name: m.class_ for m in Base.registry.mappers if issubclass(m.class_, TenantOwned)}
    return {table.name: by_table[table.name] for table in Base.metadata.sorted_tables if table.name in by_table}


def shared_models() -> dict[str, Any]:
    return {
        mapper.local_table.name: mapper.class_
        for mapper in Base.registry.mappers
        if not issubclass(mapper.class_, TenantOwned)
    }


def fill_every_table(
    superuser: psycopg.Connection[Any], town: Town, token: str, *, id: uuid.UUID | None = None
) -> dict[str, uuid.UUID]:
    """One row in each table of the town, its texts holding the token; returns the ids by table.

    Each row has an id of its own, or all of them `id`: one address then leads to every kind of thing at once.
    """
    ids: dict[str, uuid.UUID] = {"memberships": town.helper.membership_id or new_id()}
    # Together: a course alone, with nobody responsible yet, is refused when it is committed.
    with superuser.transaction():
        for name, model in tenant_models().items():
            if name == "memberships":
                continue
            row = make_row(model.__table__, town.tenant_id, ids, token) | ({"id": id} if id else {})
            ids[name] = row["id"]
            columns = sql.SQL(", ").join(map(sql.Identifier, row))
            places = sql.SQL(", ").join(sql.Placeholder() * len(row))
            statement = sql.SQL("insert into {} ({}) values ({})").format(sql.Identifier(name), columns, places)
            superuser.execute(statement, [Jsonb(v) if isinstance(v, dict) else v for v in row.values()])
    return ids


def make_row(table: Table, tenant_id: uuid.UUID, ids: dict[str, uuid.UUID], token: str) -> dict[str, Any]:
    """Values for one row that the table's own rules accept."""
    targets = {
        key.parent.name: key.column.table.name
        for constraint in table.constraints
        if isinstance(constraint, ForeignKeyConstraint) and len(constraint.elements) > 1
        for key in constraint.elements
        if key.parent.name != "tenant_id"
    }
    choices = dict(_choices(table))
    row: dict[str, Any] = {"tenant_id": tenant_id, "id": new_id()}
    for column in table.columns:
        if column.name in row or column.computed is not None:
            continue
        if column.name in targets:
            row[column.name] = ids[targets[column.name]]
        elif not column.nullable and any(key.column.table.name == "municipalities" for key in column.foreign_keys):
            row[column.name] = tenant_id
        elif column.name in choices and not column.nullable:
            row[column.name] = choices[column.name]
        elif column.name not in choices and (not column.nullable or _is_text(column)):
            row[column.name] = _value(column, token)
    return row


def _choices(table: Table) -> Iterator[tuple[str, str]]:
    for constraint in table.constraints:
        if isinstance(constraint, CheckConstraint):
            found = re.match(r"(\w+) in \('(\w+)'", str(constraint.sqltext))
            if found:
                yield found[1], found[2]


def _is_text(column: Column[Any]) -> bool:
    return _kind(column) is str


def _kind(column: Column[Any]) -> type:
    return getattr(column.type, "impl", column.type).python_type


def _value(column: Column[Any], token: str) -> Any:
    if isinstance(column.type, JSONB):
        return {}
    if isinstance(column.type, ARRAY):
        return [1 if column.type.item_type.python_type is int else token]
    kind = _kind(column)
    if kind is datetime:
        return NOW + timedelta(days=1) if column.name.startswith(("expires", "ends")) else NOW
    if kind is date:
        return NOW.date()
    if kind is str and column.name == "slug":
        return token[:41]
    if kind is str:
        return f"{token}-{column.name}"
    if kind is bytes:
        return uuid.uuid4().bytes
    return {int: 1, float: 1.0, bool: True, uuid.UUID: new_id()}[kind]
