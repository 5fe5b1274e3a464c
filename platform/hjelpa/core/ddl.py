"""Tables as migrations make them: columns, keys, policies and grants in one call, so that none can be forgotten.

Used by migrations only. The database roles themselves are made by `bootstrap` (a superuser's act, once per server).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import op
from psycopg import Connection, sql

SERVICE_ROLES = ("app", "auth", "network", "dispatch", "backup")

# Time-outs per role: a page may not hang, a job may take a while, nobody may sit idle inside a transaction.
ROLE_SETTINGS = {
    "app": {"statement_timeout": "60s", "idle_in_transaction_session_timeout": "300s", "row_security": "on"},
    "auth": {"statement_timeout": "10s", "idle_in_transaction_session_timeout": "30s", "row_security": "on"},
    "network": {"statement_timeout": "300s", "idle_in_transaction_session_timeout": "600s", "row_security": "on"},
    "dispatch": {"statement_timeout": "30s", "idle_in_transaction_session_timeout": "60s", "row_security": "on"},
    "migrator": {"lock_timeout": "10s"},
}

FIXED_COLUMNS = {"tenant_id", "id", "created_at"}

# Large objects belong to no table and no municipality: nobody makes any.
LARGE_OBJECT_MAKERS = (
    "lo_create(oid)",
    "lo_creat(integer)",
    "lo_from_bytea(oid, bytea)",
    "lo_import(text)",
    "lo_import(text, oid)",
)

# Rights on a whole table, or column by column.
Rights = Sequence[str] | Mapping[str, Sequence[str]]


def create_tenant_table(
    name: str,
    *items: sa.Column[object] | sa.Constraint,
    rights: Sequence[str] = ("select", "insert", "update", "delete"),
) -> None:
    """A table owned by municipalities: (tenant_id, id) key, forced row level security, rights for the app role.

    `rights` without update and delete makes it append-only. Update is granted column by column, never on
    the tenant, the id or the time of making.
    """
    op.create_table(
        name,
        sa.Column("tenant_id", sa.Uuid(), sa.ForeignKey("municipalities.id"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *items,
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    op.execute(f"alter table {name} enable row level security")
    op.execute(f"alter table {name} force row level security")
    own = "tenant_id = (select app.current_tenant())"
    op.execute(f"create policy own_tenant on {name} for all to hjelpa_app using ({own}) with check ({own})")
    columns = [item.name for item in items if isinstance(item, sa.Column)]
    grant(name, "app", rights, columns)


def create_shared_table(
    name: str, *items: sa.Column[object] | sa.Constraint, grants: Mapping[str, Rights]
) -> None:
    """A table shared by nature (no tenant_id); `grants` maps a role to its rights, or to columns by right."""
    op.create_table(name, *items)
    columns = [str(item.name) for item in items if isinstance(item, sa.Column)]
    for role, rights in grants.items():
        if isinstance(rights, Mapping):
            grant_columns(name, role, rights)
        else:
            grant(name, role, rights, columns)


def protect_exchange(name: str, *, may_settle: str, may_answer: str, guard: str) -> None:
    """Forced row level security for a shared table of things that one municipality sends another (`BetweenTenants`).

    Both see what lies between them. The sender inserts and changes its own rows as far as the condition `may_settle`
    goes, the receiver those addressed to it that fulfil `may_answer`; nobody deletes. Policies cannot compare a row
    with what it was, so `guard`, a condition over `old`, `new` and `here` (who is at work), is held by a trigger.
    """
    here = "(select app.current_tenant())"
    op.execute(f"alter table {name} enable row level security")
    op.execute(f"alter table {name} force row level security")
    sends, receives = f"sender_id = {here}", f"receiver_id = {here}"
    policies = {
        "both_see": f"for select to hjelpa_app using ({sends} or {receives})",
        "sender_sends": f"for insert to hjelpa_app with check ({sends} and not {receives})",
        "sender_settles": f"for update to hjelpa_app using ({sends} and {may_settle}) with check ({sends})",
        "receiver_answers": f"for update to hjelpa_app using ({receives} and {may_answer}) with check ({receives})",
    }
    for policy, rule in policies.items():
        op.execute(f"create policy {policy} on {name} {rule}")
    op.execute(
        f"create function app.guard_{name}() returns trigger language plpgsql as $$ "
        "declare here uuid := app.current_tenant(); begin "
        f"if {guard} then return new; end if; "
        "raise exception 'a row of % cannot change like this', tg_table_name using errcode = 'check_violation'; end $$"
    )
    op.execute(f"create trigger guard before update on {name} for each row execute function app.guard_{name}()")


def grant(table: str, role: str, rights: Sequence[str], columns: Sequence[str]) -> None:
    """Grants rights; update only on columns that may change."""
    for right in rights:
        if right == "update":
            changeable = ", ".join(column for column in columns if column not in FIXED_COLUMNS)
            op.execute(f"grant update ({changeable}) on {table} to hjelpa_{role}")
        else:
            op.execute(f"grant {right} on {table} to hjelpa_{role}")


@contextmanager
def all_municipalities(*tables: str) -> Iterator[None]:
    """The owner sees every municipality's rows while this lasts; elsewhere not even the owner does.

    Every statement of a migration that changes rows of municipalities belongs inside: outside it finds none.
    """
    for table in tables:
        op.execute(f"alter table {table} no force row level security")
    yield
    for table in tables:
        op.execute(f"alter table {table} force row level security")


def let_role_see_all_tenants(table: str, role: str, columns: Mapping[str, Sequence[str]]) -> None:
    """Opens one tenant-owned table to one role across municipalities, for the named rights and columns only."""
    op.execute(f"create policy {role}_all on {table} for all to hjelpa_{role} using (true) with check (true)")
    grant_columns(table, role, columns)


def grant_columns(table: str, role: str, columns: Mapping[str, Sequence[str]]) -> None:
    """Grants rights on the named columns only; deleting knows no columns."""
    for right, names in columns.items():
        if right == "delete":
            op.execute(f"grant delete on {table} to hjelpa_{role}")
        else:
            op.execute(f"grant {right} ({', '.join(names)}) on {table} to hjelpa_{role}")


def bootstrap(connect: Callable[..., Connection[object]], database: str, passwords: Mapping[str, str]) -> None:
    """Makes the roles and the empty database; safe to repeat.

    `connect` opens a superuser's autocommit connection, to the database it is given or to any.
    """
    with connect() as server:
        _make_roles(server, passwords)
        _make_database(server, database)
    with connect(database) as inside:
        for maker in LARGE_OBJECT_MAKERS:
            inside.execute(f"revoke execute on function pg_catalog.{maker} from public".encode())


def _make_roles(server: Connection[Any], passwords: Mapping[str, str]) -> None:
    known = {row[0] for row in server.execute("select rolname from pg_roles")}
    if "hjelpa_owner" not in known:
        server.execute("create role hjelpa_owner nologin")
    for role in (*SERVICE_ROLES, "migrator"):
        _make_login(server, role, passwords.get(role, ""), exists=f"hjelpa_{role}" in known)
    server.execute("grant hjelpa_owner to hjelpa_migrator")
    server.execute("alter role hjelpa_backup bypassrls")


def _make_database(server: Connection[object], database: str) -> None:
    name = sql.Identifier(database)
    if not server.execute("select 1 from pg_database where datname = %s", (database,)).fetchone():
        server.execute(sql.SQL("create database {} owner hjelpa_owner").format(name))
    server.execute(sql.SQL("revoke all on database {} from public").format(name))
    logins = sql.SQL(", ").join(sql.Identifier(f"hjelpa_{role}") for role in (*SERVICE_ROLES, "migrator"))
    server.execute(sql.SQL("grant connect on database {} to {}").format(name, logins))


def _make_login(server: Connection[object], role: str, password: str, *, exists: bool) -> None:
    login = sql.Identifier(f"hjelpa_{role}")
    verb = sql.SQL("alter" if exists else "create")
    server.execute(sql.SQL("{} role {} login noinherit nosuperuser nocreatedb nocreaterole").format(verb, login))
    if password:
        server.execute(sql.SQL("alter role {} password {}").format(login, sql.Literal(password)))
    for setting, value in ROLE_SETTINGS.get(role, {}).items():
        server.execute(
            sql.SQL("alter role {} set {} = {}").format(login, sql.Identifier(setting), sql.Literal(value))
        )


def prepare_schema() -> None:
    """The first migration's ground: who may use the schema, and the function every policy rests on."""
    op.execute("revoke all on schema public from public")
    roles = ", ".join(f"hjelpa_{role}" for role in SERVICE_ROLES)
    op.execute(f"grant usage on schema public to {roles}")
    op.execute("create schema app")
    op.execute(f"grant usage on schema app to {roles}")
    op.execute(
        "create function app.current_tenant() returns uuid language sql stable parallel safe "
        "as $$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$"
    )
    op.execute("alter default privileges in schema public grant select on tables to hjelpa_backup")
