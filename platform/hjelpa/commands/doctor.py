"""`hjelpa doctor`."""

import os

import click

from hjelpa.commands._common import say
from hjelpa.doctor import examine


@click.command("doctor")
@click.pass_context
def command(context: click.Context) -> None:
    """Say what is wrong with settings, database, roles, isolation, migrations, Redis and assets."""
    checks = examine(os.environ)
    for check in checks:
        say(f"{'ok   ' if check.ok else 'WRONG'}  {check.name}: {check.sentence}")
    context.exit(0 if all(check.ok for check in checks) else 1)
