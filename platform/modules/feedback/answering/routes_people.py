"""Who answers in a course besides the citizen, and whether the citizen wants to be asked at all."""

import uuid

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import access
from hjelpa.core.types import new_id, utcnow
from hjelpa.web.forms import Form
from modules.citizens.commands import insert_once, keep_open
from modules.citizens.gate import open_record
from modules.feedback.answering import commands
from modules.feedback.answering.queries import Around, read_around
from modules.feedback.answering.routes import blueprint
from modules.feedback.answering.schemas import RaterInput
from modules.feedback.answering.target import course_url
from modules.feedback.models import Rater


@blueprint.get("/courses/<uuid:course_id>/raters")
@access("feedback.hand_over")
def raters(course_id: uuid.UUID) -> ResponseReturnValue:
    """Those who answer besides the citizen."""
    open_record(course_id)
    return _page(course_id, read_around(course_id), Form(RaterInput, initial={"key": new_id()}))


@blueprint.post("/courses/<uuid:course_id>/raters")
@access("feedback.hand_over")
def add_rater(course_id: uuid.UUID) -> ResponseReturnValue:
    open_record(course_id)
    form = Form.read(RaterInput, request.form)
    if not keep_open(course_id):
        flash(gettext("This course has ended. Nothing was changed."), "info")
        return redirect(course_url(course_id), 303)
    around = read_around(course_id)
    label, key = form.values.get("label", ""), form.values.get("key")
    if any(one.label.casefold() == label.casefold() and one.id != key for one in around.asked):
        form.refuse("label", gettext("Somebody is called that already. Write a name that tells them apart."))
    if not form.ok or key is None:
        return _page(course_id, around, form), 422
    insert_once(Rater, key, {"course_id": course_id, "label": label}, {})
    # Without the name: what is flashed travels in a cookie.
    flash(gettext("They can be asked now."), "success")
    return redirect(url_for("answering.raters", course_id=course_id), 303)


@blueprint.post("/courses/<uuid:course_id>/raters/<uuid:rater_id>/end")
@access("feedback.hand_over")
def end_rater(course_id: uuid.UUID, rater_id: uuid.UUID) -> ResponseReturnValue:
    open_record(course_id)
    rater = read_around(course_id).find_rater(rater_id) or abort(404)
    commands.end_rater(rater.id, utcnow())
    flash(gettext("They are not asked any more. What they have answered stays."), "success")
    return redirect(url_for("answering.raters", course_id=course_id), 303)


@blueprint.post("/courses/<uuid:course_id>/declined")
@access("feedback.hand_over")
def set_declined(course_id: uuid.UUID) -> ResponseReturnValue:
    """The citizen has told the helper that they would rather not be asked, or that they may be after all."""
    open_record(course_id)
    if request.form.get("declined") == "1":
        commands.decline(course_id, utcnow())
        flash(gettext("Noted: the citizen is not asked. The help goes on as before."), "success")
    else:
        commands.accept(course_id, utcnow())
        flash(gettext("Noted: the citizen can be asked again."), "success")
    return redirect(course_url(course_id), 303)


def _page(course_id: uuid.UUID, around: Around, form: Form) -> str:
    return render_template(
        "feedback/answering/raters.html",
        course_id=course_id,
        around=around,
        course_url=course_url(course_id),
        form=form,
        form_errors=form.errors,
    )
