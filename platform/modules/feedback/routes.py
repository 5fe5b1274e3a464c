"""The helper hands a scale over and shows the curve; the citizen answers with a one-time address."""

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import access, by_token
from hjelpa.core.types import utcnow
from modules.citizens.gate import open_record
from modules.feedback import queries, rules
from modules.feedback.commands import keep
from modules.feedback.models import ScaleRequest
from modules.feedback.scales import SCALES
from modules.feedback.wording import picture_of, say_problems

blueprint = Blueprint("feedback", __name__, url_prefix="/<tenant>/feedback", template_folder="templates")
my = Blueprint("my_feedback", __name__, url_prefix="/<tenant>/my", template_folder="templates")


@blueprint.get("/courses/<uuid:course_id>")
@access("feedback.read")
def course(course_id: uuid.UUID) -> ResponseReturnValue:
    """The curve, large enough to look at together."""
    open_record(course_id)
    sessions = queries.list_sessions(course_id)
    pictures = [picture_of(scale, sessions) for scale in SCALES.values()]
    return render_template("feedback/course.html", pictures=pictures, course_url=_course_url(course_id))


@blueprint.post("/conversations/<uuid:conversation_id>/hand-over")
@access("feedback.hand_over")
def hand_over(conversation_id: uuid.UUID) -> ResponseReturnValue:
    held = queries.find_conversation(conversation_id)
    scale = request.form.get("scale", "")
    if held is None or scale not in SCALES:
        abort(404)
    open_record(held.course_id)
    given = queries.find_answer(conversation_id, scale)
    if not rules.may_hand_over(utcnow(), held.held_at, given.state if given else None):
        flash(gettext("This scale can no longer be handed over for that conversation."), "warning")
        return redirect(_course_url(held.course_id), 303)
    token = queries.open_request(held.course_id, conversation_id, scale, utcnow())
    return redirect(url_for("my_feedback.scale", token=token), 303)


@my.get("/scale/<token>")
@by_token
def scale(token: str) -> ResponseReturnValue:
    asked = queries.find_request(token, utcnow())
    if asked is None:
        abort(404)
    return _thank(asked) if asked.used_at else _show(asked, token)


@my.post("/scale/<token>")
@by_token
def answer(token: str) -> ResponseReturnValue:
    asked = queries.find_request(token, utcnow(), lock=True)
    if asked is None:
        abort(404)
    sheet = rules.read_sheet(request.form)
    decision = rules.decide(sheet, skip="skip" in request.form, as_it_is="as_it_is" in request.form)
    if decision == "skipped":
        sheet = rules.EMPTY
    if asked.used_at is not None:
        _tell_if_other(asked, sheet)
    elif decision in ("wrong", "unanswered"):
        return _show(asked, token, sheet), 422
    else:
        keep(asked, sheet, utcnow())
    return redirect(_address("my_feedback.scale", token), 303)


def _tell_if_other(asked: ScaleRequest, sheet: rules.Sheet) -> None:
    """The same answer sent twice is simply received; another one must not vanish without a word."""
    kept = queries.find_answer(asked.conversation_id, asked.scale)
    if kept is None or (kept.item1, kept.item2, kept.item3, kept.item4) != sheet.values:
        flash(gettext("Your first answer had already arrived, and that is the one we keep."), "info")


def _show(asked: ScaleRequest, token: str, sheet: rules.Sheet | None = None) -> str:
    """The scale to answer. With a sheet that was sent: what is wrong with it, or open, and all that was answered."""
    chosen, values = SCALES[asked.scale], (sheet or rules.EMPTY).values
    problems = say_problems(chosen, sheet) if sheet else {}
    return render_template(
        "feedback/scale.html",
        scale=chosen,
        lines=[
            (item, None if value is None else value / 10) for item, value in zip(chosen.items, values, strict=True)
        ],
        problems=problems,
        open_lines=sheet.unanswered if sheet and not sheet.wrong else (),
        form_errors=list(problems.items()),
        address=_address("my_feedback.answer", token),
    )


def _thank(asked: ScaleRequest) -> str:
    kept = queries.find_answer(asked.conversation_id, asked.scale)
    skipped = kept is not None and kept.state == "skipped"
    # Nothing that leads on to the record, and no id: whoever holds the address is not asked who they are.
    return render_template("feedback/thanks.html", skipped=skipped)


def _address(endpoint: str, token: str) -> str:
    """Keeps the language that was chosen on the page: a citizen has no account to remember it."""
    return url_for(endpoint, token=token, lang=request.args.get("lang"))


def _course_url(course_id: uuid.UUID) -> str:
    return url_for("citizens.course", course_id=course_id, _anchor="feedback")
