"""Settings: read once from the environment into a frozen object; everything missing is named at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlsplit, urlunsplit

Mode = Literal["production", "demo", "test"]

ROLES = ("app", "auth", "network", "dispatch", "backup", "migrator")


class SettingsError(Exception):
    """Settings are missing or contradict each other; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the platform needs to know about where it runs.

    `database_url` is the app role's address; the other roles' addresses are the same with another user name
    (`hjelpa_<role>`) and, where given, another password.
    """

    database_url: str
    redis_url: str
    secret_key: str = field(repr=False)
    mode: Mode = "production"
    public_url: str = "http://127.0.0.1:8000"
    passwords: Mapping[str, str] = field(default_factory=dict, repr=False)
    sentry_dsn: str = field(default="", repr=False)
    release: str = "0.1.0"
    data_dir: Path = Path(".hjelpa")
    app_user: str = "hjelpa_app"
    # Only the isolation tests switch this off, to prove that row level security alone is enough.
    orm_isolation: bool = True

    @property
    def secure(self) -> bool:
        """Whether people reach the platform over TLS, and cookies may therefore demand it."""
        return self.public_url.startswith("https://")

    def url_for_role(self, role: str) -> str:
        """The database address of one role, for SQLAlchemy with psycopg 3."""
        if role not in ROLES:
            raise ValueError(f"unknown database role {role!r}")
        parts = urlsplit(self.database_url)
        user = self.app_user if role == "app" else f"hjelpa_{role}"
        password = self.passwords.get(role) or parts.password or ""
        address = parts.netloc.rpartition("@")[2]
        login = f"{user}:{quote(password, safe='')}" if password else user
        return urlunsplit(("postgresql+psycopg", f"{login}@{address}", parts.path, parts.query, ""))


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Reads settings from environment variables; raises SettingsError naming every missing one."""
    required = ("HJELPA_DATABASE_URL", "HJELPA_REDIS_URL", "HJELPA_SECRET_KEY")
    missing = [name for name in required if not environ.get(name)]
    if missing:
        raise SettingsError(f"These settings are missing from the environment: {', '.join(missing)}.")
    mode = environ.get("HJELPA_MODE", "production")
    if mode not in ("production", "demo", "test"):
        raise SettingsError(f"HJELPA_MODE is {mode!r}; it must be production, demo or test.")
    if len(environ["HJELPA_SECRET_KEY"]) < 32:
        raise SettingsError("HJELPA_SECRET_KEY must have at least 32 characters.")
    settings = Settings(
        database_url=environ["HJELPA_DATABASE_URL"],
        redis_url=environ["HJELPA_REDIS_URL"],
        secret_key=environ["HJELPA_SECRET_KEY"],
        mode=mode,  # type: ignore[arg-type]  # narrowed by the check above
        public_url=environ.get("HJELPA_PUBLIC_URL", "http://127.0.0.1:8000"),
        passwords={role: environ.get(f"HJELPA_{role.upper()}_PASSWORD", "") for role in ROLES},
        sentry_dsn=environ.get("HJELPA_SENTRY_DSN", ""),
        release=environ.get("HJELPA_RELEASE", "0.1.0"),
        data_dir=Path(environ.get("HJELPA_DATA_DIR", ".hjelpa")),
    )
    refuse_demo_in_production(settings)
    return settings


def refuse_demo_in_production(settings: Settings) -> None:
    """Demo sign-in and a database that is not the embedded one must never meet: anyone could walk in."""
    embedded = is_embedded(settings.database_url)
    if settings.mode == "demo" and not embedded:
        raise SettingsError(
            "Demo mode only runs on the embedded database. Unset HJELPA_MODE, or unset HJELPA_DATABASE_URL and use `make demo`."
        )
    if settings.mode == "production" and embedded:
        raise SettingsError(
            "Production mode does not run on the embedded database: set HJELPA_DATABASE_URL to a server."
        )


def is_embedded(database_url: str) -> bool:
    """The embedded server listens on a local socket only, so its address has no host before the path."""
    return not urlsplit(database_url).hostname
