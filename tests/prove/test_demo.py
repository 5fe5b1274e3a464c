"""`hjelpa demo` as people start it: ready, stopped without a trace, started again on the same data."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.hjelpa.probes import until

pytestmark = pytest.mark.prove

# Hang guards; how long a start takes is measured elsewhere.
READY_SECONDS = 240.0
SECOND_SECONDS = 30.0

MAKING_DATA = "Made up data for "


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="hjelpa-demo-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def start(data_dir: Path, tmp_path: Path) -> Iterator[Callable[..., tuple[subprocess.Popen[bytes], int]]]:
    """Starts the demo on a free port and waits until it says that it is ready."""
    started: list[subprocess.Popen[bytes]] = []

    def start_demo(within: float = READY_SECONDS) -> tuple[subprocess.Popen[bytes], int]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        environ = os.environ | {"PORT": str(port), "HJELPA_DATA_DIR": str(data_dir)}
        output = tmp_path / "output"
        with output.open("wb") as file:
            command = [sys.executable, "-m", "hjelpa.cli", "demo"]
            process = subprocess.Popen(command, env=environ, stdout=file, stderr=file, start_new_session=True)
        started.append(process)
        until(
            lambda: f"Ready: http://127.0.0.1:{port}\n" in output.read_text() or process.poll() is not None,
            within,
        )
        assert process.poll() is None, output.read_text()
        return process, port

    yield start_demo
    for process in started:
        if process.poll() is None:
            process.kill()
            process.wait()


def family_of(process: subprocess.Popen[bytes], data_dir: Path) -> list[psutil.Process]:
    """Everything that the demo started, PostgreSQL included, which has left its parent."""
    found = psutil.Process(process.pid).children(recursive=True)
    for other in psutil.process_iter(["cmdline"]):
        if str(data_dir) in " ".join(other.info["cmdline"] or ()):
            found.append(other)
    return found


def test_ready_stopped_and_ready_again(
    start: Callable[..., tuple[subprocess.Popen[bytes], int]], data_dir: Path, tmp_path: Path
) -> None:
    demo, port = start()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
        assert answer.status == 200
    first = (tmp_path / "output").read_text()
    assert "Demo sign-ins" in first
    # What the second start must not say has to be what the first one says.
    assert MAKING_DATA in first
    family = family_of(demo, data_dir)
    assert len(family) >= 6
    # As a terminal does it: the whole foreground group hears Ctrl-C.
    os.killpg(demo.pid, signal.SIGINT)
    assert demo.wait(60) == 0
    assert not [member for member in family if is_alive(member)]

    begin = time.monotonic()
    demo, _ = start(SECOND_SECONDS)
    print(f"the second start took {time.monotonic() - begin:.1f} s")
    assert MAKING_DATA not in (tmp_path / "output").read_text()
    demo.send_signal(signal.SIGTERM)
    assert demo.wait(60) == 0


def test_when_one_process_dies_everything_stops_and_says_which(
    start: Callable[..., tuple[subprocess.Popen[bytes], int]], data_dir: Path, tmp_path: Path
) -> None:
    demo, _ = start()
    family = family_of(demo, data_dir)
    (worker,) = [member for member in family if member.cmdline()[-2:] == ["hjelpa.cli", "worker"]]
    worker.kill()
    assert demo.wait(60) == 1
    assert "The worker process ended unexpectedly" in (tmp_path / "output").read_text()
    assert not [member for member in family if is_alive(member)]


def test_nothing_is_left_when_the_demo_itself_is_killed(
    start: Callable[..., tuple[subprocess.Popen[bytes], int]], data_dir: Path
) -> None:
    demo, _ = start()
    family = family_of(demo, data_dir)
    demo.kill()
    demo.wait()
    until(lambda: not [member for member in family if is_alive(member)], 60)


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
