"""The citizen's own page about their answers: the curve so far, what it means, and whether they want to be asked."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import own
from hjelpa.core.types import utcnow
from modules.feedback.answering import commands, own_queries
from modules.feedback.answering.own_words import forms_of, say_measured, tell_curve
from modules.feedback.answering.routes_my import my
from tenants.guests.gate import open_own_pages


@my.get("/feedback")
@own
def own_feedback() -> ResponseReturnValue:
    guest = open_own_pages("self")
    course = own_queries.find_own_course(guest.citizen_id)
    marks = own_queries.list_marks(course.id) if course else ()
    return render_template(
        "feedback/answering/own.html",
        course=course,
        curve=tell_curve(marks, forms_of(marks), key="own-curve", title=gettext("Your curve")),
        measured=say_measured(marks) if marks else "",
        said=own_queries.list_said(course.id) if course else (),
    )


@my.post("/feedback")
@own
def set_own_declined() -> ResponseReturnValue:
    """The citizen says no to being asked, or takes it back."""
    guest = open_own_pages("self")
    course = own_queries.find_own_course(guest.citizen_id) or abort(404)
    if request.form.get("declined") == "1":
        commands.decline(course.id, utcnow())
        flash(gettext("You will not be asked any more. You get the same help as before."), "success")
    else:
        commands.accept(course.id, utcnow())
        flash(gettext("You can be asked again."), "success")
    return redirect(url_for("my_feedback.own_feedback"), 303)
