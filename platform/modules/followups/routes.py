"""Follow-ups: the list with its clocks, one follow-up and the conversation that ends it, and the button that opens one."""

import uuid
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from hjelpa.core.events import Dissatisfaction, publish
from hjelpa.core.permissions import access, may
from hjelpa.core.schemas import local_moment
from hjelpa.core.types import utcnow
from hjelpa.core.visitor import get_seat
from hjelpa.web.forms import Form
from modules.citizens import talk
from modules.citizens.commands import keep_open, tell_responsible
from modules.citizens.gate import open_record
from modules.citizens.listing import page_address
from modules.citizens.paging import Page, page_number
from modules.citizens.queries import Head, find_citizen
from modules.followups import commands, queries
from modules.followups.listing import say_clock, show_followups
from modules.followups.rules import HeldProblem, find_held_problem, which
from modules.followups.schemas import SIGNS, ClosingInput

blueprint = Blueprint("followups", __name__, url_prefix="/<tenant>/followups", template_folder="templates")

_PROBLEMS: dict[HeldProblem, tuple[str, object]] = {
    "day_ahead": ("held_date", _l("This day has not come yet. Write the conversation when it has been held.")),
    "time_ahead": ("held_time", _l("This time has not come yet. Write the conversation when it has been held.")),
    "before": ("held_date", _l("This was before the follow-up began. It ends with a conversation about it.")),
}


@blueprint.get("")
@access("followups.read")
def index() -> ResponseReturnValue:
    oversees, now = may("citizens.oversee"), utcnow()
    shown = which(request.args.get("show"), oversees=oversees)
    number = page_number(request.args.get("page"))
    rows = queries.list_followups(shown, get_seat().id, now, number, everyones=oversees)
    if not rows and number > 1:
        return redirect(url_for("followups.index", show=shown), 303)
    return render_template(
        "followups/index.html",
        rows=show_followups(rows, now),
        shown=shown,
        page=Page.of(number, rows),
        page_url=page_address("followups.index", show=shown),
        oversees=oversees,
    )


@blueprint.get("/<uuid:followup_id>")
@access("followups.read")
def show(followup_id: uuid.UUID) -> ResponseReturnValue:
    head = _open_of(followup_id)
    now = {"held_date": talk.today(), "next_date": talk.today()}
    return _page(followup_id, head, Form(ClosingInput, initial=now) if may("followups.close") else None)


@blueprint.post("/<uuid:followup_id>")
@access("followups.close")
def close(followup_id: uuid.UUID) -> ResponseReturnValue:
    head = _open_of(followup_id)
    form = Form.read(ClosingInput, request.form)
    still_open, followup, now = keep_open(head.id), commands.lock(followup_id), utcnow()
    if followup.closed_at is not None and form.ok and commands.is_closed_by(followup, form.values):
        return redirect(url_for("citizens.course", course_id=head.id), 303)
    if followup.closed_at is not None or not still_open:
        return _page(followup_id, head, form, late_form=True), 409
    held_at = _read_held(form, followup.opened_at, now)
    next_at = talk.read_next_step(form, earliest=now)
    if not form.ok or held_at is None or next_at is None:
        return _page(followup_id, head, form), 422
    seat = get_seat()
    commands.close(followup, form.values, helper_id=seat.id, now=now, held_at=held_at, next_step_at=next_at)
    tell_responsible(head, seat)
    flash(talk.receipt(next_at, head.names), "success")
    return redirect(url_for("citizens.course", course_id=head.id), 303)


@blueprint.post("/courses/<uuid:course_id>")
@access("followups.close")
def said(course_id: uuid.UUID) -> ResponseReturnValue:
    head = open_record(course_id)
    if head.closed_at is not None:
        flash(gettext("This course has ended. Nothing was changed."), "info")
        return redirect(url_for("citizens.course", course_id=course_id), 303)
    publish(Dissatisfaction(course_id, "said", utcnow()))
    flash(gettext("Noted. Somebody calls within one working day; the clock stands on the course."), "success")
    return redirect(url_for("citizens.course", course_id=course_id, _anchor="followups"), 303)


def _open_of(followup_id: uuid.UUID) -> Head:
    """The course of a follow-up, opened to the reader; ends the request where there is none or it may not be read."""
    course_id = queries.find_course_of(followup_id)
    return open_record(course_id) if course_id is not None else abort(404)


def _read_held(form: Form, begun: datetime, now: datetime) -> datetime | None:
    """When the conversation was, or None; what cannot be right gets its message at its field."""
    day, hour = form.values.get("held_date"), form.values.get("held_time")
    if day is None or hour is None:
        return None
    problem = find_held_problem(day, hour, begun, now)
    if problem is not None:
        form.refuse(*_PROBLEMS[problem])
        return None
    # The minute in which it began counts as after.
    return max(local_moment(day, hour), begun)


def _page(followup_id: uuid.UUID, head: Head, form: Form | None, *, late_form: bool = False) -> str:
    """The follow-up, with the form that ends it while it is open, or with what was typed when somebody else was first."""
    story = next(story for story in queries.read_stories(head.id).stories if story.id == followup_id)
    return render_template(
        "followups/show.html",
        head=head,
        citizen=find_citizen(head.citizen_id),
        story=story,
        left=say_clock(story.due_at, utcnow()),
        signs=SIGNS,
        form=form if late_form or story.ended_at is None else None,
        form_errors=late_form or (form is not None and form.errors),
        late_form=late_form,
    )
