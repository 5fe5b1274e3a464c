"""The schema's history: numbered, one head, equal to the models, and it goes up, down and up again."""

import re
import warnings

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, pool

from hjelpa.core import migrate
from hjelpa.core.config import Settings
from hjelpa.core.database import Base
from hjelpa.embedded import EmbeddedServers
from hjelpa.registry import find_features
from tests.conftest import settings_for

BEFORE_WIDER_FORMS = "0014"

assert find_features().manifests  # so that every feature's tables are in the metadata


def test_migrations_are_numbered_with_one_head(settings: Settings) -> None:
    scripts = ScriptDirectory.from_config(migrate.alembic_config(settings))
    assert len(scripts.get_heads()) == 1
    numbers = sorted(script.revision for script in scripts.walk_revisions())
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]
    for script in scripts.walk_revisions():
        assert re.fullmatch(rf"{script.revision}_[a-z_]+\.py", script.path.rsplit("/", 1)[1])


def test_models_equal_the_schema(settings: Settings) -> None:
    engine = create_engine(settings.url_for_role("migrator"), poolclass=pool.NullPool)
    with engine.connect() as connection, warnings.catch_warnings():
        connection.exec_driver_sql("set role hjelpa_owner")
        # Server defaults of the catalogue are spelt differently; those that differ in meaning are reported all the same.
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_up_down_up(servers: EmbeddedServers) -> None:
    servers.make_database("hjelpa_updown")
    settings = settings_for(servers, "hjelpa_updown")
    migrate.upgrade(settings)
    assert migrate.current_revision(settings) == migrate.newest_revision(settings)
    with servers.superuser("hjelpa_updown") as server:
        whole = _tables(server)
        migrate.downgrade(settings, "base")
        assert _tables(server) == {"alembic_version"}
        migrate.upgrade(settings)
        assert _tables(server) == whole


def test_answers_go_along_to_wider_forms_and_back(servers: EmbeddedServers) -> None:
    """Rows of municipalities are changed by migrations although no role sees all of them."""
    servers.make_database("hjelpa_answers")
    settings = settings_for(servers, "hjelpa_answers")
    migrate.upgrade(settings, BEFORE_WIDER_FORMS)
    with servers.superuser("hjelpa_answers") as server:
        server.execute("set session_replication_role = replica")
        for state, value in (("answered", "70"), ("skipped", "null")):
            server.execute(
                "insert into answers (tenant_id, id, course_id, conversation_id, scale, scale_version, state,"
                " item1, item2, item3, item4) select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),"
                f" gen_random_uuid(), 'outcome', 1, '{state}', {value}, {value}, {value}, null"
            )
        migrate.upgrade(settings)
        wider = server.execute("select state, form, items from answers order by state").fetchall()
        assert wider == [
            ("answered", "hjelpa.outcome", [70, 70, 70, None]),
            ("skipped", "hjelpa.outcome", []),
        ]
        migrate.downgrade(settings, BEFORE_WIDER_FORMS)
        back = server.execute("select state, rater, item1, item4 from answers order by state").fetchall()
        assert back == [("answered", "self", 70, None), ("skipped", "self", None, None)]


def _tables(server) -> set[str]:
    return {row[0] for row in server.execute("select tablename from pg_tables where schemaname = 'public'")}
