"""A stop that a signal asks for, and that a waiting loop notices at once."""

import os
import select
import signal
from types import FrameType

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class StopSignal:
    """Set by SIGTERM, SIGINT or SIGHUP, or by `set`. A pipe, because a handler may not take a lock."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)
        self._stopped = False

    def listen(self) -> None:
        """Handles the stop signals of this process; main thread only."""
        for number in STOP_SIGNALS:
            signal.signal(number, self._handle)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self.set()

    def set(self) -> None:
        if not self._stopped:
            self._stopped = True
            os.write(self._writer, b"x")

    def is_set(self) -> bool:
        return self._stopped

    def wait(self, seconds: float) -> bool:
        """Waits at most so long; returns whether the stop has been asked for."""
        select.select([self._reader], [], [], max(seconds, 0))
        return self._stopped
