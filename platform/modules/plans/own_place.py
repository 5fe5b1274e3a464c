"""A plan opened on the citizen's own pages, by the citizen, an adult, or a service that it is shared with."""

from flask import abort, url_for
from flask_babel import gettext

from hjelpa.core.visitor import Guest, get_guest
from modules.plans.place import Opened, Place, plan_sections
from modules.plans.rules import Author
from modules.plans.sharing_queries import find_own
from tenants.guests.gate import open_own_pages


def author_of(guest: Guest) -> Author:
    """The guest as somebody who reads and writes in a plan. An adult's access has the adult's own id."""
    return Author("adult" if guest.relation == "adult" else "citizen", guest.id, guest.name)


def find_own_plan() -> Opened | None:
    """The plan of the guest of this request, logged as read; None where there is none yet."""
    guest = open_own_pages("self", "adult")
    plan, name, closed = find_own(guest.citizen_id)
    return None if plan is None else Opened(plan, author_of(guest), own_place(closed=closed), name)


def open_own_plan() -> Opened:
    return find_own_plan() or abort(404)


def begin_place() -> Place:
    """Where the plan is begun, by a guest who has opened the own pages."""
    return own_place(closed=find_own(get_guest().citizen_id).closed)


def say_closed() -> str:
    return gettext(
        "Another municipality helps you now, so the plan here is closed: you can read it, but not write."
    )


def own_place(*, closed: bool = False) -> Place:
    sections = [*plan_sections(), ("sharing", gettext("Sharing")), ("copy", gettext("Take a copy"))]
    crumbs = [(gettext("Your pages"), url_for("my.home"))]
    said = say_closed() if closed else ""
    return Place("own_plan", "citizen.html", {}, crumbs, sections, may_change=not closed, closed=said)
