"""What was learned in supervision, and themes that are handed on to improvement work. Nobody stands behind either."""

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.database import db
from hjelpa.core.events import Theme
from hjelpa.core.permissions import access
from hjelpa.core.types import new_blind_id
from hjelpa.core.visitor import get_seat
from hjelpa.web.forms import Form
from modules.citizens.listing import page_address
from modules.citizens.paging import Page, page_number
from modules.citizens.traceless import by_week
from modules.feedback.signals import commands, queries
from modules.feedback.signals.models import FeedbackTheme, LearningNote
from modules.feedback.signals.schemas import NoteInput, ThemeInput
from modules.feedback.signals.wording import SOURCES

blueprint = Blueprint(
    "feedback_learning", __name__, url_prefix="/<tenant>/feedback", template_folder="../templates"
)


@blueprint.get("/learning")
@access("feedback.supervise")
def index() -> ResponseReturnValue:
    return _list_page(LearningNote, "index", "feedback/signals/learning.html")


@blueprint.get("/themes")
@access("feedback.supervise")
def themes() -> ResponseReturnValue:
    return _list_page(FeedbackTheme, "themes", "feedback/signals/themes.html")


def _list_page(model: type[LearningNote] | type[FeedbackTheme], view: str, template: str) -> ResponseReturnValue:
    endpoint, number = f"feedback_learning.{view}", page_number(request.args.get("page"))
    rows = queries.list_written(model, number)
    if not rows and number > 1:
        return redirect(url_for(endpoint), 303)
    return render_template(
        template,
        weeks=by_week(row[0] for row in rows),
        sources=SOURCES,
        page=Page.of(number, rows),
        page_url=page_address(endpoint),
    )


@blueprint.get("/learning/new")
@access("feedback.supervise")
def new() -> ResponseReturnValue:
    return _note_page(Form(NoteInput, initial={"key": new_blind_id()}))


@blueprint.post("/learning/new")
@access("feedback.supervise")
def write() -> ResponseReturnValue:
    form = Form.read(NoteInput, request.form)
    if not form.ok:
        return _note_page(form), 422
    signature = get_seat().name if form.values["signed"] else ""
    commands.write_down(form.values["words"], signature, form.values["key"])
    flash(gettext("The note is kept, for all who help here."), "success")
    return redirect(url_for("feedback_learning.index"), 303)


def _note_page(form: Form) -> str:
    return render_template("feedback/signals/note.html", form=form, form_errors=form.errors)


@blueprint.get("/themes/new")
@access("feedback.supervise")
def new_theme() -> ResponseReturnValue:
    """Empty, or beginning with the words of a note."""
    begun: dict[str, object] = {"key": new_blind_id()}
    note = _find_asked(request.args.get("note", ""))
    if note is not None:
        begun |= {"words": note.words, "source": "learning"}
    return _theme_page(Form(ThemeInput, initial=begun))


def _find_asked(typed: str) -> LearningNote | None:
    try:
        return queries.find_note(uuid.UUID(typed))
    except ValueError:
        return None


@blueprint.post("/themes/new")
@access("feedback.supervise")
def hand_on() -> ResponseReturnValue:
    form = Form.read(ThemeInput, request.form)
    if not form.ok:
        return _theme_page(form), 422
    commands.hand_on(Theme(form.values["words"], form.values["source"]), form.values["key"])
    flash(gettext("The theme is handed on, with the week and without your name."), "success")
    return redirect(url_for("feedback_learning.themes"), 303)


def _theme_page(form: Form) -> str:
    return render_template("feedback/signals/theme.html", form=form, form_errors=form.errors)


@blueprint.post("/learning/<uuid:note_id>/remove")
@access("feedback.oversee")
def remove(note_id: uuid.UUID) -> ResponseReturnValue:
    _remove(queries.find_note(note_id))
    return redirect(url_for("feedback_learning.index"), 303)


@blueprint.post("/themes/<uuid:theme_id>/remove")
@access("feedback.oversee")
def remove_theme(theme_id: uuid.UUID) -> ResponseReturnValue:
    _remove(queries.find_theme(theme_id))
    return redirect(url_for("feedback_learning.themes"), 303)


def _remove(written: LearningNote | FeedbackTheme | None) -> None:
    """Takes away words by which somebody could be recognised; nothing of them is kept."""
    db.session.delete(written or abort(404))
    flash(gettext("It is taken away."), "success")
