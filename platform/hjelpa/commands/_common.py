"""What commands share: where they speak, their settings, and how they end when they cannot do their work."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click
from redis import RedisError
from sqlalchemy.exc import DBAPIError

from hjelpa.core.config import Settings, SettingsError, read_settings
from hjelpa.core.logs import configure_logging
from hjelpa.web.assets import AssetError


class Failure(click.ClickException):
    """The work could not be done; exit code 1."""

    def show(self, file: object = None) -> None:
        click.echo(self.message, err=True)


class BadInput(Failure):
    """What was asked for makes no sense; exit code 2."""

    exit_code = 2


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turns the errors that operators can mend into sentences; anything else stays a traceback, being our fault."""
    try:
        yield
    except SettingsError as error:
        raise BadInput(str(error)) from error
    except AssetError as error:
        raise Failure(str(error)) from error
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0] if error.orig else type(error).__name__
        raise Failure(f"The database refused ({reason}): run `hjelpa doctor`.") from error
    except RedisError as error:
        raise Failure(f"Redis does not answer ({type(error).__name__}): check HJELPA_REDIS_URL.") from error


def say(sentence: str) -> None:
    """Tells the person at the keyboard; stdout is for results only."""
    click.echo(sentence, err=True)


def load_settings() -> Settings:
    """The settings from the environment, with this process's logging set up."""
    configure_logging()
    return read_settings(os.environ)
