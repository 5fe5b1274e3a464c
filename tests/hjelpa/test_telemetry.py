"""What operators are told, and above all what they are not: nothing that anyone wrote may leave."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import sentry_sdk
from flask import Blueprint, Flask, g
from hypothesis import given
from hypothesis import strategies as st
from redis import Redis
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport
from sqlalchemy import NullPool, create_engine, text

from hjelpa.core.config import Settings
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.permissions import public
from hjelpa.core.reports import EVENT_FIELDS, init_reports, scrub, send_report
from hjelpa.core.telemetry import bind_job, init_telemetry, report
from hjelpa.core.types import new_id

SECRET = "Kari Nordmann 01017012345"
SECRETS = ("Kari", "Nordmann", "01017012345")
TENANT = new_id()

blueprint = Blueprint("probe", __name__)


class Captured(Transport):
    """Keeps what would be sent, as the bytes that would be sent."""

    sent: list[bytes]

    def capture_envelope(self, envelope: Envelope) -> None:
        self.sent.append(envelope.serialize())


@pytest.fixture
def sent() -> Iterator[list[bytes]]:
    Captured.sent = []
    yield Captured.sent
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(None)


@blueprint.post("/break/<path:name>")
@public
def break_down(name: str) -> str:
    whisper = f"local variable of {name} {SECRET}"
    logging.getLogger("elsewhere").error("a library quotes %s", whisper, extra={"person": SECRET})
    logging.getLogger("gunicorn.error").error("Error handling request %s", SECRET)
    sentry_sdk.add_breadcrumb(message=SECRET, data={"query": SECRET})
    sentry_sdk.set_user({"email": SECRET})
    sentry_sdk.set_context("citizen", {"name": SECRET})
    sentry_sdk.set_extra("note", SECRET)
    sentry_sdk.set_tag("job", SECRET)
    sentry_sdk.set_tag("person", SECRET)
    with tenant_scope(TENANT), create_engine(g.database_url, poolclass=NullPool).connect() as connection:
        try:
            connection.execute(text("select cast(:name as integer)"), {"name": SECRET})
        except Exception as error:
            raise RuntimeError(f"about {SECRET}") from error
    return whisper


@pytest.fixture
def broken_app(settings: Settings, sent: list[bytes]) -> Iterator[Flask]:
    """The shell's telemetry and error pages around a view that fails with secrets everywhere."""
    app = Flask(SECRET, root_path=".", template_folder="/nowhere")
    redis = Redis.from_url(settings.redis_url)
    app.extensions["hjelpa_redis"] = redis
    init_telemetry(app, settings)
    init_reports(replace(settings, sentry_dsn="https://key@sentry.example/1"), transport=Captured)
    app.before_request(lambda: setattr(g, "database_url", settings.url_for_role("auth")))
    app.register_blueprint(blueprint)
    app.register_error_handler(Exception, _answer)
    yield app
    redis.close()


def _answer(error: Exception) -> tuple[str, int]:
    report(error)
    return "broken", 500


def post(app: Flask) -> Any:
    client = app.test_client()
    client.set_cookie("seat", SECRET)
    return client.post(
        f"/break/{SECRET}?q={SECRET}",
        headers={"X-Person": SECRET, "User-Agent": SECRET, "X-Request-ID": SECRET},
        data={"story": SECRET},
    )


def test_a_report_names_kind_and_place_and_nothing_else(broken_app: Flask, sent: list[bytes]) -> None:
    answer = post(broken_app)
    (raw,) = sent
    assert not any(secret.encode() in raw for secret in SECRETS)
    event = json.loads(raw.splitlines()[2])
    assert [value["type"] for value in event["exception"]["values"]][-2:] == ["DataError", "RuntimeError"]
    frames = event["exception"]["values"][-1]["stacktrace"]["frames"]
    assert frames[-1]["function"] == "break_down"
    assert all(set(frame) <= {"module", "function", "lineno", "in_app"} for frame in frames)
    assert event["tags"]["request_id"] == answer.headers["X-Request-ID"]
    assert event["tags"]["route"] == "/break/<path:name>"
    assert set(event["tags"]) <= {"request_id", "route", "tenant_id"}
    assert set(event) <= {*EVENT_FIELDS, "exception", "tags"}


def test_log_lines_name_route_status_and_time_and_nothing_else(
    broken_app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = post(broken_app)
    told = capsys.readouterr()
    assert not any(secret in told.err + told.out for secret in SECRETS)
    lines = [json.loads(line) for line in told.err.splitlines()]
    (request,) = [line for line in lines if line["event"] == "request"]
    assert (request["status"], request["route"]) == (500, "/break/<path:name>")
    assert request["request_id"] == answer.headers["X-Request-ID"]
    assert request["milliseconds"] >= 0
    (error,) = [line for line in lines if line["event"] == "error"]
    assert (error["kind"], error["cause"]) == ("RuntimeError", "DataError")
    assert any(":break_down:" in place for place in error["places"])


def test_logs_of_a_request_carry_the_municipality(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with tenant_scope(TENANT):
        report(ValueError(SECRET))
    line = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert line["tenant_id"] == str(TENANT)


def test_a_job_names_itself_and_is_forgotten(settings: Settings, sent: list[bytes]) -> None:
    init_reports(replace(settings, sentry_dsn="https://key@sentry.example/1"), transport=Captured)
    job_id = str(new_id())
    with bind_job("probe.fail", job_id, str(TENANT)):
        report(ValueError(SECRET))
    report(ValueError(SECRET))
    first, second = (json.loads(raw.splitlines()[2])["tags"] for raw in sent)
    assert first == {"job": "probe.fail", "job_id": job_id, "tenant_id": str(TENANT)}
    assert second == {}


def test_messages_transactions_and_sessions_do_not_leave(settings: Settings, sent: list[bytes]) -> None:
    init_reports(replace(settings, sentry_dsn="https://key@sentry.example/1"), transport=Captured)
    with sentry_sdk.start_transaction(name=SECRET, op=SECRET, sampled=True):
        sentry_sdk.capture_message(SECRET)
    logging.getLogger("hjelpa").error("about %s", SECRET)
    sentry_sdk.flush()
    assert not any(secret.encode() in raw for raw in sent for secret in SECRETS)


def test_nothing_is_sent_without_an_address(settings: Settings, sent: list[bytes]) -> None:
    init_reports(settings, transport=Captured)
    send_report(ValueError(SECRET), {})
    assert sent == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(SECRET),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", SECRET, "vars"]), inner, max_size=3)
    ),
    max_leaves=8,
)
FREE = (
    "message",
    "logentry",
    "user",
    "request",
    "breadcrumbs",
    "contexts",
    "extra",
    "modules",
    "server_name",
    "sdk",
)


@given(st.dictionaries(st.sampled_from([*FREE, "anything"]), JSON), st.dictionaries(st.text(), JSON))
def test_scrubbing_keeps_only_what_is_listed(free: dict[str, Any], tags: dict[str, Any]) -> None:
    frame = {
        "module": "m",
        "function": "f",
        "lineno": 1,
        "vars": {"x": SECRET},
        "context_line": SECRET,
        "abs_path": SECRET,
    }
    value = {"type": "E", "value": SECRET, "mechanism": {"data": SECRET}, "stacktrace": {"frames": [frame]}}
    event = free | {"event_id": "1", "level": "error", "tags": tags, "exception": {"values": [value]}}
    kept = scrub(event, {})
    assert not any(secret in json.dumps(kept) for secret in SECRETS)
    assert kept["exception"]["values"][0]["stacktrace"]["frames"][0]["function"] == "f"


def test_metrics_count_by_endpoint_and_class_of_status(broken_app: Flask) -> None:
    post(broken_app)
    broken_app.test_client().get(f"/nothing/{SECRET}")
    body, content_type = broken_app.extensions["hjelpa_metrics"].page()
    assert b'hjelpa_requests_total{endpoint="probe.break_down",status="5xx"} 1.0' in body
    assert b'endpoint="none"' in body
    assert not any(secret.encode() in body for secret in SECRETS)
    assert content_type.startswith("text/plain")
