"""The gate: decided once per request, before any view runs.

Who is asking (a living sign-in session that is not locked, or a citizen's on the own pages), which municipality the
address names, whether the feature is on there, and whether the view's declared access is held. Then the
municipality's isolation is entered.
"""

import uuid
from typing import Any

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager

from hjelpa.core.database import read_only
from hjelpa.core.isolation import Scope, enter, leave
from hjelpa.core.permissions import Access, features, find_access, may
from hjelpa.core.visitor import Visitor, find_guest, find_visitor
from tenants.api_access.queries import find_program
from tenants.guests.cookies import read_token as read_guest_token
from tenants.identity.cookies import read_token
from tenants.identity.queries import find_visitor_by_token
from tenants.identity.way_back import after_sign_in
from tenants.municipalities import queries as municipalities

READING = ("GET", "HEAD", "OPTIONS")


def init_gate(app: Flask) -> None:
    # Flask-Login for `current_user` only: its hooks are for cookies of its own, which we do not use.
    login = LoginManager()
    login.request_loader(lambda request: find_visitor())
    app.login_manager = login  # type: ignore[attr-defined]  # where Flask-Login looks for it
    app.url_value_preprocessor(_take_tenant)
    app.url_defaults(_give_tenant)
    app.jinja_env.globals["account_id"] = _account_id
    app.before_request(admit)
    app.teardown_request(_leave)


def _take_tenant(endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.tenant_slug = values.pop("tenant", None) if values else None


def _give_tenant(endpoint: str, values: dict[str, Any]) -> None:
    here = g.get("tenant_slug")
    if here and "tenant" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "tenant"):
        values["tenant"] = here


def admit() -> ResponseReturnValue | None:
    """Lets the request in, or answers it: sign-in page, 403, or the 404 of a thing that does not exist."""
    if request.endpoint is None or request.endpoint == "static":
        return None
    reading = request.method in READING
    g.read_only_token = read_only.set(reading)
    declared = find_access(current_app, request.endpoint)
    if declared is None:
        abort(403)
    if declared.kind == "api":
        _admit_program(declared.permission, reading=reading)
        return None
    visitor = _load_visitor()
    if visitor is not None and visitor.locked:
        return _hold(visitor, declared, reading=reading)
    if declared.kind == "own":
        return _admit_guest(reading=reading)
    g.visitor = visitor
    if declared.kind in ("public", "token"):
        _admit_anyone(reading=reading)
        return None
    if g.visitor is None:
        return _ask_to_sign_in(reading=reading)
    if g.tenant_slug is not None:
        _take_seat(g.visitor, reading=reading)
    _refuse_without(declared)
    return None


def _account_id() -> str:
    """Whose page this is, for what the browser keeps by person; empty for nobody."""
    visitor, guest = find_visitor(), find_guest()
    if guest is not None:
        return str(guest.id)
    return visitor.get_id() if visitor else ""


def _load_visitor() -> Visitor | None:
    token = read_token()
    return find_visitor_by_token(token) if token else None


def _hold(visitor: Visitor, declared: Access, *, reading: bool) -> ResponseReturnValue | None:
    """The screen is with a citizen: nobody is signed in, wherever a sign-in is needed there is the lock page, and
    what was sent is not done. That holds for own pages too: the citizen who came in here may be another one.
    The person is put aside for the lock page alone (`screen.find_held`).
    """
    g.held, g.visitor = visitor, None
    if declared.kind in ("public", "token"):
        _admit_anyone(reading=reading)
        return None
    return redirect(url_for("screen.locked"), 303)


def _ask_to_sign_in(*, reading: bool) -> ResponseReturnValue:
    if reading:
        return redirect(url_for("identity.sign_in", next=request.full_path.rstrip("?")), 303)
    # What was sent goes no further, and the sign-in page says so; the browser may still have it.
    return redirect(url_for("identity.sign_in", next=after_sign_in(), lost="1"), 303)


def _admit_guest(*, reading: bool) -> ResponseReturnValue | None:
    """A citizen's own page: whoever has come in by a code, and nobody else, whatever else this browser is signed in to."""
    _admit_anyone(reading=reading)
    token = read_guest_token()
    finders = [manifest.find_guest for manifest in features().manifests if manifest.find_guest is not None]
    g.guest = next((guest for find in finders if token and (guest := find(token))), None)
    if g.guest is not None:
        return None
    if reading:
        return redirect(url_for("my.sign_in", next=request.full_path.rstrip("?")), 303)
    return redirect(url_for("my.sign_in", next=after_sign_in(home="my.home"), lost="1"), 303)


def _admit_program(scope: str, *, reading: bool) -> None:
    """A program with a token of the API, into the token's municipality; cookies count for nothing here.

    A token that never was, has ended or was withdrawn is answered in the same way.
    """
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    program = find_program(token.strip()) if kind.lower() == "bearer" and token else None
    if program is None:
        abort(401)
    _refuse_switched_off(program.modules_off)
    if scope not in program.scopes:
        abort(403)
    g.program, g.modules_off = program, program.modules_off
    g.scope_token = enter(Scope(program.tenant_id, read_only=reading))


def enter_by_token(tenant_id: uuid.UUID) -> None:
    """Enters the municipality that a one-time token belongs to, where the address names none; 404 where it cannot be."""
    found = municipalities.find_place_by_id(tenant_id)
    if found is None:
        abort(404)
    g.municipality, g.modules_off = found
    _refuse_switched_off(g.modules_off)
    g.scope_token = enter(Scope(tenant_id, read_only=request.method in READING))


def _admit_anyone(*, reading: bool) -> None:
    """A public or token page in a municipality: entered without a seat."""
    if g.tenant_slug is None:
        return
    found = municipalities.find_place(g.tenant_slug)
    if found is None:
        abort(404)
    municipality, g.modules_off = found
    _refuse_switched_off(g.modules_off)
    g.municipality = municipality
    g.municipality_language = municipality.language
    g.scope_token = enter(Scope(municipality.id, read_only=reading))


def _take_seat(visitor: Visitor, *, reading: bool) -> None:
    seat = visitor.find_seat(g.tenant_slug)
    if seat is None:
        abort(404)
    _refuse_switched_off(seat.modules_off)
    g.seat = seat
    g.municipality_language = seat.language
    g.scope_token = enter(Scope(seat.tenant_id, read_only=reading))


def _refuse_switched_off(switched_off: frozenset[str]) -> None:
    manifest = features().find_by_endpoint(request.endpoint or "")
    if manifest is not None and not features().is_on(manifest.name, switched_off):
        abort(404)


def _refuse_without(declared: Access) -> None:
    if declared.kind == "permission" and not may(declared.permission):
        abort(403)


def _leave(error: BaseException | None) -> None:
    if "scope_token" in g:
        leave(g.pop("scope_token"))
    if "read_only_token" in g:
        read_only.reset(g.pop("read_only_token"))
