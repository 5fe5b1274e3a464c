"""What one municipality more costs."""

import time

from bench.ground import migrated
from hjelpa.embedded import EmbeddedServers
from hjelpa.factory import create_app
from tests.people import make_town


def report(running: EmbeddedServers) -> list[str]:
    app = create_app(migrated(running, "bench_tenants"))
    make_town(app)
    begun = time.perf_counter()
    for _ in range(50):
        make_town(app)
    spent = (time.perf_counter() - begun) / 50
    return [f"Adding a municipality with four people: {spent * 1000:.0f} ms (no table or schema is made for it)."]
