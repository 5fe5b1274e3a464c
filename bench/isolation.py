"""What isolation costs: the same pages with row level security and the tenant's setting, and without either.

Nine municipalities with 5,000 contacts each. Both sides ask for one municipality's rows by name, as any application
would; the side without signs in as a role that passes by every policy and sends no setting. The two are taken in turn.
"""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, insert
from werkzeug.test import TestResponse

from bench.ground import migrated
from hjelpa.core import isolation
from hjelpa.core.config import Settings
from hjelpa.core.database import db
from hjelpa.core.isolation import TenantSession, tenant_scope
from hjelpa.core.types import new_id
from hjelpa.embedded import EmbeddedServers
from hjelpa.factory import create_app
from modules.contacts.models import Contact
from tests.people import Town, make_town

START = datetime(2026, 1, 5, 8, tzinfo=UTC)


def report(running: EmbeddedServers) -> list[str]:
    settings = migrated(running, "bench_isolation")
    app = create_app(settings)
    towns = [make_town(app) for _ in range(9)]
    for town in towns:
        fill(app, town, 5000)
    with running.superuser("bench_isolation") as server:
        server.execute("vacuum analyze")
    town = towns[0]
    locked = town.client("everything")
    bare = create_app(bypassing(running, settings)).test_client()
    bare._cookies = locked._cookies
    rows = ["| page | throughput with isolation / without (paired, median) |", "|---|---|"]
    for name, path in (("list of 50", "/contacts"), ("aggregates (leader's page)", "/steering")):
        rows.append(f"| {name} | {_ratio(locked, bare, town.path(path)):.2f} |")
    return rows


def _ratio(locked: FlaskClient, bare: FlaskClient, path: str) -> float:
    def get(client: FlaskClient) -> Callable[[], object]:
        return lambda: client.get(path)

    def settings_off() -> None:
        event.remove(TenantSession, "after_begin", isolation._set_tenant)

    def settings_on() -> None:
        event.listen(TenantSession, "after_begin", isolation._set_tenant)

    whole = locked.get(path)
    settings_off()
    assert whole.status_code == 200 and _content(bare.get(path)) == _content(whole)
    settings_on()
    return paired(get(locked), get(bare), before_bare=settings_off, after_bare=settings_on)


def _content(page: TestResponse) -> bytes:
    """The page without its form tokens, which carry the second they were made in."""
    return re.sub(rb'name="csrf_token" value="[^"]*"', b"", page.data)


def paired(
    on: Callable[[], object],
    off: Callable[[], object],
    *,
    before_bare: Callable[[], None],
    after_bare: Callable[[], None],
    rounds: int = 25,
    times: int = 15,
) -> float:
    """Median over rounds of (time without / time with), the two taken alternately."""
    ratios = []
    for _ in range(rounds):
        locked = _spent(on, times)
        before_bare()
        ratios.append(_spent(off, times) / locked)
        after_bare()
    return sorted(ratios)[len(ratios) // 2]


def _spent(act: Callable[[], object], times: int) -> float:
    begun = time.perf_counter()
    for _ in range(times):
        act()
    return time.perf_counter() - begun


def fill(app: Flask, town: Town, count: int) -> None:
    with app.app_context(), tenant_scope(town.tenant_id):
        rows = [
            {
                "tenant_id": town.tenant_id,
                "id": new_id(),
                "received_at": START + timedelta(minutes=number),
                "channel": "call",
                "made_by": "self",
                "consent": True,
                "name": f"Eksempel {number}",
                "words": "Vil snakke med noen",
                "next_step": "Ringe tilbake",
                "next_step_at": START + timedelta(days=1, minutes=number),
                "unit_id": town.unit_id,
                "membership_id": town.helper.membership_id,
                "answered_at": START + timedelta(minutes=number),
            }
            for number in range(count)
        ]
        db.session.execute(insert(Contact.__table__), rows)
        db.session.commit()


def bypassing(running: EmbeddedServers, settings: Settings) -> Settings:
    """The same database as a login that passes by every policy."""
    with running.superuser() as server:
        if not server.execute("select 1 from pg_roles where rolname = 'hjelpa_app_unlocked'").fetchone():
            server.execute("create role hjelpa_app_unlocked login bypassrls in role hjelpa_app")
        database = settings.database_url.partition("@/")[2].partition("?")[0]
        server.execute(f"grant connect on database {database} to hjelpa_app_unlocked")
    return replace(settings, app_user="hjelpa_app_unlocked")
