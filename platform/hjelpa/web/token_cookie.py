"""A cookie that holds a random token: sent over TLS only where there is TLS, never readable by scripts."""

from collections.abc import Callable
from datetime import timedelta

from flask import current_app, request
from werkzeug import Response


class TokenCookie:
    """One such cookie. `prefix` is what the browser demands of it where there is TLS; a demo without TLS cannot use it.

    `path` says which addresses it is sent to, in the request at hand.
    """

    def __init__(self, name: str, prefix: str, lasts: timedelta, path: Callable[[], str]) -> None:
        self._name, self._prefix, self._lasts, self._path = name, prefix, lasts, path

    def name(self) -> str:
        return f"{self._prefix}{self._name}" if _over_tls() else self._name

    def read(self) -> str | None:
        return request.cookies.get(self.name())

    def set(self, response: Response, token: str) -> None:
        seconds = int(self._lasts.total_seconds())
        response.set_cookie(
            self.name(),
            token,
            max_age=seconds,
            secure=_over_tls(),
            httponly=True,
            samesite="Lax",
            path=self._path(),
        )

    def clear(self, response: Response) -> None:
        response.delete_cookie(self.name(), secure=_over_tls(), httponly=True, samesite="Lax", path=self._path())


def _over_tls() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])
