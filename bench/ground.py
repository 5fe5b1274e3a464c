"""What every bench stands on: servers of its own, a demo or a single municipality, and CPU counted per request."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from hjelpa.core import migrate
from hjelpa.core.config import Settings
from hjelpa.embedded import EmbeddedServers, start_servers


@contextmanager
def servers() -> Iterator[EmbeddedServers]:
    with tempfile.TemporaryDirectory(prefix="hjelpa-bench-") as folder:
        Path(folder).chmod(0o755)
        running = start_servers(Path(folder))
        try:
            yield running
        finally:
            running.stop()


def migrated(running: EmbeddedServers, database: str) -> Settings:
    running.make_database(database)
    settings = Settings(
        database_url=running.database_url(database),
        redis_url=running.redis_url,
        secret_key="a secret of the bench, long enough for anyone",
        mode="demo",
    )
    migrate.upgrade(settings)
    return settings


@dataclass(frozen=True)
class Cost:
    """CPU per request in microseconds, of this process and of PostgreSQL's; and the time on the clock."""

    python: float
    postgres: float
    wall: float


def measure(running: EmbeddedServers, act: Callable[[], object], *, times: int = 300, rounds: int = 3) -> Cost:
    """The cheapest of several rounds, after a warm-up; the cheapest is the least disturbed by others."""
    for _ in range(min(30, times)):
        act()
    return min((_round(running, act, times) for _ in range(rounds)), key=lambda cost: cost.python)


def _round(running: EmbeddedServers, act: Callable[[], object], times: int) -> Cost:
    before, cpu, clock = postgres_cpu(running), time.process_time(), time.perf_counter()
    for _ in range(times):
        act()
    python, wall = time.process_time() - cpu, time.perf_counter() - clock
    scale = 1_000_000 / times
    return Cost(python * scale, (postgres_cpu(running) - before) * scale, wall * scale)


def postgres_cpu(running: EmbeddedServers) -> float:
    """Seconds of CPU that the server and all its backends have used."""
    total = 0.0
    server = psutil.Process(running.postgres.get_pid())
    for process in (server, *server.children(recursive=True)):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total
