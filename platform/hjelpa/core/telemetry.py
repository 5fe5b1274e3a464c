"""What the platform tells its operators: log lines, metrics and error reports, and never anything about a citizen.

A log line names the request, the municipality, the route's rule, the status and the time it took. An error is told
by its kind and its place in the code; its text is not, because databases and schemas quote what people wrote.
"""

import time
import traceback
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from flask import Flask, Response, current_app, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

from hjelpa.core.config import Settings
from hjelpa.core.isolation import current_scope
from hjelpa.core.logs import configure_logging
from hjelpa.core.metrics import Metrics
from hjelpa.core.reports import flush_reports, init_reports, send_report

log = structlog.get_logger("hjelpa.requests")


def init_telemetry(app: Flask, settings: Settings) -> None:
    """Registers the hooks; call it before anything else hooks into requests, so that it sees the final answer."""
    configure_logging()
    init_reports(settings)
    app.extensions["hjelpa_metrics"] = Metrics(app.extensions["hjelpa_redis"])
    app.before_request(_begin)
    app.after_request(_finish)
    app.teardown_request(_forget)


def metrics_of(app: Flask) -> Metrics:
    found = app.extensions["hjelpa_metrics"]
    assert isinstance(found, Metrics)
    return found


def _begin() -> None:
    clear_contextvars()
    # Our own id always: one from outside could carry anything, and it goes into logs and reports.
    g.request_id = uuid.uuid4().hex
    g.request_started = time.perf_counter()
    bind_contextvars(request_id=g.request_id, route=_route(), method=request.method)


def _route() -> str:
    return request.url_rule.rule if request.url_rule else "none"


def _finish(response: Response) -> Response:
    seconds = time.perf_counter() - g.get("request_started", time.perf_counter())
    response.headers["X-Request-ID"] = g.get("request_id", "")
    metrics_of(current_app).count_request(request.endpoint or "none", response.status_code, seconds)
    log.info("request", status=response.status_code, milliseconds=round(seconds * 1000, 1), **_tenant())
    return response


def _tenant() -> dict[str, str]:
    scope = current_scope()
    return {"tenant_id": str(scope.tenant_id)} if scope else {}


def _forget(error: BaseException | None) -> None:
    clear_contextvars()


def places(error: BaseException, limit: int = 8) -> list[str]:
    """Where an error arose, innermost last: `module:function:line`, without any text of it."""
    frames = list(traceback.walk_tb(error.__traceback__))[-limit:]
    return [f"{frame.f_globals.get('__name__')}:{frame.f_code.co_name}:{line}" for frame, line in frames]


def report(error: BaseException) -> None:
    """Tells operators of an error: a log line and a Sentry report, both without its text."""
    cause = error.__cause__ or error.__context__
    log.error(
        "error",
        kind=type(error).__name__,
        cause=type(cause).__name__ if cause else None,
        places=places(error),
        **_tenant(),
    )
    send_report(error, get_contextvars() | _tenant())


@contextmanager
def bind_job(kind: str, job_id: str, tenant_id: str | None) -> Iterator[None]:
    """Names the job at hand in every log line and report, and forgets it afterwards."""
    clear_contextvars()
    bind_contextvars(job=kind, job_id=job_id, **({"tenant_id": tenant_id} if tenant_id else {}))
    try:
        yield
    finally:
        clear_contextvars()
        flush_reports()
