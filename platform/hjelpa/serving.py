"""How the pages are served: gunicorn with threads, logging in our own form and no line per request of its own."""

import os
import sys
from pathlib import Path

from gunicorn.glogging import Logger

from hjelpa.core.datadir import ROOT
from hjelpa.core.logs import configure_logging


class QuietLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's sentences quote addresses and queries; through our formatter they come without."""

    def setup(self, cfg: object) -> None:
        super().setup(cfg)
        configure_logging()
        for logger in (self.error_log, self.access_log):
            logger.handlers.clear()
        self.error_log.propagate = True
        self.access_log.disabled = True


def gunicorn_command(bind: str, *, application: str = "wsgi:app", workers: int = 2, threads: int = 8) -> list[str]:
    """The command line that serves an application at an address such as 127.0.0.1:8000."""
    memory = Path("/dev/shm")  # noqa: S108  # only a heartbeat file, made by gunicorn with a name of its own
    heartbeat = ["--worker-tmp-dir", str(memory)] if os.access(memory, os.W_OK) else []
    return [
        sys.executable,
        "-m",
        "gunicorn",
        application,
        *("--chdir", str(ROOT)),
        *("--bind", bind),
        *("--worker-class", "gthread"),
        *("--workers", str(workers)),
        *("--threads", str(threads)),
        *("--graceful-timeout", "10"),
        *("--logger-class", "hjelpa.serving.QuietLogger"),
        "--no-control-socket",
        "--preload",
        *heartbeat,
    ]
