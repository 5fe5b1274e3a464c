"""Refusals as programs read them: problem+json (RFC 9457), the same bytes for what is missing and what is another's."""

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, request
from werkzeug.exceptions import HTTPException

START = "/api/"
PROBLEM = "application/problem+json"

# What helps whoever writes a program; nothing of what was asked for.
DETAILS = {
    400: "The body or a parameter cannot be read.",
    401: "A living token is needed: Authorization: Bearer …",
    403: "This token was not made for this.",
    404: "There is nothing here.",
    409: "Another answer had already arrived, and that is the one that is kept.",
    413: "This is too large.",
    422: "Something in it cannot be used; see errors.",
    429: "Too many requests; wait as long as Retry-After says.",
}


def is_api() -> bool:
    """Whether a program is asking, so that errors are told as programs read them."""
    return request.path.startswith(START)


def make_problem(
    status: int, errors: Mapping[str, Any] | None = None, headers: Iterable[tuple[str, str]] = ()
) -> Response:
    """One refusal. `errors` are by place (json, query) and field, as marshmallow gives them."""
    body: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    if status in DETAILS:
        body["detail"] = DETAILS[status]
    if errors:
        body["errors"] = errors
    response = Response(json.dumps(body, default=str), status, mimetype=PROBLEM)
    response.headers.extend(list(headers))
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def tell(error: HTTPException, status: int, headers: Iterable[tuple[str, str]]) -> Response:
    """A refusal of Flask's, or of a schema's that found something wrong."""
    data = getattr(error, "data", None) or {}
    return make_problem(status, data.get("messages") or data.get("errors"), headers)
