"""Whether the platform is alive, ready for people, and how it is doing."""

from flask import Blueprint, abort, current_app, request
from flask.typing import ResponseReturnValue
from redis import Redis, RedisError
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from hjelpa.core.database import auth_session, db
from hjelpa.core.permissions import public
from hjelpa.core.telemetry import metrics_of

blueprint = Blueprint("health", __name__)


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
    """For a collector on the same machine only: a request that came through a proxy is refused."""
    if request.remote_addr not in ("127.0.0.1", "::1") or "X-Forwarded-For" in request.headers:
        abort(404)
    body, content_type = metrics_of(current_app).page()
    return body, 200, {"Content-Type": content_type}


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
