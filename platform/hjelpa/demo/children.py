"""The demo's processes: each started in a session of its own, watched, and ended with everything it started."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class Child:
    """One running process. A session of its own keeps the terminal's Ctrl-C away: we end them in order."""

    name: str
    log: Path
    process: subprocess.Popen[str]
    asked: bool = False

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None

    @property
    def output(self) -> IO[str]:
        assert self.process.stdout is not None
        return self.process.stdout

    @property
    def is_held(self) -> bool:
        """Whether it ends when we let go of its standard input, and not before."""
        return self.process.stdin is not None

    def ask_to_end(self) -> None:
        """Asks once: a worker takes a second request for an order to drop its job."""
        if self.asked:
            return
        self.asked = True
        if self.process.stdin is None:
            self._signal(signal.SIGTERM, group=False)
            return
        with suppress(OSError):
            self.process.stdin.close()

    def end(self, patience: float) -> None:
        """Asks it to end, waits, and then ends it and all that it started, whatever state they are in."""
        self.ask_to_end()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)
        self._signal(signal.SIGKILL, group=True)
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()

    def _signal(self, number: int, *, group: bool) -> None:
        with suppress(ProcessLookupError, PermissionError):
            if group:
                os.killpg(self.process.pid, number)
            elif not self.has_ended:
                self.process.send_signal(number)


def start_child(
    name: str,
    command: Sequence[str],
    log: Path,
    environ: Mapping[str, str],
    *,
    talk: bool = False,
    held: bool = False,
) -> Child:
    """Starts a process that logs to a file. `talk`: its stdout is ours to read; `held`: it ends when we close stdin."""
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(  # noqa: S603  # our own commands, no shell
            command,
            env=dict(environ),
            stdin=subprocess.PIPE if held else subprocess.DEVNULL,
            stdout=subprocess.PIPE if talk else file,
            stderr=file,
            text=True,
            start_new_session=True,
            preexec_fn=None if held else _die_with_parent,  # one thread here, so it is safe
        )
    return Child(name, log, process)


def _die_with_parent() -> None:
    """On Linux a child hears of our death even when we were killed outright and could not tell it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
