"""Default-deny access: every view says who may enter, or the application refuses to start."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from flask import Flask, current_app

from hjelpa.core.features import Features
from hjelpa.core.visitor import find_seat, find_visitor

View = TypeVar("View", bound=Callable[..., Any])

Kind = Literal["public", "token", "own", "signed_in", "permission", "api"]


@dataclass(frozen=True, slots=True)
class Access:
    """What one view demands. `permission` is set for the kind of that name only; for "api" it is the token's scope."""

    kind: Kind
    permission: str = ""


class UndeclaredAccess(RuntimeError):
    """A view was registered without saying who may enter."""


def _declare(view: View, access: Access) -> View:
    view.__hjelpa_access__ = access  # type: ignore[attr-defined]  # read again by find_access
    return view


def public(view: View) -> View:
    """Anyone may enter, signed in or not."""
    return _declare(view, Access("public"))


def by_token(view: View) -> View:
    """A citizen may enter with the one-time token in the address; the view itself checks it."""
    return _declare(view, Access("token"))


def own(view: View) -> View:
    """A citizen's own page: whoever has come in by a one-time code; the view finds whose by `get_guest`."""
    return _declare(view, Access("own"))


def signed_in(view: View) -> View:
    """Any signed-in person; inside a municipality's address, only those with a seat there."""
    return _declare(view, Access("signed_in"))


def access(permission: str) -> Callable[[View], View]:
    """Only people whose role in this place carries the permission (`<feature>.<verb>`)."""
    return lambda view: _declare(view, Access("permission", permission))


def by_api_token(scope: str) -> Callable[[View], View]:
    """Only programs with a token of the API that was made for this (`<feature>.<what>.<verb>`); never people's cookies."""
    return lambda view: _declare(view, Access("api", scope))


def find_access(app: Flask, endpoint: str) -> Access | None:
    """The declared access of an endpoint, class-based views (flask-smorest) included."""
    view = app.view_functions[endpoint]
    declared = getattr(view, "__hjelpa_access__", None) or getattr(
        getattr(view, "view_class", None), "__hjelpa_access__", None
    )
    return declared if isinstance(declared, Access) else None


def refuse_undeclared(app: Flask) -> None:
    """Run once at start: raises UndeclaredAccess naming every view without a declaration, or with an unknown one."""
    known = {permission.id for permission in features_of(app).permissions}
    scopes = {scope.id for scope in features_of(app).scopes}
    wrong = []
    for endpoint in sorted(app.view_functions):
        declared = find_access(app, endpoint)
        if declared is None:
            wrong.append(f"{endpoint} declares no access")
        elif declared.kind == "permission" and declared.permission not in known:
            wrong.append(f"{endpoint} asks for {declared.permission}, which no manifest declares")
        elif declared.kind == "api" and declared.permission not in scopes:
            wrong.append(f"{endpoint} asks for the scope {declared.permission}, which no manifest declares")
    if wrong:
        raise UndeclaredAccess("; ".join(wrong))


def features_of(app: Flask) -> Features:
    found = app.extensions["hjelpa_features"]
    assert isinstance(found, Features)
    return found


def features() -> Features:
    """The features of the running application."""
    return features_of(current_app)


def role_permissions(all_features: Features) -> Mapping[str, frozenset[str]]:
    """Permission ids by role, from the manifests' own defaults."""
    by_role: dict[str, set[str]] = {}
    for permission in all_features.permissions:
        for role in permission.roles:
            by_role.setdefault(role, set()).add(permission.id)
    return {role: frozenset(ids) for role, ids in by_role.items()}


def may(permission: str) -> bool:
    """Whether the person of this request has the permission in the place they are in."""
    grants = current_app.extensions["hjelpa_grants"]
    return any(permission in grants.get(role, ()) for role in roles_here())


def roles_here() -> frozenset[str]:
    """The roles held in the place at hand: the seat's in a municipality, else those of all posts."""
    seat = find_seat()
    if seat is not None:
        return seat.roles
    visitor = find_visitor()
    return frozenset() if visitor is None else frozenset(role for post in visitor.posts for role in post.roles)
