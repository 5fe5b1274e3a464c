"""What is believed of a request: our own proxies, our own name; and who may read the figures."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pytest
from flask import Flask
from flask_limiter.util import get_remote_address

from hjelpa.core.config import Settings
from hjelpa.core.permissions import public
from tests.conftest import application

TOKEN = "a token for the collector"
Make = Callable[..., Flask]


@pytest.fixture
def make(settings: Settings) -> Iterator[Make]:
    """Applications with other settings than the tests' own."""
    made: list[Iterator[Flask]] = []

    def make_one(**changes: object) -> Flask:
        made.append(application(replace(settings, **changes)))
        return next(made[-1])

    yield make_one
    for each in made:
        next(each, None)


@pytest.fixture
def production(make: Make) -> Flask:
    return make(mode="production", public_url="https://hjelpa.example")


def get(app: Flask, path: str, host: str, headers: Mapping[str, str] | None = None, remote: str = "127.0.0.1"):
    return app.test_client().get(
        path, base_url=f"http://{host}", headers=dict(headers or {}), environ_overrides={"REMOTE_ADDR": remote}
    )


@pytest.mark.parametrize("path", ["/", "/account/sign-in", "//evil", "/account/", "/nothing"])
def test_a_foreign_host_is_refused_and_not_repeated(production: Flask, path: str) -> None:
    answer = get(production, path, "evil.example")
    assert answer.status_code == 400
    assert "evil.example" not in answer.text + str(answer.headers)
    assert get(production, "/account/sign-in", "hjelpa.example").status_code == 200


def test_the_demo_is_called_by_loopback_names_only(make: Make) -> None:
    demo = make(mode="demo")
    assert get(demo, "/account/sign-in", "rebound.example").status_code == 400
    for host in ("127.0.0.1:8000", "localhost:8000"):
        assert get(demo, "/account/sign-in", host).status_code == 200


def test_probes_may_call_a_machine_by_its_number(production: Flask) -> None:
    assert get(production, "/healthz", "10.0.0.7").status_code == 200
    assert get(production, "/readyz", "10.0.0.7").status_code == 200
    assert get(production, "/metrics", "10.0.0.7").status_code == 400


def test_over_tls_cookies_are_bound_to_it(production: Flask) -> None:
    answer = get(production, "/account/sign-in", "hjelpa.example")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-") and "Secure" in cookie


@pytest.mark.parametrize(
    ("proxies", "claimed", "believed"),
    [
        (0, "198.51.100.1", "127.0.0.1"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        (2, "203.0.113.9, 198.51.100.1, 192.0.2.1", "198.51.100.1"),
        (2, "198.51.100.1", "127.0.0.1"),
    ],
)
def test_as_many_proxies_are_believed_as_we_have(make: Make, proxies: int, claimed: str, believed: str) -> None:
    app = make(trusted_proxies=proxies)
    app.add_url_rule("/who", "who", public(get_remote_address))
    assert get(app, "/who", "localhost", {"X-Forwarded-For": claimed}).text == believed


def test_a_proxy_cannot_bring_in_a_foreign_name(make: Make) -> None:
    app = make(mode="production", public_url="https://hjelpa.example", trusted_proxies=1)
    assert get(app, "/account/sign-in", "10.0.0.7", {"X-Forwarded-Host": "hjelpa.example"}).status_code == 200
    answer = get(app, "/account/sign-in", "hjelpa.example", {"X-Forwarded-Host": "evil.example"})
    assert answer.status_code == 400


def test_without_a_token_figures_are_for_this_machine(app: Flask) -> None:
    for remote in ("127.0.0.1", "::1"):
        assert get(app, "/metrics", "127.0.0.1:8000", remote=remote).status_code == 200
    assert get(app, "/metrics", "[::1]:8000").status_code == 200
    assert get(app, "/metrics", "localhost", remote="10.0.0.7").status_code == 404
    assert get(app, "/metrics", "hjelpa.example").status_code == 404


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "Via", "X-Real-IP"]
)
def test_what_came_through_a_proxy_is_not_from_this_machine(make: Make, app: Flask, header: str) -> None:
    for each in (app, make(trusted_proxies=1)):
        assert get(each, "/metrics", "localhost", {header: "127.0.0.1"}).status_code == 404


def test_with_a_token_nothing_else_counts(make: Make) -> None:
    app = make(metrics_token=TOKEN)
    right = get(
        app, "/metrics", "hjelpa.example", {"Authorization": f"Bearer {TOKEN}", "Via": "1.1 x"}, "10.0.0.7"
    )
    assert right.status_code == 200
    assert b"hjelpa_requests" in right.data
    assert get(app, "/metrics", "localhost").status_code == 404
    for wrong in (f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer", "Bearer ", TOKEN, "Bearer æ"):
        assert get(app, "/metrics", "localhost", {"Authorization": wrong}).status_code == 404
