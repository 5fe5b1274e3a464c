"""Settings: what is asked for, what is refused, and that the demo and a real database never meet."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hjelpa.core.config import SettingsError, read_settings
from hjelpa.embedded import EmbeddedServers, start_servers

PRODUCTION = {
    "HJELPA_DATABASE_URL": "postgresql://db.prod.example/hjelpa",
    "HJELPA_REDIS_URL": "redis://redis.prod.example:6379/0",
    "HJELPA_SECRET_KEY": "a secret that only the tests know, long enough",
    "HJELPA_PUBLIC_URL": "https://hjelpa.example",
    "HJELPA_SMTP_URL": "smtp://mail.prod.example:587?starttls=1",
    "HJELPA_MAIL_FROM": "ikke-svar@hjelpa.example",
    "HJELPA_SIGNING_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "HJELPA_TRANSFER_KEYS": "a-key-that-only-the-tests-know-long-enough",
}


def demo_environ(servers: EmbeddedServers) -> dict[str, str]:
    return PRODUCTION | {
        "HJELPA_MODE": "demo",
        "HJELPA_DATABASE_URL": servers.database_url(),
        "HJELPA_DATA_DIR": str(servers.data_dir),
    }


def test_the_demo_runs_on_its_own_server(servers: EmbeddedServers) -> None:
    assert read_settings(demo_environ(servers)).mode == "demo"


@pytest.mark.parametrize(
    ("url", "environ"),
    [
        ("postgresql://db.prod.example/hjelpa", {}),
        ("postgresql:///hjelpa?host=db.prod.example", {}),
        ("postgresql:///hjelpa?host=DIR,db.prod.example", {}),
        ("postgresql:///hjelpa?host=DIR&host=db.prod.example", {}),
        ("postgresql:///hjelpa?host=DIR/../elsewhere", {}),
        ("postgresql:///hjelpa?host=/var/run/postgresql", {}),
        ("postgresql:///hjelpa", {}),
        ("postgresql:///hjelpa", {"PGHOST": "db.prod.example"}),
        ("postgresql:///hjelpa?host=DIR", {"PGHOSTADDR": "192.0.2.1"}),
        ("postgresql:///hjelpa?host=DIR", {"PGSERVICE": "prod"}),
        ("postgresql:///hjelpa?host=DIR&hostaddr=192.0.2.1", {}),
        ("postgresql:///hjelpa?host=DIR&service=prod", {}),
        ("postgresql:///hjelpa?host=DIR&conninfo=hostaddr%3D192.0.2.1", {}),
    ],
)
def test_the_demo_refuses_every_other_server(servers: EmbeddedServers, url: str, environ: dict[str, str]) -> None:
    told = demo_environ(servers) | environ | {"HJELPA_DATABASE_URL": url.replace("DIR", servers.socket_dir)}
    with pytest.raises(SettingsError, match="only runs on the embedded database"):
        read_settings(told)


def test_the_demo_refuses_a_real_database_by_the_folder_alone(servers: EmbeddedServers, tmp_path: Path) -> None:
    """The socket counts only if it is the one of this data folder."""
    with pytest.raises(SettingsError, match="only runs on the embedded database"):
        read_settings(demo_environ(servers) | {"HJELPA_DATA_DIR": str(tmp_path)})


@pytest.fixture
def far_servers() -> Iterator[EmbeddedServers]:
    """Servers whose data lie so deep that their socket must be elsewhere."""
    folder = Path(tempfile.mkdtemp(prefix="hjelpa-test-"))
    folder.chmod(0o755)
    running = start_servers(folder / ("deep" * 25), durable=False)
    yield running
    running.stop()
    shutil.rmtree(folder, ignore_errors=True)


def test_a_socket_that_had_to_be_elsewhere_is_the_demos_own_too(far_servers: EmbeddedServers) -> None:
    assert not far_servers.socket_dir.startswith(str(far_servers.data_dir))
    assert read_settings(demo_environ(far_servers)).mode == "demo"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://db.prod.example/hjelpa",
        "postgresql:///hjelpa?host=/var/run/postgresql",
        "postgresql:///hjelpa",
    ],
)
def test_production_runs_on_a_server_over_the_network_or_a_socket(url: str) -> None:
    assert read_settings(PRODUCTION | {"HJELPA_DATABASE_URL": url}).mode == "production"


def test_production_refuses_the_embedded_server(servers: EmbeddedServers) -> None:
    with pytest.raises(SettingsError, match="does not run on the embedded database"):
        read_settings(demo_environ(servers) | {"HJELPA_MODE": "production"})


@pytest.mark.parametrize("name", list(PRODUCTION))
def test_what_production_misses_is_named(name: str) -> None:
    with pytest.raises(SettingsError, match=f"missing from the environment: {name}\\."):
        read_settings({key: value for key, value in PRODUCTION.items() if key != name})


@pytest.mark.parametrize("url", ["http://hjelpa.example", "hjelpa.example", "https://", "https:///path"])
def test_production_is_reached_over_tls_only(url: str) -> None:
    with pytest.raises(SettingsError, match="HJELPA_PUBLIC_URL"):
        read_settings(PRODUCTION | {"HJELPA_PUBLIC_URL": url})


@pytest.mark.parametrize("count", ["-1", "one", "1.5", "²"])
def test_a_number_of_proxies_is_a_number(count: str) -> None:
    with pytest.raises(SettingsError, match="HJELPA_TRUSTED_PROXIES"):
        read_settings(PRODUCTION | {"HJELPA_TRUSTED_PROXIES": count})


def test_a_short_token_is_refused() -> None:
    with pytest.raises(SettingsError, match="HJELPA_METRICS_TOKEN"):
        read_settings(PRODUCTION | {"HJELPA_METRICS_TOKEN": "short"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HJELPA_SMTP_URL", "mail.example:25"),
        ("HJELPA_SMTP_URL", "https://mail.example"),
        ("HJELPA_MAIL_FROM", "Hjelpa"),
        ("HJELPA_SMS_URL", "sms.example"),
        ("HJELPA_SIGNING_KEY", "kort"),
        ("HJELPA_TRANSFER_KEYS", "one-key-that-is-long-enough-for-anybody, kort"),
        ("HJELPA_SIGNING_KEY", "not base64 at all, whatever its length is"),
    ],
)
def test_what_could_not_be_used_is_refused_at_start(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read_settings(PRODUCTION | {name: value})


def test_no_secret_shows_in_the_settings_themselves() -> None:
    told = repr(
        read_settings(PRODUCTION | {"HJELPA_SMS_TOKEN": "sms-hemmelig", "HJELPA_SMS_URL": "https://sms.example"})
    )
    assert "sms-hemmelig" not in told and PRODUCTION["HJELPA_SIGNING_KEY"] not in told
    assert PRODUCTION["HJELPA_TRANSFER_KEYS"] not in told
    assert "mail.prod" not in told
