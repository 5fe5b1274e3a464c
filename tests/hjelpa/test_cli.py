"""The command `hjelpa`: messages on stderr, results on stdout, exit 0, 1 or 2, and no traceback for what can be mended."""

import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from hjelpa.cli import main
from hjelpa.core.config import Settings
from hjelpa.core.ddl import LARGE_OBJECT_MAKERS
from hjelpa.demo import server
from hjelpa.demo.children import start_child
from hjelpa.embedded import EmbeddedServers
from tests.hjelpa.probes import until
from tests.hjelpa.test_doctor import environ_of
from tests.people import make_town

COMMANDS = {"assets", "db", "demo", "doctor", "scheduler", "tenants", "web", "worker"}


@pytest.fixture
def bare_environ(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HJELPA_DATABASE_URL", "HJELPA_REDIS_URL", "HJELPA_SECRET_KEY", "HJELPA_MODE", "PORT"):
        monkeypatch.delenv(name, raising=False)


def run(*arguments: str, environ: Mapping[str, str] | None = None):
    return CliRunner().invoke(main, list(arguments), env=dict(environ or {}), catch_exceptions=False)


def test_every_command_is_found_and_explained() -> None:
    told = run("--help")
    assert told.exit_code == 0
    assert set(main.list_commands(None)) >= COMMANDS
    for name in main.list_commands(None):
        assert run(name, "--help").exit_code == 0


def test_an_unknown_command_is_bad_input() -> None:
    assert run("nonsense").exit_code == 2


@pytest.mark.parametrize("command", [["worker"], ["scheduler"], ["web"], ["db", "upgrade"], ["tenants", "list"]])
def test_missing_settings_are_one_sentence(bare_environ: None, command: list[str]) -> None:
    told = run(*command)
    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr.startswith("These settings are missing from the environment: HJELPA_DATABASE_URL")
    assert told.stderr.count("\n") == 1


def test_doctor_ends_with_1_when_something_is_wrong(bare_environ: None, tmp_path: Path) -> None:
    told = run("doctor", environ={"HJELPA_DATA_DIR": str(tmp_path)})
    assert told.exit_code == 1
    assert "WRONG  settings" in told.stderr
    assert "start it with `make demo`" in told.stderr


def test_doctor_examines_the_demo_that_runs(bare_environ: None, settings: Settings, tmp_path: Path) -> None:
    data_dir = {"HJELPA_DATA_DIR": str(tmp_path)}
    running = environ_of(settings) | data_dir
    with server.only_one(tmp_path), server.tell_settings(tmp_path, {**running, "PATH": "not told"}):
        told = run("doctor", environ=data_dir)
        assert (tmp_path / server.SETTINGS).stat().st_mode & 0o777 == 0o600
        assert server.find_running(tmp_path) == running
    assert f"the demo that runs on {tmp_path}" in told.stderr
    for name in ("settings", "database as app, auth, network, dispatch, migrator", "isolation"):
        assert f"ok     {name}:" in told.stderr
    assert list(tmp_path.iterdir()) == [tmp_path / "demo.lock"]


def test_a_demo_that_was_killed_is_not_taken_for_running(tmp_path: Path) -> None:
    (tmp_path / server.SETTINGS).write_text("{}")
    assert server.find_running(tmp_path) is None
    (tmp_path / "demo.lock").touch()
    assert server.find_running(tmp_path) is None


def test_tenants_are_listed_on_stdout(app: Flask, settings: Settings) -> None:
    town = make_town(app)
    told = run("tenants", "list", environ=environ_of(settings))
    assert told.exit_code == 0
    assert any(line.split()[:2] == [town.slug, "active"] for line in told.stdout.splitlines())


def test_upgrade_says_that_it_is_done(settings: Settings) -> None:
    told = run("db", "upgrade", environ=environ_of(settings))
    assert (told.exit_code, told.stdout) == (0, "")
    assert "up to date" in told.stderr


def test_a_database_that_refuses_is_one_sentence(settings: Settings) -> None:
    url = settings.database_url.replace("@/t_", "@/gone_")
    told = run("tenants", "list", environ=environ_of(settings) | {"HJELPA_DATABASE_URL": url})
    assert told.exit_code == 1
    assert "hjelpa doctor" in told.stderr
    assert "Traceback" not in told.stderr


def test_bootstrap_needs_a_superuser(bare_environ: None, servers: EmbeddedServers) -> None:
    assert run("db", "bootstrap").exit_code == 2
    url = f"postgresql://postgres@/postgres?host={servers.socket_dir}"
    told = run("db", "bootstrap", "--database", "made_by_cli", environ={"HJELPA_SUPERUSER_URL": url})
    assert told.exit_code == 0
    with servers.superuser("made_by_cli") as connection:
        for maker in LARGE_OBJECT_MAKERS:
            may = connection.execute(
                "select has_function_privilege('hjelpa_app', %s, 'execute')", (maker,)
            ).fetchone()
            assert may == (False,), maker


def test_the_demo_refuses_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        told = run("demo", environ={"PORT": port, "HJELPA_DATA_DIR": str(tmp_path)})
    assert told.exit_code == 1
    assert f"Port {port} is in use" in told.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("port", ["x", "0", "65536", "-1"])
def test_the_demo_refuses_a_port_that_is_none(port: str) -> None:
    with pytest.raises(server.DemoError, match="must be a number"):
        server.read_port({"PORT": port})


def test_two_demos_do_not_share_their_data(tmp_path: Path) -> None:
    with (
        server.only_one(tmp_path),
        pytest.raises(server.DemoError, match="already running"),
        server.only_one(tmp_path),
    ):
        pass


def test_a_full_disk_is_said_before_anything_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "GIGABYTE", 2**70)
    demo = server.Demo({"HJELPA_DATA_DIR": str(tmp_path)})
    with pytest.raises(server.DemoError, match="Less than one gigabyte"):
        demo.make_data_dir()


def test_the_signing_key_is_kept_and_private(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    first = server.keep_secret(path)
    assert server.keep_secret(path) == first
    assert len(first) >= 32
    assert path.stat().st_mode & 0o777 == 0o600


def test_ending_a_child_ends_what_it_started(tmp_path: Path) -> None:
    code = "import subprocess, sys; p = subprocess.Popen(['sleep', '600']); print(p.pid, flush=True); p.wait()"
    child = start_child("probe", [sys.executable, "-c", code], tmp_path / "log", {}, talk=True)
    grandchild = int(child.output.readline())
    child.end(0.1)
    assert child.has_ended
    until(lambda: not Path(f"/proc/{grandchild}").exists() or "Z" in Path(f"/proc/{grandchild}/stat").read_text())


def test_a_child_that_is_held_ends_when_let_go(tmp_path: Path) -> None:
    code = "import sys; sys.stdin.read(); sys.exit(7)"
    child = start_child("probe", [sys.executable, "-c", code], tmp_path / "log", {}, held=True)
    child.end(10)
    assert child.process.returncode == 7


def test_children_die_with_their_parent(tmp_path: Path) -> None:
    code = (
        "import os, sys, pathlib; from hjelpa.demo.children import start_child;"
        f"c = start_child('p', ['sleep', '600'], pathlib.Path({str(tmp_path / 'log')!r}), os.environ);"
        "print(c.process.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    pid = int(told.stdout)
    until(lambda: not Path(f"/proc/{pid}").exists() or ") Z" in Path(f"/proc/{pid}/stat").read_text())
