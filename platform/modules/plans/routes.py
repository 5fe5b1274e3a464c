"""The plan from a course's page: the helper's side. Every view opens the citizen's record first."""

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import access
from hjelpa.core.visitor import get_seat
from modules.citizens.gate import open_record
from modules.citizens.queries import Head
from modules.plans import commands, views
from modules.plans.figures import show_evaluated, show_overdue
from modules.plans.pages import register
from modules.plans.place import Opened, Place, plan_sections
from modules.plans.rules import Author
from modules.plans.sharing_queries import find_own

blueprint = Blueprint("plans", __name__, url_prefix="/<tenant>/plans", template_folder="templates")
COURSE = "/courses/<uuid:course_id>"


def author_here() -> Author:
    """The colleague of this request as somebody who writes in a plan."""
    seat = get_seat()
    return Author("member", seat.id, seat.name, seat.service)


def open_plan(course_id: uuid.UUID) -> Opened:
    """The plan of the course's citizen, opened for the colleague of this request and logged; 404 without one."""
    head = open_record(course_id)
    opened = open_for(head)
    return opened if opened is not None else abort(404)


def open_for(head: Head) -> Opened | None:
    plan, whose, closed = find_own(head.citizen_id)
    return None if plan is None else Opened(plan, author_here(), _place(head, whose, closed=closed), whose)


def say_closed() -> str:
    return gettext(
        "Another municipality helps them now, so the plan here is closed: you can read it, but not write."
    )


def _place(head: Head, whose: str, *, closed: bool) -> Place:
    course = url_for("citizens.course", course_id=head.id)
    crumbs = [(gettext("Courses"), url_for("citizens.index")), (whose, course)]
    sections = [*plan_sections(), ("access", gettext("Who has access"))]
    said = say_closed() if closed else ""
    where = {"course_id": head.id}
    return Place("plans", "workspace.html", where, crumbs, sections, may_change=not closed, closed=said)


@blueprint.get(COURSE)
@access("plans.read")
def show(course_id: uuid.UUID) -> ResponseReturnValue:
    head = open_record(course_id)
    plan, whose, closed = find_own(head.citizen_id)
    place = _place(head, whose, closed=closed)
    if plan is None:
        return render_template("plans/begin.html", place=place)
    return views.show(Opened(plan, author_here(), place, whose))


@blueprint.post(COURSE)
@access("plans.write")
def begin(course_id: uuid.UUID) -> ResponseReturnValue:
    """A plan for somebody who has none; whoever has one keeps that one."""
    head = open_record(course_id)
    if find_own(head.citizen_id).closed:
        abort(403)
    if commands.begin_plan(head.citizen_id, author_here()):
        flash(gettext("The plan has begun. Write first what matters most."), "success")
    else:
        flash(gettext("There is a plan already, and everyone has only one. Here it is."), "info")
    return redirect(url_for("plans.show", course_id=course_id), 303)


register(blueprint, COURSE, open_plan, reading=access("plans.read"), writing=access("plans.write"))


@blueprint.get("/evaluated")
@access("plans.oversee")
def evaluated() -> ResponseReturnValue:
    return show_evaluated()


@blueprint.get("/overdue")
@access("plans.oversee")
def overdue() -> ResponseReturnValue:
    return show_overdue()
