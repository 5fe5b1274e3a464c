"""Every address of the application, for tests that hold all of them at once."""

import hashlib
import uuid
from typing import Any

import psycopg
from flask import Flask
from werkzeug.routing import Rule

from hjelpa.core.database import Base
from hjelpa.core.permissions import Access, find_access
from tests.people import Town

# What a GET may write (see the design): the access log, last use of a sign-in, read marks.
READING_MAY_WRITE = {
    "access_log": None,
    "sign_in_sessions": "last_seen_at",
    "own_sessions": "last_seen_at",
    "notices": "read_at",
    "api_tokens": "last_used_at",
}


def rules(app: Flask, method: str) -> list[Rule]:
    return [
        rule
        for rule in app.url_map.iter_rules()
        if rule.methods and method in rule.methods and rule.endpoint != "static"
    ]


def access_of(app: Flask, rule: Rule) -> Access:
    found = find_access(app, rule.endpoint)
    assert found is not None
    return found


def is_tenants(rule: Rule) -> bool:
    return "tenant" in rule.arguments


def id_arguments(rule: Rule) -> list[str]:
    return [name for name, converter in rule._converters.items() if type(converter).__name__ == "UUIDConverter"]


def address(app: Flask, rule: Rule, town: Town, thing: uuid.UUID | None = None) -> str:
    """The rule's address in a town, with `thing` for every id and a harmless word for every other part."""
    values: dict[str, Any] = {}
    for name, converter in rule._converters.items():
        kind = type(converter).__name__
        values[name] = {"UUIDConverter": thing or uuid.uuid4(), "IntegerConverter": 1}.get(kind, "x")
    if is_tenants(rule):
        values["tenant"] = town.slug
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values, append_unknown=False)


def fingerprints(superuser: psycopg.Connection[Any]) -> dict[str, str]:
    """A hash of every table's content, leaving out what reading may write."""
    found = {}
    for name in Base.metadata.tables:
        left_out = READING_MAY_WRITE.get(name, "")
        if left_out is None:
            continue
        row = f"to_jsonb(t) - '{left_out}'" if left_out else "to_jsonb(t)"
        texts = superuser.execute(f"select {row}::text as r from {name} t order by r").fetchall()
        found[name] = hashlib.sha256(repr(texts).encode()).hexdigest()
    return found
