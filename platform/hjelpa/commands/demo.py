"""`hjelpa demo`."""

import os

import click

from hjelpa.demo.server import run_demo


@click.command("demo")
@click.pass_context
def command(context: click.Context) -> None:
    """Run everything on this machine with invented data (PORT and HJELPA_DATA_DIR are honoured)."""
    context.exit(run_demo(os.environ))
