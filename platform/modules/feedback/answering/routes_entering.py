"""The helper writes in what was answered on paper or by phone, on the citizen's or another rater's behalf."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from hjelpa.core.permissions import access
from hjelpa.core.types import utcnow
from hjelpa.core.visitor import get_seat
from hjelpa.web.charts import format_number
from hjelpa.web.forms import Form
from modules.feedback.answering import commands, queries
from modules.feedback.answering.choice import get_form
from modules.feedback.answering.routes import blueprint
from modules.feedback.answering.rules import make_sheet
from modules.feedback.answering.schemas import entering_input
from modules.feedback.answering.target import Target, course_url, open_target
from modules.feedback.scales.forms import Form as Scale
from modules.feedback.scales.queries import PackRow, find_ended_pack
from modules.feedback.wording import TITLES


@blueprint.get("/conversations/<uuid:conversation_id>/enter")
@access("feedback.hand_over")
def enter(conversation_id: uuid.UUID) -> ResponseReturnValue:
    target = open_target(conversation_id, scale="outcome")
    if not target.may_enter:
        return _refuse(target)
    scale = _scale_of(target)
    if closed := find_ended_pack(scale):
        return _refuse_closed(target, closed)
    return _page(target, scale, Form(_input_of(scale), initial=_written_before(target, scale)))


@blueprint.post("/conversations/<uuid:conversation_id>/enter")
@access("feedback.hand_over")
def keep_entered(conversation_id: uuid.UUID) -> ResponseReturnValue:
    target = open_target(conversation_id)
    if not target.may_enter:
        return _refuse(target)
    scale = _scale_of(target)
    if closed := find_ended_pack(scale):
        return _refuse_closed(target, closed)
    form = Form.read(_input_of(scale), request.form)
    marks = [form.values.get(name) for name in scale.names]
    if form.ok and all(mark is None for mark in marks):
        form.refuse(scale.names[0], gettext("Write at least one number. What was not answered stays empty."))
    if not form.ok:
        return _page(target, scale, form), 422
    channel, words, by = form.values["channel"], form.values["words"], get_seat().id
    sheet = make_sheet(scale, marks)
    if not commands.enter(target.place, sheet, utcnow(), channel=channel, by=by, words=words):
        return _refuse(target)
    flash(gettext("The answer is written in, with your name beside it."), "success")
    return redirect(course_url(target.head.id), 303)


def _scale_of(target: Target) -> Scale:
    """The form to write in: the one that was used before when it is put right."""
    kept = target.kept
    return get_form(kept.form, kept.form_version) if kept and kept.entered_by else target.choose().form


def _input_of(scale: Scale) -> Any:
    return entering_input(scale, scale.in_language(str(get_locale())))


def _written_before(target: Target, scale: Scale) -> dict[str, str]:
    """What was written in before, to be put right."""
    kept = queries.find_answer(target.place) if target.kept and target.kept.entered_by else None
    if kept is None:
        return {}
    locale = str(get_locale())
    marks = {
        name: format_number(mark / 10, locale)
        for name, mark in zip(scale.names, kept.items, strict=False)
        if mark is not None
    }
    return {**marks, "channel": kept.channel, "words": kept.words}


def _page(target: Target, scale: Scale, form: Form) -> str:
    return render_template(
        "feedback/answering/enter.html",
        target=target,
        question=scale.words[scale.in_language(str(get_locale()))].question,
        names=scale.names,
        title=TITLES[target.place.scale].title,
        course_url=course_url(target.head.id),
        form=form,
        form_errors=form.errors,
    )


def _refuse(target: Target) -> ResponseReturnValue:
    if target.rater is None and target.around.declined_at:
        flash(gettext("The citizen would rather not be asked. Nothing was written in."), "warning")
    else:
        flash(
            gettext("Nothing was written in: it has been answered already, or the conversation is too long ago."),
            "warning",
        )
    return redirect(course_url(target.head.id), 303)


def _refuse_closed(target: Target, pack: PackRow) -> ResponseReturnValue:
    """What was written in before stays, and is put right in no other form than its own."""
    named = gettext("Nothing was written in: the licence for “%(pack)s” has ended.", pack=pack.name)
    flash(named, "warning")
    return redirect(course_url(target.head.id), 303)
