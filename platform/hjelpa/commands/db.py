"""`hjelpa db`: the database's roles and schema."""

import os
from typing import Any

import click
import psycopg

from hjelpa.commands._common import BadInput, Failure, load_settings, plain_errors, say
from hjelpa.core.config import ROLES
from hjelpa.core.ddl import bootstrap
from hjelpa.core.migrate import upgrade


@click.group("db")
def command() -> None:
    """The database: its roles and its schema."""


@command.command("bootstrap")
@click.option("--database", default="hjelpa", show_default=True, help="The name of the database.")
def make_roles(database: str) -> None:
    """Make the roles and an empty database, as the superuser named in HJELPA_SUPERUSER_URL; safe to repeat.

    Passwords are taken from HJELPA_APP_PASSWORD, HJELPA_AUTH_PASSWORD and so on.
    """
    url = os.environ.get("HJELPA_SUPERUSER_URL")
    if not url:
        raise BadInput(
            "Set HJELPA_SUPERUSER_URL to a superuser's address, such as postgresql://postgres@host/postgres."
        )
    passwords = {role: os.environ.get(f"HJELPA_{role.upper()}_PASSWORD", "") for role in ROLES}

    def connect(name: str | None = None) -> psycopg.Connection[Any]:
        return psycopg.connect(url, autocommit=True, dbname=name)

    try:
        bootstrap(connect, database, passwords)
    except psycopg.Error as error:
        raise Failure(f"The database refused: {str(error).strip().splitlines()[0]}") from error
    say(f"Roles and database {database} are in place.")


@command.command("upgrade")
def upgrade_schema() -> None:
    """Bring the schema up to date."""
    with plain_errors():
        upgrade(load_settings())
    say("The database is up to date.")
