"""`hjelpa scheduler`."""

import click

from hjelpa.commands._common import load_settings, plain_errors
from hjelpa.core.stopping import StopSignal
from hjelpa.dispatch import Dispatcher
from hjelpa.registry import find_features


@click.command("scheduler")
@click.option("--interval", default=0.5, show_default=True, help="Seconds between two turns.")
def command(interval: float) -> None:
    """Send work to the workers and keep the schedules; of several, one leads and the others stand by."""
    stop = StopSignal()
    stop.listen()
    with plain_errors():
        dispatcher = Dispatcher(load_settings(), find_features(), interval=interval)
    dispatcher.run(stop)
