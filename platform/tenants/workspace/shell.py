"""The frame around every page: navigation, municipality switch, bell and help, composed from the contract."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import SECTIONS, Manifest, NavItem
from hjelpa.core.permissions import features, find_access, may
from hjelpa.core.visitor import Guest, Seat, Visitor, find_guest, find_seat, find_visitor
from hjelpa.web import layout
from hjelpa.web.i18n import LANGUAGES, choose_language
from hjelpa.web.layout import Language, Link, NavSection, Place, Shell, ShellName
from tenants.identity.landing import SHELL_HOMES
from tenants.notices.queries import count_unread

SECTION_TITLES = {
    "work": _l("Work"),
    "learn": _l("Learn"),
    "network": _l("The network"),
    "municipality": _l("The municipality"),
}

ROLE_TITLES = {
    "helper": _l("Helper"),
    "leader": _l("Team leader"),
    "administrator": _l("Administrator"),
    "network_editor": _l("Network editor"),
    "national_viewer": _l("Reader"),
    "operator": _l("Operator"),
}

SHELL_OF_ENDPOINT: Mapping[str, ShellName] = {
    "releases": "network",
    "national": "national",
    "operator": "operator",
}


# Frames kept in memory; one is a few kilobytes.
MOST_KEPT = 2000


def init_shell(app: Flask) -> None:
    app.extensions["hjelpa_frames"] = {}
    app.jinja_env.globals.update(may=may, role_title=lambda role: ROLE_TITLES.get(role, role))
    app.context_processor(_frame_values)


def _frame_values() -> dict[str, object]:
    """A page may render several templates; its frame is composed once. Refusals have none."""
    if g.get("no_frame"):
        return {"shell": None}
    if "frame_values" not in g:
        seat = find_seat()
        g.frame_values = {"shell": build_shell(), "notices_count": count_unread(seat.id) if seat else 0}
    values: dict[str, object] = g.frame_values
    return values


def build_shell() -> Shell:
    """The frame for the page at hand. Everything in it but the bell follows from who is where, and is kept."""
    visitor, seat = find_visitor(), find_seat()
    if visitor is None or (seat is None and "municipality" in g):
        return (
            _citizen()
            if "municipality" in g
            else Shell(name="account", languages=_languages(), language=choose_language(), demo=_demo())
        )
    kept: dict[tuple[object, ...], Shell] = current_app.extensions["hjelpa_frames"]
    key = (visitor, seat, request.endpoint, request.method == "GET" and not request.view_args, choose_language())
    if key not in kept:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[key] = _workspace(visitor, seat) if seat else _outside(visitor)
    return kept[key]


def _workspace(visitor: Visitor, seat: Seat) -> Shell:
    return Shell(
        name="workspace",
        subtitle=seat.municipality,
        home_url=url_for("workspace.today"),
        sections=_sections(features().enabled(seat.modules_off), "workspace"),
        notices_url=url_for("notices.index"),
        search_url=url_for("workspace.search"),
        theme_url=None,
        **_personal(visitor),
    )


def _outside(visitor: Visitor) -> Shell:
    """The network's, a national body's and the operator's pages, and the own account."""
    name = _shell_name()
    post = next((post for post in visitor.posts if post.shell == name), None)
    return Shell(
        name=name,
        subtitle=post.organisation if post else "",
        home_url=url_for(SHELL_HOMES[post.shell]) if post else url_for("front.index"),
        sections=_sections(features().manifests, name) if post else (),
        **_personal(visitor),
    )


def _citizen() -> Shell:
    """The citizen's pages; with links to the own pages only for whoever has come in to them by a code."""
    guest = find_guest()
    return Shell(
        name="citizen",
        subtitle=g.municipality.service,
        home_url=url_for("my.home") if guest else request.path,
        sections=_own_pages(guest) if guest else (),
        footer=() if guest or _by_token() else _public_pages(),
        person_name=guest.name if guest else None,
        sign_out_url=url_for("my.sign_out") if guest else None,
        label=gettext("Your pages"),
        languages=_languages(),
        language=choose_language(),
        demo=_demo(),
        messages_url=url_for("messages.index") if _demo() else None,
    )


def _by_token() -> bool:
    """Pages behind an address of their own, such as a scale on a helper's screen, lead nowhere else."""
    declared = find_access(current_app, request.endpoint or "")
    return declared is not None and declared.kind == "token"


def _own_pages(guest: Guest) -> tuple[NavSection, ...]:
    on = features().enabled(guest.modules_off)
    pages = sorted(
        (page for manifest in on for page in manifest.own_pages if guest.relation in page.relations),
        key=lambda page: page.order,
    )
    items = (
        layout.NavItem(str(page.title), url_for(page.endpoint), current=page.endpoint == request.endpoint)
        for page in pages
    )
    return (NavSection("", tuple(items)),)


def _public_pages() -> tuple[Link, ...]:
    """What anyone may open here, but the page at hand, in the language that was chosen: there is no account for it."""
    on, language = features().enabled(g.get("modules_off", ())), request.args.get("lang")
    pages = sorted((page for manifest in on for page in manifest.public_pages), key=lambda page: page.order)
    return tuple(
        Link(str(page.title), url_for(page.endpoint, lang=language))
        for page in pages
        if page.endpoint != request.endpoint
    )


def _personal(visitor: Visitor) -> dict[str, Any]:
    return {
        "places": _places(visitor),
        "person_name": visitor.name,
        "account_url": url_for("identity.account"),
        "sign_out_url": url_for("identity.sign_out"),
        "help_url": _help_url(),
        "demo": _demo(),
        "language": choose_language(),
        "label": gettext("Main menu"),
        "footer": (Link(gettext("Help and guide"), url_for("guide.index")),),
    }


def _shell_name() -> ShellName:
    return SHELL_OF_ENDPOINT.get(request.blueprint or "", "account")


def _sections(manifests: tuple[Manifest, ...], shell: str) -> tuple[NavSection, ...]:
    items = [
        item
        for manifest in manifests
        for item in manifest.navigation
        if item.shell == shell and may(item.permission)
    ]
    here = _current_endpoint(items)
    by_section: Mapping[str, list[NavItem]] = {section: [] for section in SECTIONS}
    for item in sorted(items, key=lambda item: item.order):
        by_section[item.section].append(item)
    return tuple(
        NavSection(
            str(SECTION_TITLES[section]) if shell == "workspace" else "",
            tuple(
                layout.NavItem(str(item.title), url_for(item.endpoint), item.icon, item.endpoint == here)
                for item in found
            ),
        )
        for section, found in by_section.items()
        if found
    )


def _current_endpoint(items: Sequence[NavItem]) -> str:
    """The item one stands on: the page itself if it is in the menu, else its feature's first page."""
    here = request.endpoint or ""
    if any(item.endpoint == here for item in items):
        return here
    return f"{here.partition('.')[0]}.index"


def _places(visitor: Visitor) -> tuple[Place, ...]:
    here = find_seat()
    seats = [
        Place(seat.municipality, _roles(seat.roles), _same_page(seat), here is not None and here.id == seat.id)
        for seat in visitor.seats
    ]
    shell = _shell_name()
    posts = [
        Place(
            post.organisation,
            _roles(post.roles),
            url_for(SHELL_HOMES[post.shell]),
            here is None and post.shell == shell,
        )
        for post in visitor.posts
    ]
    return (*seats, *posts)


def _roles(roles: frozenset[str]) -> str:
    return ", ".join(str(title) for role, title in ROLE_TITLES.items() if role in roles)


def _same_page(seat: Seat) -> str:
    """The same kind of page in another municipality where it exists and is allowed there, else *I dag*."""
    endpoint = request.endpoint or ""
    manifest = features().find_by_endpoint(endpoint)
    declared = find_access(current_app, endpoint)
    if (
        find_seat() is None
        or request.view_args
        or request.method != "GET"
        or manifest is None
        or declared is None
        or not features().is_on(manifest.name, seat.modules_off)
        or not (declared.kind == "signed_in" or _seat_may(seat, declared.permission))
    ):
        return url_for("workspace.today", tenant=seat.slug)
    return url_for(endpoint, tenant=seat.slug)


def _seat_may(seat: Seat, permission: str) -> bool:
    grants = current_app.extensions["hjelpa_grants"]
    return any(permission in grants.get(role, ()) for role in seat.roles)


def _help_url() -> str | None:
    found = features().passages.get(request.endpoint or "")
    return url_for("guide.passage", feature=found[0].name, slug=found[1].slug) if found else None


def _languages() -> tuple[Language, ...]:
    here = choose_language()
    return tuple(
        Language(code, title, f"{request.path}?lang={code}", code == here) for code, title in LANGUAGES.items()
    )


def _demo() -> bool:
    return bool(current_app.config["HJELPA_MODE"] == "demo")
