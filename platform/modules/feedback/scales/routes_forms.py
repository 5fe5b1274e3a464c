"""Entering a licensed form, and each new version of one."""

import uuid

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import access
from hjelpa.core.types import new_id, utcnow
from hjelpa.web.forms import Form
from modules.feedback.scales import commands, queries
from modules.feedback.scales.choosing import local_day, standing
from modules.feedback.scales.entering import initial, read_new, read_version
from modules.feedback.scales.forms import MOST_LINES
from modules.feedback.scales.routes import blueprint as blueprint
from modules.feedback.scales.schemas import AGE_NAMES, FORM_LANGUAGES, VERSIONS, FormInput
from modules.feedback.scales.wording import show_form


@blueprint.get("/packs/<uuid:pack_id>/forms/new")
@access("feedback.configure")
def new_form(pack_id: uuid.UUID) -> ResponseReturnValue:
    start = {"key": new_id(), "item_maximum": 10, "may_miss": 0, "direction": "higher", "state": "unverified"}
    return _new_page(Form(FormInput, initial=start), _get_licensed(pack_id))


@blueprint.post("/packs/<uuid:pack_id>/forms/new")
@access("feedback.configure")
def add_form(pack_id: uuid.UUID) -> ResponseReturnValue:
    pack = _get_licensed(pack_id)
    page, form = read_new()
    if form is None:
        return _new_page(page, pack), 422
    commands.add_form(pack_id, page.values["key"], form)
    flash(gettext("The form is saved as version 1."), "success")
    return redirect(url_for("feedback_scales.pack", pack_id=pack_id), 303)


def _get_licensed(pack_id: uuid.UUID) -> queries.PackRow:
    """A pack whose words we may have: with an ended licence nothing more of them is entered."""
    pack = queries.find_pack(pack_id)
    if pack is None or standing(pack.expires_on, local_day(utcnow())) == "ended":
        abort(404)
    return pack


def _new_page(form: Form, pack: queries.PackRow) -> str:
    return render_template(
        "feedback/scales/form.html",
        form=form,
        form_errors=form.errors,
        pack=pack,
        lines=range(1, MOST_LINES + 1),
        ages=AGE_NAMES,
        row=None,
    )


@blueprint.get("/forms/<uuid:form_id>/change")
@access("feedback.configure")
def change_form(form_id: uuid.UUID) -> ResponseReturnValue:
    row, pack = _get_newest(form_id)
    assert row.form is not None
    asked = request.args.get("language", "")
    language = asked if asked in FORM_LANGUAGES else row.form.languages[0]
    start = {**initial(row.form, language), "key": new_id()}
    return _version_page(Form(VERSIONS[len(row.form.items)], initial=start), row, pack)


@blueprint.post("/forms/<uuid:form_id>/change")
@access("feedback.configure")
def save_version(form_id: uuid.UUID) -> ResponseReturnValue:
    row, pack = _get_newest(form_id)
    assert row.form is not None
    page, form = read_version(row.form)
    if form is None:
        return _version_page(page, row, pack), 422
    if not commands.add_version(row, page.values["version"], page.values["key"], form):
        page.refuse("", gettext("A colleague has saved another version meanwhile. Open the page again."))
        return _version_page(page, row, pack), 409
    flash(gettext("Saved as a new version. Answers keep the version they were given to."), "success")
    return redirect(url_for("feedback_scales.pack", pack_id=pack.id), 303)


def _get_newest(form_id: uuid.UUID) -> tuple[queries.FormRow, queries.PackRow]:
    row = queries.find_newest(form_id)
    if row is None or row.form is None:
        abort(404)
    return row, _get_licensed(row.pack_id)


def _version_page(form: Form, row: queries.FormRow, pack: queries.PackRow) -> str:
    assert row.form is not None
    return render_template(
        "feedback/scales/form.html",
        form=form,
        form_errors=form.errors,
        pack=pack,
        lines=range(1, len(row.form.items) + 1),
        ages=AGE_NAMES,
        row=row,
        shown=show_form(row.form),
        languages=[(code, str(name)) for code, name in FORM_LANGUAGES.items()],
    )
