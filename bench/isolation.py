"""What isolation costs: the same list page and the same aggregate with both locks on and with both off.

One municipality with 5,000 contacts among 40,000 of others for the aggregate; for the page, a database with one
municipality only, since without locks the page would otherwise show everybody's rows. The two are taken in turn.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import event, func, insert, select

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
    page = _page(running)
    aggregate = _aggregate(running)
    return [
        "| work | throughput with isolation / without (paired, median) |",
        "|---|---|",
        f"| list page of 50 (whole request) | {page:.2f} |",
        f"| aggregate over 5,000 of 45,000 rows | {aggregate:.2f} |",
    ]


def paired(on: Callable[[], object], off: Callable[[], object], *, rounds: int = 15, times: int = 40) -> float:
    """Median over rounds of (time without / time with), the two taken alternately."""
    ratios = []
    for _ in range(rounds):
        spent = {}
        for name, act in (("on", on), ("off", off)):
            begun = time.perf_counter()
            for _ in range(times):
                act()
            spent[name] = time.perf_counter() - begun
        ratios.append(spent["off"] / spent["on"])
    return sorted(ratios)[len(ratios) // 2]


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
                "membership_id": town.helper.membership_id,
            }
            for number in range(count)
        ]
        db.session.execute(insert(Contact.__table__), rows)  # type: ignore[arg-type]
        db.session.commit()


def unlocked(running: EmbeddedServers, settings: Settings) -> Settings:
    """The same database as a login that passes by every policy, with the ORM's predicate off."""
    with running.superuser() as server:
        if not server.execute("select 1 from pg_roles where rolname = 'hjelpa_app_unlocked'").fetchone():
            server.execute("create role hjelpa_app_unlocked login bypassrls in role hjelpa_app")
        database = settings.database_url.partition("@/")[2].partition("?")[0]
        server.execute(f"grant connect on database {database} to hjelpa_app_unlocked")
    return replace(settings, app_user="hjelpa_app_unlocked", orm_isolation=False)


def _page(running: EmbeddedServers) -> float:
    settings = migrated(running, "bench_page")
    app = create_app(settings)
    town = make_town(app)
    fill(app, town, 5000)
    client = town.client("helper")
    plain_app = create_app(unlocked(running, settings))
    plain_client = plain_app.test_client()
    plain_client._cookies = client._cookies  # type: ignore[attr-defined]

    def without() -> object:
        event.remove(TenantSession, "after_begin", isolation._set_tenant)
        try:
            return plain_client.get(town.path("/contacts"))
        finally:
            event.listen(TenantSession, "after_begin", isolation._set_tenant)

    assert (
        client.get(town.path("/contacts")).status_code
        == plain_client.get(town.path("/contacts")).status_code
        == 200
    )
    return paired(lambda: client.get(town.path("/contacts")), without)


def _aggregate(running: EmbeddedServers) -> float:
    settings = migrated(running, "bench_aggregate")
    app = create_app(settings)
    towns = [make_town(app) for _ in range(9)]
    for town in towns:
        fill(app, town, 5000)
    with running.superuser("bench_aggregate") as server:
        server.execute("analyze")
    mine = towns[0].tenant_id
    waiting = select(func.count(), func.min(Contact.received_at)).where(Contact.first_conversation_at.is_(None))
    plain = select(func.count(), func.min(Contact.received_at)).where(
        Contact.first_conversation_at.is_(None), Contact.tenant_id == mine
    )
    plain_app = create_app(unlocked(running, settings))

    def with_locks() -> object:
        with app.app_context(), tenant_scope(mine):
            return db.session.execute(waiting).one()

    def without() -> object:
        event.remove(TenantSession, "after_begin", isolation._set_tenant)
        try:
            with plain_app.app_context(), tenant_scope(mine):
                return db.session.execute(plain).one()
        finally:
            event.listen(TenantSession, "after_begin", isolation._set_tenant)

    assert with_locks() == without()
    return paired(with_locks, without)
