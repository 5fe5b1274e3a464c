"""What a person sees when something is wrong: what happened, that it is not their fault, and what to do."""

from typing import Any

from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from hjelpa.core.database import rollback_all
from hjelpa.core.telemetry import report
from hjelpa.web.problems import is_api, make_problem, tell


def init_errors(app: Flask) -> None:
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _broken)


def _http(error: HTTPException) -> ResponseReturnValue:
    """A refusal. Not-found pages carry no id, time or address: they are the same bytes whatever was asked for."""
    code = error.code or 500
    if error.response is not None or code < 400:
        return error
    if is_api():
        return tell(error, code, _kept_headers(error))
    name = {403: "403", 404: "404", 405: "405", 413: "413", 429: "429"}.get(code, "400" if code < 500 else "500")
    return _page(name, code), code, _kept_headers(error)


def _expired(error: CSRFError) -> ResponseReturnValue:
    return _page("expired", 400), 400


def _broken(error: Exception) -> ResponseReturnValue:
    """Something we did not foresee: logged and reported elsewhere, told here without any of its content."""
    rollback_all()
    report(error)
    g.failed = True
    if is_api():
        return make_problem(500)
    return _page("500", 500), 500


def _page(name: str, code: int) -> str:
    # No frame: its navigation asks the database, which may be what is broken.
    g.no_frame = True
    values: dict[str, Any] = {}
    if code not in (403, 404):
        values["error_id"] = g.get("request_id", "")
    return render_template(f"errors/{name}.html", **values)


def _kept_headers(error: HTTPException) -> list[tuple[str, str]]:
    """Headers that say how to do it right (Allow, Retry-After), without the library's own body type."""
    if isinstance(error, RateLimitExceeded):
        # The longest it can take; asking the counter for the rest would need it to be there.
        return [("Retry-After", str(error.limit.limit.get_expiry()))]
    return [
        (name, value) for name, value in error.get_headers(request.environ) if name in ("Allow", "Retry-After")
    ]
