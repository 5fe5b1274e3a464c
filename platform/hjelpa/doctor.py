"""`hjelpa doctor`: one line per thing that must be right, and for each that is not, what to do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from redis import RedisError
from sqlalchemy import Connection, create_engine, pool, select
from sqlalchemy.exc import DBAPIError

from hjelpa.core.config import ROLES, Settings, SettingsError, read_settings
from hjelpa.core.datadir import ROOT
from hjelpa.core.features import ContractError
from hjelpa.core.migrate import current_revision, newest_revision
from hjelpa.core.permissions import UndeclaredAccess
from hjelpa.core.selftest import find_isolation_faults, find_role_faults
from hjelpa.factory import create_app
from hjelpa.queueing import connect
from hjelpa.web.assets import assets_ready

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: the sentence says what is so or, when not ok, what is wrong and what to do."""

    name: str
    ok: bool
    sentence: str


def examine(environ: Mapping[str, str]) -> list[Check]:
    """All checks in order; those that need settings or a database are left out when there are none."""
    checks = [_assets()]
    try:
        settings = read_settings(environ)
    except SettingsError as error:
        return [Check("settings", False, str(error)), *checks]
    told = f"complete, mode {settings.mode}, reached at {settings.public_url}"
    checks = [Check("settings", True, told), *checks, _application(settings)]
    checks.append(_redis(settings))
    logins = _logins(settings)
    checks += logins
    if all(check.ok for check in logins):
        checks.append(_migrations(settings))
        checks.append(_ask(settings, "roles", find_role_faults, "none of ours passes by row level security"))
        checks.append(_ask(settings, "isolation", find_isolation_faults, "every table keeps municipalities apart"))
    return checks


def _assets() -> Check:
    ready = assets_ready(ROOT)
    return Check("assets", ready, "in place" if ready else "missing or out of date: run `hjelpa assets build`")


def _application(settings: Settings) -> Check:
    try:
        create_app(settings)
    except (ContractError, UndeclaredAccess) as error:
        return Check("features", False, f"the application does not start: {error}")
    return Check("features", True, "all manifests agree, every view says who may enter")


def _redis(settings: Settings) -> Check:
    connection = connect(settings.redis_url)
    try:
        connection.ping()
        policy = connection.config_get("maxmemory-policy").get("maxmemory-policy", "noeviction")
    except RedisError as error:
        return Check("redis", False, f"does not answer ({type(error).__name__}): check HJELPA_REDIS_URL")
    finally:
        connection.close()
    if policy != "noeviction":
        return Check(
            "redis", False, f"maxmemory-policy is {policy}, which drops queued work: set it to noeviction"
        )
    return Check("redis", True, "answers")


def _logins(settings: Settings) -> list[Check]:
    """One finding for all roles that fare alike: a server that is down is said once, not once for each."""
    fates: dict[str | None, list[str]] = {}
    for role in ROLES:
        if role != "backup":
            fates.setdefault(_refusal(settings, role), []).append(role)
    checks = []
    for reason, roles in fates.items():
        passwords = ", ".join(f"HJELPA_{role.upper()}_PASSWORD" for role in roles)
        advice = f"check that the server runs, HJELPA_DATABASE_URL and {passwords}, or run `hjelpa db bootstrap`"
        sentence = "reachable" if reason is None else f"{reason}: {advice}"
        checks.append(Check(f"database as {', '.join(roles)}", reason is None, sentence))
    return checks


def _refusal(settings: Settings, role: str) -> str | None:
    """Why the database does not let a role in, without the role's name; None when it does."""
    try:
        _with_connection(settings, role, lambda connection: connection.scalar(select(1)))
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0]
        return reason.replace(f'"hjelpa_{role}"', "this role")
    return None


def _migrations(settings: Settings) -> Check:
    current, newest = current_revision(settings), newest_revision(settings)
    if current != newest:
        return Check("migrations", False, f"at {current or 'nothing'}, not at {newest}: run `hjelpa db upgrade`")
    return Check("migrations", True, f"at {newest}")


def _ask(settings: Settings, name: str, question: Callable[[Connection], list[str]], good: str) -> Check:
    """Asks the catalogues as the app role, which is who is held to the answer."""
    try:
        faults = _with_connection(settings, "app", question)
    except DBAPIError as error:
        return Check(name, False, f"could not be asked ({type(error.orig).__name__}): run `hjelpa db bootstrap`")
    if faults:
        return Check(name, False, f"{'; '.join(faults)}: restore it with a migration before anyone works here")
    return Check(name, True, good)


def _with_connection(settings: Settings, role: str, work: Callable[[Connection], Answer]) -> Answer:
    engine = create_engine(settings.url_for_role(role), poolclass=pool.NullPool, hide_parameters=True)
    with engine.connect() as connection:
        return work(connection)
