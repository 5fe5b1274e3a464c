"""Error reports to Sentry that carry the kind and the place of an error, and nothing that anyone wrote.

What may leave is listed here; everything else stays, also what a future version of the SDK thinks of adding.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import sentry_sdk
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.transport import Transport

from hjelpa.core.config import Settings

EVENT_FIELDS = ("event_id", "timestamp", "platform", "level", "release", "environment")
FRAME_FIELDS = ("module", "function", "lineno", "in_app")

_ID = re.compile(r"[0-9a-f-]{1,40}")
# A tag leaves only in the shape that it should have: an id, or a name from our own code.
TAGS = {
    "tenant_id": _ID,
    "request_id": _ID,
    "job_id": _ID,
    "route": re.compile(r"[A-Za-z0-9_.:/<>-]{1,200}"),
    "job": re.compile(r"[a-z0-9_.]{1,200}"),
}

Event = dict[str, Any]


def scrub(event: Mapping[str, Any], hint: Mapping[str, Any] | None = None) -> Event:
    """The part of a Sentry event that may leave: kinds of errors, places in the code, release, and our own tags.

    No message, no exception value, no source line, no variable, no header, cookie, query, address or person.
    """
    kept: Event = {name: event[name] for name in EVENT_FIELDS if name in event}
    kept["tags"] = _tags(event.get("tags") or {})
    values = (event.get("exception") or {}).get("values") or []
    kept["exception"] = {"values": [_error(value) for value in values]}
    return kept


def _tags(tags: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: str(tags[name]) for name, shape in TAGS.items() if name in tags and shape.fullmatch(str(tags[name]))
    }


def _error(value: Mapping[str, Any]) -> Event:
    frames = (value.get("stacktrace") or {}).get("frames") or []
    return {
        "type": value.get("type"),
        "module": value.get("module"),
        "stacktrace": {"frames": [{name: frame.get(name) for name in FRAME_FIELDS} for frame in frames]},
    }


def _nothing(*_: Any) -> None:
    return None


def init_reports(settings: Settings, transport: type[Transport] | Callable[[Event], None] | None = None) -> None:
    """Starts sending reports when a DSN is set. `transport` is for the test that looks at what would be sent."""
    if not settings.sentry_dsn:
        return
    # `send_default_pii` stays unset, which means no; the SDK calls naming it outdated.
    sentry_sdk.init(
        dsn=settings.sentry_dsn,
        transport=transport,  # type: ignore[arg-type]  # our events are their dictionaries without their type
        release=settings.release,
        environment=settings.mode,
        server_name="",
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[AtexitIntegration(callback=_nothing), DedupeIntegration(), ExcepthookIntegration()],
        before_send=scrub,  # type: ignore[arg-type]  # the same
        before_send_transaction=_nothing,
        before_breadcrumb=_nothing,
        before_send_log=_nothing,
        before_send_metric=_nothing,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        propagate_traces=False,
    )


def send_report(error: BaseException, tags: Mapping[str, object]) -> None:
    """Reports one error with the given tags; does nothing without a DSN."""
    with sentry_sdk.new_scope() as scope:
        for name, value in tags.items():
            scope.set_tag(name, str(value))
        scope.capture_exception(error)


def flush_reports() -> None:
    """Waits briefly until reports have left: a work-horse ends without running exit handlers."""
    sentry_sdk.flush(timeout=2)
