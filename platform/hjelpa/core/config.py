"""Settings: read once from the environment into a frozen object; everything missing is named at once."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlsplit, urlunsplit

from sqlalchemy import make_url

from hjelpa.core.datadir import ROOT, default_data_dir, find_socket_dirs

Mode = Literal["production", "demo", "test"]

LOCAL_URL = "http://127.0.0.1:8000"
RELEASE = "0.1.0"
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
    public_url: str = LOCAL_URL
    passwords: Mapping[str, str] = field(default_factory=dict, repr=False)
    sentry_dsn: str = field(default="", repr=False)
    release: str = RELEASE
    # How many proxies of ours stand in front, one behind the other; what more of them claim to be is not believed.
    trusted_proxies: int = 0
    metrics_token: str = field(default="", repr=False)
    # Where messages to citizens go: smtp://user:password@host:587?starttls=1 or smtps://…; the SMS service is optional.
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    sms_url: str = ""
    sms_token: str = field(default="", repr=False)
    sms_from: str = ""
    # Ed25519, 32 bytes in base64: signs the copies that citizens take with them.
    signing_key: str = field(default="", repr=False)
    # What handovers between municipalities are sealed with, the newest first; older ones still open what lies waiting.
    transfer_keys: tuple[str, ...] = field(default=(), repr=False)
    data_dir: Path = Path(".hjelpa")
    app_user: str = "hjelpa_app"
    # Only the isolation tests switch this off, to prove that row level security alone is enough.
    orm_isolation: bool = True

    @property
    def secure(self) -> bool:
        """Whether people reach the platform over TLS, and cookies may therefore demand it."""
        return self.public_url.startswith("https://")

    @property
    def sealing_secrets(self) -> tuple[str, ...]:
        """What packages between municipalities are sealed with: keys of their own, which the demo and tests do without."""
        return self.transfer_keys or (f"transfers:{self.secret_key}",)

    @property
    def trusted_hosts(self) -> list[str] | None:
        """The names that a request may call us by, so that no other finds its way into an answer; None for any."""
        if self.mode == "production":
            return [urlsplit(self.public_url).hostname or ""]
        return ["127.0.0.1", "localhost"] if self.mode == "demo" else None

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
    mode = environ.get("HJELPA_MODE") or "production"
    if mode not in ("production", "demo", "test"):
        raise SettingsError(f"HJELPA_MODE is {mode!r}; it must be production, demo or test.")
    refuse_missing(environ, mode)
    settings = Settings(
        database_url=environ["HJELPA_DATABASE_URL"],
        redis_url=environ["HJELPA_REDIS_URL"],
        secret_key=environ["HJELPA_SECRET_KEY"],
        mode=mode,  # type: ignore[arg-type]  # narrowed by the check above
        public_url=environ.get("HJELPA_PUBLIC_URL") or LOCAL_URL,
        passwords={role: environ.get(f"HJELPA_{role.upper()}_PASSWORD", "") for role in ROLES},
        sentry_dsn=environ.get("HJELPA_SENTRY_DSN", ""),
        release=environ.get("HJELPA_RELEASE") or RELEASE,
        trusted_proxies=_read_count(environ, "HJELPA_TRUSTED_PROXIES"),
        metrics_token=environ.get("HJELPA_METRICS_TOKEN", ""),
        smtp_url=environ.get("HJELPA_SMTP_URL", ""),
        mail_from=environ.get("HJELPA_MAIL_FROM", ""),
        sms_url=environ.get("HJELPA_SMS_URL", ""),
        sms_token=environ.get("HJELPA_SMS_TOKEN", ""),
        sms_from=environ.get("HJELPA_SMS_FROM", ""),
        signing_key=environ.get("HJELPA_SIGNING_KEY", ""),
        transfer_keys=tuple(environ.get("HJELPA_TRANSFER_KEYS", "").replace(",", " ").split()),
        data_dir=default_data_dir(ROOT, environ),
    )
    refuse_weak(settings)
    refuse_unusable(settings)
    refuse_demo_in_production(settings, environ)
    return settings


def refuse_missing(environ: Mapping[str, str], mode: str) -> None:
    """Names all that is missing at once. In production people must reach us over TLS, at an address that we know."""
    required = ["HJELPA_DATABASE_URL", "HJELPA_REDIS_URL", "HJELPA_SECRET_KEY"]
    if mode == "production":
        required += ["HJELPA_PUBLIC_URL", "HJELPA_SMTP_URL", "HJELPA_MAIL_FROM", "HJELPA_SIGNING_KEY"]
        required.append("HJELPA_TRANSFER_KEYS")
    missing = [name for name in required if not environ.get(name)]
    if missing:
        raise SettingsError(f"These settings are missing from the environment: {', '.join(missing)}.")


def refuse_weak(settings: Settings) -> None:
    """Refuses what would run, but not safely."""
    if len(settings.secret_key) < 32:
        raise SettingsError("HJELPA_SECRET_KEY must have at least 32 characters.")
    if settings.metrics_token and len(settings.metrics_token) < 16:
        raise SettingsError("HJELPA_METRICS_TOKEN must have at least 16 characters.")
    if any(len(key) < 32 for key in settings.transfer_keys):
        raise SettingsError(
            "Each of HJELPA_TRANSFER_KEYS must have at least 32 characters; separate several by commas."
        )
    public = urlsplit(settings.public_url)
    if settings.mode == "production" and not (public.scheme == "https" and public.hostname):
        raise SettingsError(
            f"HJELPA_PUBLIC_URL is {settings.public_url!r}; in production it must be where people reach the platform "
            "over TLS, such as https://hjelpa.example."
        )


def refuse_unusable(settings: Settings) -> None:
    """Refuses addresses and keys that would only fail when the first citizen waits for a code."""
    mail = urlsplit(settings.smtp_url)
    if settings.smtp_url and not (mail.scheme in ("smtp", "smtps") and mail.hostname):
        raise SettingsError(
            "HJELPA_SMTP_URL must look like smtp://user:password@host:587?starttls=1 or smtps://host."
        )
    if settings.smtp_url and "@" not in settings.mail_from:
        raise SettingsError("HJELPA_MAIL_FROM must be an e-mail address, such as ikke-svar@hjelpa.example.")
    if settings.sms_url and not settings.sms_url.startswith(("https://", "http://")):
        raise SettingsError(
            "HJELPA_SMS_URL must be the address of an SMS service, such as https://sms.example/send."
        )
    if settings.signing_key and not _is_key(settings.signing_key):
        raise SettingsError("HJELPA_SIGNING_KEY must be 32 random bytes in base64 (`openssl rand -base64 32`).")


def _is_key(text: str) -> bool:
    try:
        return len(b64decode(text, validate=True)) == 32
    except ValueError:
        return False


def refuse_demo_in_production(settings: Settings, environ: Mapping[str, str]) -> None:
    """Demo sign-in and a database that is not the embedded one must never meet: anyone could walk in."""
    embedded = is_embedded(settings, environ)
    if settings.mode == "demo" and not embedded:
        raise SettingsError(
            "Demo mode only runs on the embedded database. Unset HJELPA_MODE, or unset HJELPA_DATABASE_URL and use `make demo`."
        )
    if settings.mode == "production" and embedded:
        raise SettingsError(
            "Production mode does not run on the embedded database: set HJELPA_DATABASE_URL to a server."
        )


def is_embedded(settings: Settings, environ: Mapping[str, str]) -> bool:
    """Whether the address leads to the embedded server of our data folder, and can lead nowhere else.

    Asked of what the driver is really told, by libpq's rules: a numeric address or a service wins over the host,
    and what the address leaves out is taken from the environment.
    """
    url = make_url(settings.url_for_role("app"))
    told = url.get_dialect()().create_connect_args(url)[1]
    if not told.keys() <= {"host", "dbname", "user", "password"}:
        return False
    if any(environ.get(name) for name in ("PGHOSTADDR", "PGSERVICE")):
        return False
    host = told.get("host") or environ.get("PGHOST", "")
    return host.startswith("/") and Path(host).resolve() in find_socket_dirs(settings.data_dir)


def _read_count(environ: Mapping[str, str], name: str) -> int:
    text = environ.get(name) or "0"
    if not (text.isascii() and text.isdecimal()):
        raise SettingsError(f"{name} is {text!r}; it must be a number, 0 or more.")
    return int(text)
