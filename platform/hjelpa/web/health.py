"""Whether the platform is alive, ready for people, and how it is doing."""

from collections.abc import Iterable
from hmac import compare_digest
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, request
from flask.typing import ResponseReturnValue
from redis import Redis, RedisError
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from hjelpa.core.config import Settings
from hjelpa.core.database import auth_session, db
from hjelpa.core.permissions import public
from hjelpa.core.telemetry import metrics_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PROBES = ("/healthz", "/readyz")
# How proxies say for whom they ask, besides X-Forwarded-….
FORWARDING = {"forwarded", "via", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "true-client-ip"}
FORWARDING |= {"cf-connecting-ip", "fastly-client-ip", "x-original-forwarded-for", "x-original-host"}
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")

blueprint = Blueprint("health", __name__)


class AnyHostForProbes:
    """Load balancers ask a machine by its number. For the two addresses that mirror nothing, that is our name too."""

    def __init__(self, application: "WSGIApplication", host: str) -> None:
        self.application = application
        self.host = host

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ.get("PATH_INFO") in PROBES:
            environ["HTTP_HOST"] = self.host
        return self.application(environ, start_response)


@blueprint.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    return {"alive": True}


@blueprint.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Database, migrations and Redis, each with its own answer; 503 while any is missing."""
    checks = {"database": _database(), "migrations": _migrations(), "redis": _redis()}
    return checks, 200 if all(checks.values()) else 503


@blueprint.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """For a collector with our token; where none is set, for one on the same machine. To others it does not exist."""
    settings: Settings = current_app.extensions["hjelpa_settings"]
    if not (_has_token(settings.metrics_token) if settings.metrics_token else _is_from_here()):
        abort(404)
    body, content_type = metrics_of(current_app).page()
    return body, 200, {"Content-Type": content_type}


def _has_token(token: str) -> bool:
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    return kind.lower() == "bearer" and compare_digest(given.strip().encode(), token.encode())


def _is_from_here() -> bool:
    """Asked on this machine by its own name, with no sign of a proxy in between: that one is on this machine too."""
    names = {name.lower() for name in request.headers.keys()}  # noqa: SIM118  # headers are pairs, not keys
    forwarded = any(name.startswith("x-forwarded") for name in names) or names & FORWARDING
    named = urlsplit(f"//{request.host}").hostname in LOOPBACK_NAMES
    return not forwarded and named and _is_loopback(request.remote_addr or "")


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _database() -> bool:
    try:
        return auth_session.scalar(select(1)) == 1
    except SQLAlchemyError:
        auth_session.rollback()
        return False


def _migrations() -> bool:
    try:
        with db.engine.connect() as connection:
            found = connection.scalar(text("select version_num from alembic_version"))
    except SQLAlchemyError:
        return False
    return bool(found == current_app.extensions["hjelpa_newest_revision"])


def _redis() -> bool:
    redis: Redis = current_app.extensions["hjelpa_redis"]
    try:
        return bool(redis.ping())
    except RedisError:
        return False
