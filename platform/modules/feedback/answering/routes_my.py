"""Answering by a one-time address: the form, the thanks with the own curve, a sentence more, and a no to all of it."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import by_token
from hjelpa.core.types import utcnow
from hjelpa.web.forms import Form
from modules.feedback import rules
from modules.feedback.answering import commands, queries, request_queries
from modules.feedback.answering.choice import form_of
from modules.feedback.answering.goals import rate_goals
from modules.feedback.answering.request_queries import place_of
from modules.feedback.answering.rules import is_fresh
from modules.feedback.answering.schemas import GOAL, more_input
from modules.feedback.answering.sheets import ask_more, show, thank
from modules.feedback.models import ScaleRequest

my = Blueprint("my_feedback", __name__, url_prefix="/<tenant>/my", template_folder="../templates")


@my.get("/scale/<token>")
@by_token
def scale(token: str) -> ResponseReturnValue:
    asked = _find(token)
    return thank(asked, token) if asked.used_at or request_queries.is_unwanted(asked) else show(asked, token)


@my.post("/scale/<token>")
@by_token
def answer(token: str) -> ResponseReturnValue:
    asked = _find(token, lock=True)
    sheet = rules.read_sheet(form_of(asked), request.form)
    decision = rules.decide(sheet, skip="skip" in request.form, as_it_is="as_it_is" in request.form)
    if decision == "skipped":
        sheet = rules.empty_sheet(sheet.form)
    if request_queries.is_unwanted(asked):
        return _back(token)
    if asked.used_at is None and decision in ("wrong", "unanswered"):
        return show(asked, token, sheet), 422
    if asked.used_at is not None or not commands.keep(asked, sheet, utcnow()):
        _tell_if_other(asked, sheet)
    return _back(token)


@my.post("/scale/<token>/more")
@by_token
def more(token: str) -> ResponseReturnValue:
    """A sentence besides the marks, and where the citizen is on the way to their goals; each is kept once."""
    asked = _find(token, lock=True)
    kept = queries.find_answer(place_of(asked))
    if asked.used_at is None or kept is None or kept.state != "answered":
        return _back(token)
    if not is_fresh(asked.used_at, utcnow()):
        flash(gettext("It is too late to add to it here. Say it to your helper when you meet."), "info")
        return _back(token)
    goals = ask_more(asked)
    form = Form.read(more_input(goals), request.form)
    if not form.ok:
        return thank(asked, token, form), 422
    words = form.values["words"]
    if kept.words and words not in ("", kept.words):
        flash(gettext("What you wrote first had already arrived, and that is what we keep."), "info")
        return _back(token)
    given = {goal.id: form.values.get(f"{GOAL}{goal.id}") for goal in goals}
    rated = {id: int(value) for id, value in given.items() if value}
    if words and not kept.words:
        queries.add_words(place_of(asked), words)
    rate_goals(asked.course_id, rated, asked.id)
    if words or rated:
        # A goal is in the plan, where more than the helper may read it.
        flash(
            gettext("Thank you. It has arrived.") if rated else gettext("Thank you. Your helper sees it."),
            "success",
        )
    return _back(token)


@my.post("/scale/<token>/decline")
@by_token
def decline(token: str) -> ResponseReturnValue:
    """The citizen would rather not be asked; what they have answered before stays."""
    asked = _find(token, lock=True)
    if asked.rater_id is not None:
        abort(404)
    # The form is answered or declined, once: a link that is found later says no for nobody.
    if asked.used_at is None:
        asked.used_at = utcnow()
        commands.decline(asked.course_id, asked.used_at)
    return _back(token)


def _find(token: str, *, lock: bool = False) -> ScaleRequest:
    return request_queries.find_request(token, utcnow(), lock=lock) or abort(404)


def _back(token: str) -> ResponseReturnValue:
    # The language that was chosen on the page is kept: a citizen has no account to remember it.
    return redirect(
        url_for(
            "my_feedback.scale",
            token=token,
            lang=request.args.get("lang"),
            form_lang=request.args.get("form_lang"),
        ),
        303,
    )


def _tell_if_other(asked: ScaleRequest, sheet: rules.Sheet) -> None:
    """The same answer sent twice is simply received; another one must not vanish without a word.

    Nothing is kept where the form was used to say no.
    """
    kept = queries.find_answer(place_of(asked))
    given = list(sheet.values) if sheet.state == "answered" else []
    if kept is not None and kept.items != given:
        flash(gettext("Your first answer had already arrived, and that is the one we keep."), "info")
