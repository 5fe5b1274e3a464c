"""Puts the house together: one application from settings and features, in one order for every request."""

import uuid
from collections.abc import Sequence

from flask import Flask, Response, request
from flask_wtf import CSRFProtect
from redis import Redis
from werkzeug.middleware.proxy_fix import ProxyFix

from hjelpa.core.config import Settings
from hjelpa.core.contract import Text
from hjelpa.core.database import commit_all, init_database, rollback_all
from hjelpa.core.features import Features
from hjelpa.core.limits import init_limits
from hjelpa.core.migrate import newest_revision
from hjelpa.core.permissions import public, refuse_undeclared, role_permissions
from hjelpa.core.telemetry import init_telemetry
from hjelpa.registry import find_features
from hjelpa.web import api, health
from hjelpa.web.assets import static_url
from hjelpa.web.components import install_components
from hjelpa.web.errors import init_errors
from hjelpa.web.i18n import init_i18n
from hjelpa.web.receipts import init_receipts
from hjelpa.web.rows import linked_rows
from hjelpa.web.security import init_security
from hjelpa.web.uploads import init_uploads
from tenants.identity.gate import READING, init_gate
from tenants.workspace.shell import init_shell


def create_app(
    settings: Settings,
    features: Features | None = None,
    sign_ins: Sequence[tuple[Text, str]] = (),
    guests: Sequence[tuple[Text, str, uuid.UUID]] = (),
) -> Flask:
    """The application. Refuses to start when a view does not say who may enter.

    `features` are all that the registry finds unless given; `sign_ins` are the demo's one-click sign-ins
    (label, e-mail), `guests` those into citizens' own pages (label, municipality, access's id); both count in demo
    mode only.
    """
    app = Flask("hjelpa", static_folder="web/static", template_folder="web/templates")
    found = features or find_features()
    app.config.update(SECRET_KEY=settings.secret_key, HJELPA_MODE=settings.mode)
    app.extensions["hjelpa_settings"] = settings
    app.extensions["hjelpa_features"] = found
    app.extensions["hjelpa_grants"] = role_permissions(found)
    app.extensions["hjelpa_newest_revision"] = newest_revision(settings)
    app.extensions["hjelpa_redis"] = Redis.from_url(settings.redis_url, socket_timeout=5, socket_connect_timeout=2)
    app.extensions["hjelpa_demo_sign_ins"] = tuple(sign_ins) if settings.mode == "demo" else ()
    app.extensions["hjelpa_demo_guests"] = tuple(guests) if settings.mode == "demo" else ()
    init_telemetry(app, settings)
    init_database(app, settings)
    init_security(app, secure=settings.secure)
    app.after_request(_end_of_work)
    init_gate(app)
    init_uploads(app)
    init_limits(app, settings)
    csrf = CSRFProtect(app)
    init_i18n(app)
    init_shell(app)
    init_receipts(app)
    init_errors(app)
    _register(app, found, csrf)
    install_components(app.jinja_env)
    refuse_undeclared(app)
    _believe(app, settings)
    return app


def _register(app: Flask, features: Features, csrf: CSRFProtect) -> None:
    app.jinja_env.globals.update(static_url=static_url, linked_rows=linked_rows)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    public(app.view_functions["static"])
    app.register_blueprint(health.blueprint)
    api.init_api(app)
    for manifest in features.manifests:
        for blueprint in manifest.blueprints:
            api.register(app, csrf, blueprint)


def _believe(app: Flask, settings: Settings) -> None:
    """Who a request says it comes from and whom it says it looks for: our own proxies and our own name, no others."""
    app.config["TRUSTED_HOSTS"] = settings.trusted_hosts
    wrapped = app.wsgi_app
    if settings.trusted_hosts:
        wrapped = health.AnyHostForProbes(wrapped, settings.trusted_hosts[0])
    count = settings.trusted_proxies
    app.wsgi_app = ProxyFix(wrapped, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]  # Flask's way to wrap it


def _end_of_work(response: Response) -> Response:
    """One commit per request; whatever was refused or failed leaves nothing behind. Reading has nothing to commit."""
    if request.method in READING:
        return response
    if response.status_code < 400:
        commit_all()
    else:
        rollback_all()
    return response
