"""`hjelpa web`."""

import os
import tempfile

import click

from hjelpa.commands._common import load_settings, plain_errors
from hjelpa.serving import gunicorn_command


@click.command("web")
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="Address and port to listen on.")
@click.option("--workers", default=2, show_default=True, help="Processes.")
@click.option("--threads", default=8, show_default=True, help="Threads in each.")
def command(bind: str, workers: int, threads: int) -> None:
    """Serve the pages."""
    with plain_errors():
        load_settings()
    # Several processes answer; without a folder in common each would show its own figures only.
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="hjelpa-metrics-"))
    line = gunicorn_command(bind, workers=workers, threads=threads)
    os.execv(line[0], line)  # noqa: S606  # this process becomes the server, so that signals reach it
