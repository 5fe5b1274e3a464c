"""Bringing the schema up to date, and knowing whether it is."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, pool

from hjelpa.core.config import Settings

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def alembic_config(settings: Settings) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = settings.url_for_role("migrator")
    return config


def upgrade(settings: Settings, target: str = "head") -> None:
    """Runs every migration up to the target; each in a transaction of its own."""
    command.upgrade(alembic_config(settings), target)


def downgrade(settings: Settings, target: str) -> None:
    command.downgrade(alembic_config(settings), target)


def newest_revision(settings: Settings) -> str | None:
    return ScriptDirectory.from_config(alembic_config(settings)).get_current_head()


def current_revision(settings: Settings) -> str | None:
    """The revision the database is at; None for an empty one."""
    engine = create_engine(settings.url_for_role("migrator"), poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("set role hjelpa_owner")
        return MigrationContext.configure(connection).get_current_revision()


def analyze(settings: Settings) -> None:
    """Brings the planner's statistics and the visibility map up to date; worth it after many rows came at once."""
    engine = create_engine(
        settings.url_for_role("migrator"), poolclass=pool.NullPool, isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.exec_driver_sql("set role hjelpa_owner")
        connection.exec_driver_sql("vacuum analyze")
