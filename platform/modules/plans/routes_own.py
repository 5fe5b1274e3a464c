"""The plan on the citizen's own pages: the same views and forms as the helper's, opened by the guest."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import own
from modules.plans import commands, sharing_queries, views
from modules.plans.document import NOBODY, build
from modules.plans.own_place import author_of, begin_place, find_own_plan, open_own_plan
from modules.plans.pages import register
from modules.plans.queries import read_sheet
from modules.plans.rules import Author
from tenants.guests.gate import open_own_pages

own_plan = Blueprint("own_plan", __name__, url_prefix="/<tenant>/my/plan", template_folder="templates")

register(own_plan, "", open_own_plan, reading=own, writing=own)


@own_plan.get("")
@own
def show() -> ResponseReturnValue:
    opened = find_own_plan()
    if opened is None:
        return render_template("plans/own_begin.html", place=begin_place())
    return views.show(opened)


@own_plan.post("")
@own
def begin() -> ResponseReturnValue:
    """The citizen begins the own plan; whoever has one keeps that one."""
    guest = open_own_pages("self")
    if not begin_place().may_change:
        abort(403)
    if commands.begin_plan(guest.citizen_id, author_of(guest)):
        flash(gettext("The plan has begun. Write first what matters most."), "success")
    else:
        flash(gettext("There is a plan already, and everyone has only one. Here it is."), "info")
    return redirect(url_for("own_plan.show"), 303)


@own_plan.get("/shared")
@own
def shared() -> ResponseReturnValue:
    """The plan as a service outside the house reads it: what is not held back, and nothing to write in."""
    guest = open_own_pages("service")
    found = sharing_queries.find_share_of(guest.id) or abort(404)
    share, plan = found
    return render_template(
        "plans/shared.html", page_frame="citizen.html", crumbs=[], **read_shared(plan, share.held_back)
    )


def read_shared(plan: Any, held_back: list[str]) -> dict[str, Any]:
    """The parts that a service sees, without any adult's own words."""
    # Read as an adult who has written nothing, so that nobody's own words are even asked for.
    reader = Author("adult", NOBODY, "")
    sections = build(plan, read_sheet(plan.id, reader), own=None, held_back=held_back)
    return {"sections": sections, "held_back": bool(held_back)}
