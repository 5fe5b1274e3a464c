"""Ways back: the page a person came from, and where to go after a sign-in that came in between."""

from urllib.parse import unquote, urlsplit

from flask import current_app, g, request, url_for
from werkzeug.exceptions import HTTPException

from tenants.identity.rules import is_own_address

# Tells the browser to put back what was typed (static/js/app.js).
TYPED = "#typed"


def find_origin() -> str | None:
    """The page on this platform whose link or form led here; None if it is unknown or cannot be opened again."""
    try:
        parts = urlsplit(request.referrer or "")
    except ValueError:
        return None
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    if parts.netloc != request.host or not is_own_address(target):
        return None
    return target if _can_be_opened(parts.path) else None


def after_sign_in() -> str:
    """Where to go when a form was sent without a living session: where it stands, else to a front page."""
    origin = find_origin() or (request.path if _can_be_opened(request.path) else None)
    if origin is not None:
        return origin
    return url_for("workspace.today") if g.tenant_slug else url_for("front.index")


def _can_be_opened(path: str) -> bool:
    try:
        current_app.url_map.bind(request.host).match(unquote(path), method="GET")
    except HTTPException:
        return False
    return True
