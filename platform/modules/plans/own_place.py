"""A plan opened on the citizen's own pages, by the citizen, an adult, or a service that it is shared with."""

from flask import abort, url_for
from flask_babel import gettext

from hjelpa.core.visitor import Guest
from modules.citizens.queries import find_citizen
from modules.plans import queries
from modules.plans.place import Opened, Place, plan_sections
from modules.plans.rules import Author
from tenants.guests.gate import open_own_pages


def author_of(guest: Guest) -> Author:
    """The guest as somebody who reads and writes in a plan. An adult's access has the adult's own id."""
    return Author("adult" if guest.relation == "adult" else "citizen", guest.id, guest.name)


def find_own_plan() -> Opened | None:
    """The plan of the guest of this request, logged as read; None where there is none yet."""
    guest = open_own_pages("self", "adult")
    plan = queries.find_plan(guest.citizen_id)
    if plan is None:
        return None
    return Opened(plan, author_of(guest), own_place(), find_citizen(guest.citizen_id).name)


def open_own_plan() -> Opened:
    return find_own_plan() or abort(404)


def own_place() -> Place:
    sections = [*plan_sections(), ("sharing", gettext("Sharing")), ("copy", gettext("Take a copy"))]
    return Place("own_plan", "citizen.html", {}, [(gettext("Your pages"), url_for("my.home"))], sections)
