"""The sign-in cookie: a random token, sent over TLS only where there is TLS, never readable by scripts."""

from flask import current_app, request
from werkzeug import Response

from tenants.identity.rules import ABSOLUTE


def cookie_name() -> str:
    """`__Host-` binds the cookie to this host and TLS; a demo without TLS cannot use it."""
    return "__Host-hjelpa" if current_app.config["SESSION_COOKIE_SECURE"] else "hjelpa"


def read_token() -> str | None:
    return request.cookies.get(cookie_name())


def set_token(response: Response, token: str) -> None:
    response.set_cookie(
        cookie_name(),
        token,
        max_age=int(ABSOLUTE.total_seconds()),
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
        path="/",
    )


def clear_token(response: Response) -> None:
    response.delete_cookie(
        cookie_name(), secure=bool(current_app.config["SESSION_COOKIE_SECURE"]), httponly=True, samesite="Lax"
    )
