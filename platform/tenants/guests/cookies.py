"""The citizen's cookie: a random token, for the own pages of one municipality only, never readable by scripts."""

from flask import current_app, g, request
from werkzeug import Response

from tenants.guests.rules import ABSOLUTE


def cookie_name() -> str:
    """`__Secure-` demands TLS; `__Host-` would send it to every municipality's pages."""
    return "__Secure-hjelpa-my" if current_app.config["SESSION_COOKIE_SECURE"] else "hjelpa-my"


def cookie_path() -> str:
    return f"/{g.tenant_slug}/my"


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
        path=cookie_path(),
    )


def clear_token(response: Response) -> None:
    response.delete_cookie(
        cookie_name(),
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
        path=cookie_path(),
    )
