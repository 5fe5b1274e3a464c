"""`hjelpa demo`: everything on one machine, started in order, watched, and stopped in order."""

import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from hjelpa.core.datadir import ROOT, EmbeddedError, default_data_dir, refuse_private_data_dir
from hjelpa.core.stopping import STOP_SIGNALS, StopSignal
from hjelpa.demo.children import Child, start_child
from hjelpa.serving import gunicorn_command
from hjelpa.web.assets import AssetError, build_assets

GIGABYTE = 1024**3
START_SECONDS = 60.0
# RQ waits for the job at hand, gunicorn for the requests at hand; after that nobody is asked any more.
END_SECONDS = 15.0
SETTINGS = "settings.json"


class DemoError(Exception):
    """The demo cannot start or go on; the message is one sentence that says what to do."""


def run_demo(environ: Mapping[str, str]) -> int:
    """Runs the demo until Ctrl-C, SIGTERM or the end of one of its processes; returns the exit code."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.default_int_handler)
    demo = Demo(environ)
    try:
        with ExitStack() as stack:
            demo.run(stack)
    except (DemoError, EmbeddedError, AssetError) as error:
        demo.say(str(error))
        return 1
    except KeyboardInterrupt:
        demo.say("Stopped")
    return 0


class Demo:
    """One run of the demo on one data folder."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.started = time.monotonic()
        self.parent = os.getppid()
        self.data_dir = default_data_dir(ROOT, environ)
        self.children: list[Child] = []
        self.sign_ins: list[tuple[str, str]] = []

    def say(self, sentence: str) -> None:
        print(f"[{time.monotonic() - self.started:5.1f} s] {sentence}", file=sys.stderr, flush=True)

    def run(self, stack: ExitStack) -> None:
        port = read_port(self.environ)
        refuse_used_port(port)
        refuse_private_data_dir(self.data_dir)
        self.make_data_dir()
        stack.enter_context(only_one(self.data_dir))
        build_assets(ROOT, self.say)
        stack.callback(self.end_children)
        environ = self.start_servers(port)
        stack.enter_context(tell_settings(self.data_dir, environ))
        self.prepare(environ)
        self.say("Starting web, worker and scheduler")
        self.start("web", gunicorn_command(f"127.0.0.1:{port}", application="hjelpa.demo.wsgi:app"), environ)
        self.wait_until_ready(port)
        # Last, so that they do not take the processor from the pages that somebody waits for.
        for name in ("scheduler", "worker"):
            self.start(name, [sys.executable, "-m", "hjelpa.cli", name], environ)
        self.announce(port)
        self.watch()

    def make_data_dir(self) -> None:
        try:
            (self.data_dir / "logs").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DemoError(
                f"The data folder {self.data_dir} cannot be made ({error.strerror}): set HJELPA_DATA_DIR to another."
            ) from error
        if shutil.disk_usage(self.data_dir).free < GIGABYTE:
            raise DemoError(
                f"Less than one gigabyte is free for {self.data_dir}: free some, or set HJELPA_DATA_DIR elsewhere."
            )

    def start(self, name: str, command: list[str], environ: Mapping[str, str], **how: bool) -> Child:
        child = start_child(name, command, self.data_dir / "logs" / f"{name}.log", environ, **how)
        self.children.append(child)
        return child

    def start_servers(self, port: int) -> dict[str, str]:
        """Starts PostgreSQL and Valkey; returns the environment for everything that uses them."""
        self.say("Starting PostgreSQL and Valkey")
        command = [sys.executable, "-m", "hjelpa.demo.servers", str(self.data_dir)]
        servers = self.start("servers", command, self.environ, talk=True, held=True)
        line = servers.output.readline()
        told = json.loads(line) if line else {"error": f"PostgreSQL and Valkey did not start: see {servers.log}."}
        if "error" in told:
            raise DemoError(told["error"])
        return dict(self.environ) | {
            "HJELPA_MODE": "demo",
            "HJELPA_DATABASE_URL": told["database_url"],
            "HJELPA_REDIS_URL": told["redis_url"],
            "HJELPA_SECRET_KEY": keep_secret(self.data_dir / "secret.key"),
            "HJELPA_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "HJELPA_DATA_DIR": str(self.data_dir),
            "PROMETHEUS_MULTIPROC_DIR": str(empty_dir(self.data_dir / "metrics")),
        }

    def prepare(self, environ: Mapping[str, str]) -> None:
        child = self.start("prepare", [sys.executable, "-m", "hjelpa.demo.prepare"], environ, talk=True)
        last = "The demo's database could not be prepared."
        for line in child.output:
            told = json.loads(line)
            self.sign_ins = told.get("sign_ins", [])
            last = told.get("error", last)
            if "say" in told:
                self.say(told["say"])
        if child.process.wait() != 0:
            raise DemoError(f"{last} (See {child.log}.)")
        self.children.remove(child)

    def wait_until_ready(self, port: int) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not answers(f"http://127.0.0.1:{port}/healthz"):
            self.refuse_ended()
            if time.monotonic() > deadline:
                raise DemoError(
                    f"The pages did not answer within {START_SECONDS:.0f} seconds: see {self.data_dir}/logs."
                )
            time.sleep(0.1)

    def announce(self, port: int) -> None:
        self.say("Running; Ctrl-C stops everything")
        lines = [
            f"Ready: http://127.0.0.1:{port}",
            "Demo sign-ins (one click each; all people and data are made up):",
        ]
        width = max((len(label) for label, _ in self.sign_ins), default=0)
        print("\n".join([*lines, *(f"  {label:<{width}}  {email}" for label, email in self.sign_ins)]), flush=True)

    def watch(self) -> None:
        """Waits for a stop signal; raises DemoError when one of the processes ends by itself."""
        stop = StopSignal()
        stop.listen()
        while not stop.wait(0.5) and not self.is_orphan():
            self.refuse_ended()
        self.say("Stopping")

    def is_orphan(self) -> bool:
        """Whether the make that started us is gone: killed outright, it could not tell us to stop."""
        return "MAKELEVEL" in self.environ and os.getppid() != self.parent

    def refuse_ended(self) -> None:
        for child in self.children:
            if child.has_ended:
                raise DemoError(
                    f"The {child.name} process ended unexpectedly (exit code {child.process.returncode}), so everything "
                    f"stops: see {child.log}."
                )

    def end_children(self) -> None:
        """Ends the servers last, so that nobody loses them underneath; a second Ctrl-C changes nothing."""
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        for child in self.children:
            if not child.is_held:
                child.ask_to_end()
        while self.children:
            self.children.pop().end(END_SECONDS)


def read_port(environ: Mapping[str, str]) -> int:
    text = environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise DemoError(f"PORT is {text!r}: it must be a number from 1 to 65535.")
    return int(text)


def refuse_used_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise DemoError(f"Port {port} may not be used by you: choose another with PORT=8080.") from None
        except OSError:
            raise DemoError(
                f"Port {port} is in use: stop what uses it, or choose another with PORT={port + 1}."
            ) from None


@contextmanager
def only_one(data_dir: Path) -> Iterator[IO[str]]:
    """Two demos on one data folder would take each other's database down."""
    with (data_dir / "demo.lock").open("w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise DemoError(
                f"A demo is already running on {data_dir}: stop it, or set HJELPA_DATA_DIR to another folder."
            ) from None
        yield file


@contextmanager
def tell_settings(data_dir: Path, environ: Mapping[str, str]) -> Iterator[None]:
    """Leaves the running demo's settings, readable by its owner only, for commands that are run beside it."""
    path = data_dir / SETTINGS
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump({name: value for name, value in environ.items() if name.startswith("HJELPA_")}, file)
    yield
    path.unlink(missing_ok=True)


def find_running(data_dir: Path) -> dict[str, str] | None:
    """The settings of the demo that runs on this data folder; None when none does."""
    try:
        with (data_dir / "demo.lock").open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        with suppress(OSError, ValueError):
            return dict(json.loads((data_dir / SETTINGS).read_text(encoding="utf-8")))
    except OSError:
        pass
    return None


def keep_secret(path: Path) -> str:
    """The demo's signing key: made once, readable by its owner only."""
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii")


def empty_dir(path: Path) -> Path:
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310  # our own loopback address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
