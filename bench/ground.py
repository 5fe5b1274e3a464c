"""What every bench stands on: servers of its own, a demo or a single municipality, and CPU counted per request."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

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
    """CPU per request in microseconds, of this process and of PostgreSQL's; and Python's as so many times a yardstick.

    The yardstick is taken again before every round, so that what else the machine does falls on both.
    """

    python: float
    postgres: float
    ratio: float


def measure(
    running: EmbeddedServers,
    act: Callable[[], object],
    yardstick: Callable[[], object],
    *,
    times: int,
    rounds: int = 30,
) -> Cost:
    """The median of many short rounds, after a warm-up. `times` is how often one round repeats the act."""
    for _ in range(5 * times):
        act()
    begun = postgres_cpu(running)
    pairs = [(_python(yardstick, 40), _python(act, times)) for _ in range(rounds)]
    postgres = (postgres_cpu(running) - begun) / (rounds * times)
    return Cost(
        python=median(spent for _, spent in pairs) * 1e6,
        postgres=postgres * 1e6,
        ratio=median(spent / unit for unit, spent in pairs),
    )


def _python(act: Callable[[], object], times: int) -> float:
    begun = time.process_time()
    for _ in range(times):
        act()
    return (time.process_time() - begun) / times


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
        if process == server:
            # Backends that have ended, which would otherwise take their share of the sum with them.
            total += times.children_user + times.children_system
    return total
