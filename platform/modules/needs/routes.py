"""Unmet needs: by week with a search in their words, writing one, and taking away what could tell who it was."""

import uuid
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import access
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import new_blind_id, utcnow
from hjelpa.core.versions import Conflict, version_of
from hjelpa.web.forms import Form
from modules.citizens.listing import page_address
from modules.citizens.paging import Page, page_number
from modules.citizens.traceless import by_week, week_name
from modules.needs import commands, queries
from modules.needs.models import Need
from modules.needs.rules import weeks_of
from modules.needs.schemas import SOURCES, FilterInput, NeedInput
from network.benchmarks.rules import latest_quarters, period_of
from network.benchmarks.wording import period_name

blueprint = Blueprint("needs", __name__, url_prefix="/<tenant>/needs", template_folder="templates")

QUARTERS_SHOWN = 8


@blueprint.get("")
@access("needs.read")
def index() -> ResponseReturnValue:
    words = Form.read(FilterInput, request.args).values.get("q", "")
    quarters = latest_quarters(_today(), QUARTERS_SHOWN)
    quarter = request.args.get("quarter", "")
    quarter = quarter if quarter in quarters else ""
    number = page_number(request.args.get("page"))
    rows = queries.list_needs(words, weeks_of(period_of(quarter)) if quarter else None, number)
    if not rows and number > 1:
        return redirect(url_for("needs.index", q=words or None, quarter=quarter or None), 303)
    return render_template(
        "needs/index.html",
        weeks=by_week(rows),
        sources=SOURCES,
        words=words,
        quarter=quarter,
        quarters=[(each, period_name(each)) for each in quarters],
        page=Page.of(number, rows),
        page_url=page_address("needs.index", q=words, quarter=quarter),
    )


def _today() -> date:
    return utcnow().astimezone(LOCAL).date()


@blueprint.get("/new")
@access("needs.write")
def new() -> ResponseReturnValue:
    return _new_page(Form(NeedInput, initial={"key": new_blind_id()}))


@blueprint.post("/new")
@access("needs.write")
def create() -> ResponseReturnValue:
    form = Form.read(NeedInput, request.form)
    if not form.ok:
        return _new_page(form), 422
    commands.add(form.values["words"], "written", form.values["key"])
    flash(gettext("The need is kept, with the week and without your name."), "success")
    return redirect(url_for("needs.index"), 303)


def _new_page(form: Form) -> str:
    return render_template("needs/new.html", form=form, form_errors=form.errors)


@blueprint.get("/<uuid:need_id>")
@access("needs.curate")
def edit(need_id: uuid.UUID) -> ResponseReturnValue:
    need = _get(need_id)
    begun = {"words": need.words, "version": version_of(need.words)}
    return _edit_page(need, Form(NeedInput, initial=begun))


@blueprint.post("/<uuid:need_id>")
@access("needs.curate")
def change(need_id: uuid.UUID) -> ResponseReturnValue:
    need, form = _get(need_id), Form.read(NeedInput, request.form)
    if not form.ok:
        return _edit_page(need, form), 422
    met = commands.change(need, form.values["words"], sent_version=form.values["version"])
    if met is not None:
        return _edit_page(need, form, met), 409
    flash(gettext("The words are changed. What stood there before is gone."), "success")
    return redirect(url_for("needs.index"), 303)


@blueprint.post("/<uuid:need_id>/remove")
@access("needs.curate")
def remove(need_id: uuid.UUID) -> ResponseReturnValue:
    commands.remove(_get(need_id).id)
    flash(gettext("The need is removed."), "success")
    return redirect(url_for("needs.index"), 303)


def _get(need_id: uuid.UUID) -> Need:
    return queries.find(need_id) or abort(404)


def _edit_page(need: Need, form: Form, conflict: Conflict | None = None) -> str:
    return render_template(
        "needs/edit.html",
        need=need,
        week=week_name(need.week),
        form=form,
        form_errors=conflict or form.errors,
        conflict=conflict,
        texts=[(gettext("Words"), conflict.theirs["words"], form.value("words"))] if conflict else [],
        version=conflict.version if conflict else form.value("version"),
    )
