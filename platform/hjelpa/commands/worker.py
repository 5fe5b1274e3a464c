"""`hjelpa worker`."""

import click

from hjelpa.commands._common import load_settings, plain_errors
from hjelpa.queueing import connect
from hjelpa.worker import run_worker


@click.command("worker")
@click.option("--burst", is_flag=True, help="Stop when the queue is empty.")
def command(burst: bool) -> None:
    """Run jobs until SIGTERM; the job at hand is finished first."""
    with plain_errors():
        run_worker(connect(load_settings().redis_url), burst=burst)
