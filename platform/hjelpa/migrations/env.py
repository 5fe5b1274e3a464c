"""Runs migrations as the migrator, who becomes the owner of everything made."""

from alembic import context
from sqlalchemy import create_engine, pool

from hjelpa.core.database import Base

url = context.config.attributes["url"]

with create_engine(url, poolclass=pool.NullPool).connect() as connection:
    connection.exec_driver_sql("set role hjelpa_owner")
    connection.commit()
    context.configure(connection=connection, target_metadata=Base.metadata, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
