"""`hjelpa doctor`."""

import os
from collections.abc import Mapping

import click

from hjelpa.commands._common import say
from hjelpa.core.datadir import ROOT, default_data_dir
from hjelpa.demo.server import find_running
from hjelpa.doctor import examine


@click.command("doctor")
@click.pass_context
def command(context: click.Context) -> None:
    """Say what is wrong with settings, database, roles, isolation, migrations, Redis and assets.

    Without HJELPA_DATABASE_URL the demo is examined, if one is running.
    """
    checks = examine(_choose(os.environ))
    for check in checks:
        say(f"{'ok   ' if check.ok else 'WRONG'}  {check.name}: {check.sentence}")
    context.exit(0 if all(check.ok for check in checks) else 1)


def _choose(environ: Mapping[str, str]) -> Mapping[str, str]:
    """The settings to examine: those of the environment or, where it names no database, the running demo's."""
    if environ.get("HJELPA_DATABASE_URL"):
        return environ
    data_dir = default_data_dir(ROOT, environ)
    running = find_running(data_dir)
    if running is not None:
        say(f"HJELPA_DATABASE_URL is not set, so this is about the demo that runs on {data_dir}.")
        return {**environ, **running}
    if data_dir.exists():
        say(f"To examine the demo on {data_dir}, start it with `make demo` and run this beside it.")
    return environ
