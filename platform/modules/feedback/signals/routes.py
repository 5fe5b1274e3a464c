"""A signal and what was done about it, and the list for the team's supervision."""

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import access, may
from hjelpa.core.types import utcnow
from hjelpa.core.visitor import get_seat
from hjelpa.web.forms import Form
from modules.citizens.gate import open_record
from modules.citizens.listing import page_address
from modules.citizens.paging import Page, page_number
from modules.citizens.queries import Head, find_citizen
from modules.feedback.signals import commands, queries
from modules.feedback.signals.queries import SignalRow
from modules.feedback.signals.schemas import EndInput, QuestionInput
from modules.feedback.signals.wording import DONE, TITLES, say

blueprint = Blueprint(
    "feedback_signals", __name__, url_prefix="/<tenant>/feedback", template_folder="../templates"
)


@blueprint.get("/signals/<uuid:signal_id>")
@access("feedback.read")
def show(signal_id: uuid.UUID) -> ResponseReturnValue:
    return _page(signal_id, _open_of(signal_id), Form(EndInput))


@blueprint.post("/signals/<uuid:signal_id>")
@access("feedback.supervise")
def end(signal_id: uuid.UUID) -> ResponseReturnValue:
    head = _open_of(signal_id)
    if not _holds(head):
        abort(403)
    form, signal = Form.read(EndInput, request.form), commands.lock(signal_id)
    if form.ok and (signal.done, signal.words) == (form.values["done"], form.values["words"]):
        return redirect(_course_url(head.id), 303)
    if not may_tell(signal.done, signal.words):
        return _page(signal_id, head, form, late=True), 409
    if form.values.get("done") == "other" and not form.values["words"]:
        form.refuse("words", gettext("Write what you did"))
    if not form.ok:
        return _page(signal_id, head, form), 422
    commands.end(signal, form.values["done"], form.values["words"], by=get_seat().id, now=utcnow())
    flash(gettext("Noted. What you did stands in the course."), "success")
    return redirect(_course_url(head.id), 303)


def may_tell(done: str | None, words: str) -> bool:
    """Whether it may be told what was done: while the signal is open, and once after a conversation has ended it."""
    return done is None or (done == "talked" and not words)


def _open_of(signal_id: uuid.UUID) -> Head:
    """The course of a signal, opened to the reader; ends the request where there is none or it may not be read."""
    course_id = queries.find_course_of(signal_id)
    return open_record(course_id) if course_id is not None else abort(404)


def _page(signal_id: uuid.UUID, head: Head, form: Form, *, late: bool = False) -> str:
    told = queries.read_course(head.id, get_seat().id)
    signal: SignalRow = next(signal for signal in told.signals if signal.id == signal_id)
    asked = may("feedback.supervise") and _holds(head) and may_tell(signal.done, signal.words)
    return render_template(
        "feedback/signals/show.html",
        head=head,
        citizen=find_citizen(head.citizen_id),
        signal=signal,
        title=TITLES[signal.kind],
        sentence=say(signal),
        done=DONE,
        form=form if asked or late else None,
        form_errors=late or form.errors,
        late=late,
        course_url=_course_url(head.id),
    )


@blueprint.get("/supervision")
@access("feedback.supervise")
def supervision() -> ResponseReturnValue:
    oversees, number = may("feedback.oversee"), page_number(request.args.get("page"))
    asked, reader = request.args.get("show", ""), get_seat().id
    brought = oversees and asked == "brought"
    rows = [] if brought else queries.list_own(reader, number)
    # Whoever leads and has nothing of their own here came for the team's.
    brought = brought or (oversees and not rows and not asked and number == 1)
    shown = "brought" if brought else "own" if oversees and asked == "own" else ""
    if brought:
        rows = queries.list_brought(reader, utcnow(), number)
    if not rows and number > 1:
        return redirect(url_for("feedback_signals.supervision", show=shown or None), 303)
    return render_template(
        "feedback/signals/supervision.html",
        rows=rows,
        brought=brought,
        oversees=oversees,
        titles=TITLES,
        page=Page.of(number, rows),
        page_url=page_address("feedback_signals.supervision", show=shown),
    )


@blueprint.get("/courses/<uuid:course_id>/supervision")
@access("feedback.supervise")
def question(course_id: uuid.UUID) -> ResponseReturnValue:
    head = _mine(course_id)
    waiting = queries.read_course(course_id, get_seat().id).waiting
    return _question_page(head, Form(QuestionInput, initial={"question": waiting.question if waiting else ""}))


@blueprint.post("/courses/<uuid:course_id>/supervision")
@access("feedback.supervise")
def bring(course_id: uuid.UUID) -> ResponseReturnValue:
    head, form = _mine(course_id), Form.read(QuestionInput, request.form)
    if not form.ok:
        return _question_page(head, form), 422
    commands.bring(course_id, form.values["question"], utcnow())
    flash(gettext("It stands on the list for supervision, with your question."), "success")
    return redirect(_course_url(course_id), 303)


def _mine(course_id: uuid.UUID) -> Head:
    """An open course that the reader answers for; nobody takes other people's to supervision."""
    head = open_record(course_id)
    if head.closed_at is not None or not _holds(head):
        abort(403)
    return head


def _holds(head: Head) -> bool:
    """Whether the reader answers for the course, or did when it ended: only they know what was done."""
    return any(turn.membership_id == get_seat().id for turn in head.responsible)


def _question_page(head: Head, form: Form) -> str:
    return render_template(
        "feedback/signals/question.html",
        head=head,
        citizen=find_citizen(head.citizen_id),
        form=form,
        form_errors=form.errors,
        course_url=_course_url(head.id),
    )


@blueprint.post("/supervision/<uuid:case_id>/talked")
@access("feedback.supervise")
def talked(case_id: uuid.UUID) -> ResponseReturnValue:
    course_id = queries.find_course_of_case(case_id) or abort(404)
    # Whoever leads the supervision sees the question, and needs nothing of the record to say that it was talked about.
    if not may("feedback.oversee"):
        _mine(course_id)
    commands.end_case(case_id, utcnow())
    flash(gettext("Talked through. Write down what you learned, if it can help others."), "success")
    return redirect(url_for("feedback_learning.new"), 303)


def _course_url(course_id: uuid.UUID) -> str:
    return url_for("citizens.course", course_id=course_id, _anchor="signals")
