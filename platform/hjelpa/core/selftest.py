"""Isolation as the database itself describes it: questions to the catalogues, each answer a sentence on what is wrong.

Shared by `hjelpa doctor` and the tests, so that what is promised and what is checked are the same.
"""

from sqlalchemy import Connection, text

SERVICE_LOGINS = ("hjelpa_app", "hjelpa_auth", "hjelpa_network", "hjelpa_dispatch")

_PROTECTION = text(
    """
    select c.relname, c.relrowsecurity, c.relforcerowsecurity, o.rolcanlogin, o.rolname as owner,
      (select count(*) from pg_policy p where p.polrelid = c.oid
        and p.polcmd = '*' and p.polpermissive and p.polroles = array['hjelpa_app'::regrole::oid]
        and pg_get_expr(p.polqual, p.polrelid) like '%app.current_tenant()%'
        and pg_get_expr(p.polwithcheck, p.polrelid) like '%app.current_tenant()%') as own,
      (select count(*) from pg_policy p where p.polrelid = c.oid
        and p.polroles && array['hjelpa_app'::regrole::oid, 0::oid]) as applying
    from pg_class c join pg_roles o on o.oid = c.relowner
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and exists (
      select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
    order by 1
    """
)

_KEYS = text(
    """
    with tenant as (
      select a.attrelid as oid, a.attnum from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and a.attname = 'tenant_id' and not a.attisdropped)
    select format('foreign key %s on %s does not carry tenant_id', k.conname, k.conrelid::regclass)
    from pg_constraint k join tenant a on a.oid = k.conrelid join tenant b on b.oid = k.confrelid
    where k.contype = 'f' and not exists (
      select from generate_subscripts(k.conkey, 1) i
      where k.conkey[i] = a.attnum and k.confkey[i] = b.attnum)
    union all
    select format('unique index %s does not begin with tenant_id', i.indexrelid::regclass)
    from pg_index i join tenant t on t.oid = i.indrelid where i.indisunique and i.indkey[0] <> t.attnum
    order by 1
    """
)

_BYPASSES = text(
    """
    select format('view %s does not use the rights of its reader', c.relname) from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'v'
      and not coalesce(c.reloptions @> array['security_invoker=true'], false)
    union all
    select format('%s is a materialised view', c.relname) from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'm'
    union all
    select format('function %s runs with its owner''s rights', p.oid::regprocedure) from pg_proc p
    where p.prosecdef and p.pronamespace in ('public'::regnamespace, 'app'::regnamespace)
    union all
    select format('%s may %s on %s', coalesce(r.rolname, 'everyone'), lower(g.privilege_type), c.relname)
    from pg_class c cross join lateral aclexplode(c.relacl) g left join pg_roles r on r.oid = g.grantee
    where c.relnamespace = 'public'::regnamespace and g.grantee <> c.relowner
      and (g.privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN') or g.grantee = 0)
    union all
    select format('hjelpa_app may keep large objects with %s', p.oid::regprocedure) from pg_proc p
    where p.pronamespace = 'pg_catalog'::regnamespace
      and p.proname in ('lo_create', 'lo_creat', 'lo_from_bytea', 'lo_import')
      and has_function_privilege('hjelpa_app', p.oid, 'execute')
    order by 1
    """
)


def find_role_faults(connection: Connection) -> list[str]:
    """Roles that could get around row level security, or that are missing."""
    rows = connection.execute(
        text(
            "select r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolcreatedb,"
            " pg_has_role(r.oid, 'hjelpa_owner', 'member') as owner"
            " from pg_roles r where r.rolname like 'hjelpa\\_%'"
        )
    ).all()
    found = {row.rolname: row for row in rows}
    faults = [f"the role {name} does not exist" for name in (*SERVICE_LOGINS, "hjelpa_owner") if name not in found]
    for name in SERVICE_LOGINS:
        row = found.get(name)
        rights = (
            {}
            if row is None
            else {
                "is a superuser": row.rolsuper,
                "passes by row level security": row.rolbypassrls,
                "may make roles": row.rolcreaterole,
                "may make databases": row.rolcreatedb,
                "may become the owner of the tables": row.owner and not row.rolsuper,
            }
        )
        faults += [f"the role {name} {right}" for right, has in rights.items() if has]
    return faults


def find_table_faults(connection: Connection) -> list[str]:
    """Tables with a tenant_id that are not fully protected, or whose owner logs in."""
    faults = []
    for row in connection.execute(_PROTECTION):
        wrong = {
            "row level security is off": not row.relrowsecurity,
            "row level security does not bind the owner": not row.relforcerowsecurity,
            "it has no policy for its own municipality": row.own != 1,
            "it has further policies for the role hjelpa_app": row.applying > row.own,
            f"its owner {row.owner} may sign in": row.rolcanlogin,
        }
        faults += [f"table {row.relname}: {what}" for what, is_so in wrong.items() if is_so]
    return faults


def find_key_faults(connection: Connection) -> list[str]:
    """Foreign keys between municipalities' tables without tenant_id, and unique keys that do not begin with it."""
    return list(connection.scalars(_KEYS))


def find_bypass_faults(connection: Connection) -> list[str]:
    """Views, materialised views, functions and grants that would lead around row level security."""
    return list(connection.scalars(_BYPASSES))


def find_isolation_faults(connection: Connection) -> list[str]:
    """Everything above but the roles; an empty list means that the tables keep municipalities apart."""
    return [*find_table_faults(connection), *find_key_faults(connection), *find_bypass_faults(connection)]
