"""Ways back: the page a person came from, and where to go after a sign-in that came in between."""

from urllib.parse import unquote, urlsplit

from flask import current_app, g, request, url_for
from werkzeug.exceptions import HTTPException

from hjelpa.core.permissions import features
from tenants.identity.rules import FOR_EVERYONE, first_segment, is_own_address
from tenants.municipalities import queries as municipalities
from tenants.municipalities.models import Municipality

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


def after_sign_in(home: str = "workspace.today") -> str:
    """Where to go when a form was sent without a living session: where it stands, else to a front page (`home`)."""
    origin = find_origin() or (request.path if _can_be_opened(request.path) else None)
    if origin is not None:
        return origin
    return url_for(home) if g.tenant_slug else url_for("front.index")


def find_front_door(target: str) -> str | None:
    """Where somebody who was heading for a municipality may ask for help without signing in; None where they cannot."""
    place = first_segment(target)
    municipality = None if place in FOR_EVERYONE else municipalities.find_by_slug(place)
    return None if municipality is None else front_door_of(municipality)


def front_door_of(municipality: Municipality) -> str | None:
    """Where anyone may ask a municipality for help; None where that is not on."""
    on = features().enabled(municipalities.list_switched_off(municipality.id))
    door = next((manifest.front_door for manifest in on if manifest.front_door), None)
    return url_for(door, tenant=municipality.slug) if door else None


def _can_be_opened(path: str) -> bool:
    try:
        current_app.url_map.bind(request.host).match(unquote(path), method="GET")
    except HTTPException:
        return False
    return True
