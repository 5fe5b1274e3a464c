"""Rate limits: counted in Redis, and in this process while Redis is away."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from hjelpa.core.config import Settings

limiter = Limiter(get_remote_address)


def init_limits(app: Flask, settings: Settings) -> None:
    app.config.update(
        RATELIMIT_STORAGE_URI=settings.redis_url,
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
        RATELIMIT_HEADERS_ENABLED=False,
        RATELIMIT_KEY_PREFIX="hjelpa-limit",
        RATELIMIT_STRATEGY="fixed-window",
        RATELIMIT_ENABLED=True,
    )
    limiter.init_app(app)
