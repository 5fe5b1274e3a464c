"""A real worker or dispatcher with the tests' countable jobs: `python -m tests.hjelpa.probe_process worker`."""

import os
import sys
from datetime import timedelta
from unittest.mock import patch

from hjelpa import jobs
from hjelpa.core.config import read_settings
from hjelpa.core.logs import configure_logging
from hjelpa.core.stopping import StopSignal
from hjelpa.dispatch import Dispatcher
from hjelpa.factory import create_app
from hjelpa.queueing import connect
from hjelpa.worker import run_worker
from tests.hjelpa.probes import only_probes, probe_features


def main(kind: str) -> None:
    configure_logging()
    settings = read_settings(os.environ)
    if kind == "worker":
        app = create_app(settings, probe_features())
        with patch.object(jobs, "worker_app", lambda: app):
            run_worker(connect(settings.redis_url))
        return
    stop = StopSignal()
    stop.listen()
    Dispatcher(settings, only_probes(), interval=0.1, patience=timedelta(seconds=1)).run(stop)


if __name__ == "__main__":
    main(sys.argv[1])
