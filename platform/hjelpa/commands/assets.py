"""`hjelpa assets`: what the pages serve besides themselves."""

import click

from hjelpa.commands._common import plain_errors, say
from hjelpa.core.datadir import ROOT
from hjelpa.web.assets import build_assets


@click.group("assets")
def command() -> None:
    """Style sheets, scripts, icons and translations."""


@command.command("build")
def build() -> None:
    """Fetch and copy what the pages serve; does nothing when it is there."""
    with plain_errors():
        build_assets(ROOT, say)
