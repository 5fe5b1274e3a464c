"""`hjelpa tenants`: the municipalities."""

import click
from sqlalchemy import create_engine, pool, select

from hjelpa.commands._common import load_settings, plain_errors
from tenants.municipalities.models import Municipality


@click.group("tenants")
def command() -> None:
    """The municipalities."""


@command.command("list")
def list_tenants() -> None:
    """List the municipalities: address, status, name."""
    rows = select(Municipality.slug, Municipality.status, Municipality.name).order_by(Municipality.slug)
    with plain_errors():
        engine = create_engine(load_settings().url_for_role("auth"), poolclass=pool.NullPool, hide_parameters=True)
        with engine.connect() as connection:
            for slug, status, name in connection.execute(rows):
                click.echo(f"{slug:<20} {status:<10} {name}")
