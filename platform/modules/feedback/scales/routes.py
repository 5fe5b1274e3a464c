"""The packs of forms that a municipality has, their licences, and which of them is in use."""

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import access
from hjelpa.core.types import new_id, utcnow
from hjelpa.web.forms import Form
from modules.feedback.scales import commands, queries
from modules.feedback.scales.choosing import is_too_far, local_day, standing
from modules.feedback.scales.registry import FORMS
from modules.feedback.scales.schemas import LicenceInput, PackInput
from modules.feedback.scales.wording import OWN_NAME, say_ended, say_standing, show_form
from modules.feedback.trajectory.queries import find_threshold

blueprint = Blueprint(
    "feedback_scales", __name__, url_prefix="/<tenant>/feedback/scales", template_folder="templates"
)


@blueprint.get("")
@access("feedback.scales")
def index() -> ResponseReturnValue:
    today, pack = local_day(utcnow()), queries.find_pack_in_use()
    ended = pack is not None and standing(pack.expires_on, today) == "ended"
    return render_template(
        "feedback/scales/index.html",
        own_name=OWN_NAME,
        packs=[(row, *say_standing(row.expires_on, today)) for row in queries.list_packs()],
        in_use=pack.id if pack else None,
        ended=say_ended(pack) if pack and ended else None,
        choices=queries.list_choices(),
    )


@blueprint.get("/own")
@access("feedback.scales")
def own() -> ResponseReturnValue:
    """The platform's own forms with every constant and every word."""
    threshold = find_threshold()
    forms = [show_form(form, threshold) for form in FORMS.values()]
    return render_template("feedback/scales/own.html", forms=forms, own_name=OWN_NAME)


@blueprint.get("/packs/<uuid:pack_id>")
@access("feedback.scales")
def pack(pack_id: uuid.UUID) -> ResponseReturnValue:
    found, today = _get_pack(pack_id), local_day(utcnow())
    threshold = find_threshold(pack=str(pack_id))
    rows = [
        (row, show_form(row.form, threshold)) for row in queries.list_versions(pack_id) if row.form is not None
    ]
    newest = {row.key: max(other.version for other, _ in rows if other.key == row.key) for row, _ in rows}
    return render_template(
        "feedback/scales/pack.html",
        pack=found,
        standing=say_standing(found.expires_on, today),
        ended=standing(found.expires_on, today) == "ended",
        licences=queries.list_licences(pack_id),
        forms=[pair for pair in rows if pair[0].version == newest[pair[0].key]],
        earlier=[pair for pair in rows if pair[0].version != newest[pair[0].key]],
    )


def _get_pack(pack_id: uuid.UUID) -> queries.PackRow:
    return queries.find_pack(pack_id) or abort(404)


@blueprint.get("/packs/new")
@access("feedback.configure")
def new_pack() -> ResponseReturnValue:
    return _licence_page(Form(PackInput, initial={"key": new_id()}), None)


@blueprint.post("/packs/new")
@access("feedback.configure")
def add_pack() -> ResponseReturnValue:
    form = Form.read(PackInput, request.form)
    _refuse_ended(form)
    _refuse_far(form)
    if not form.ok:
        return _licence_page(form, None), 422
    pack_id = commands.add_pack(form.values)
    flash(gettext("The licence is recorded. Now enter the forms as they stand in it."), "success")
    return redirect(url_for("feedback_scales.pack", pack_id=pack_id), 303)


@blueprint.get("/packs/<uuid:pack_id>/licence")
@access("feedback.configure")
def new_licence(pack_id: uuid.UUID) -> ResponseReturnValue:
    return _licence_page(Form(LicenceInput, initial={"key": new_id()}), _get_pack(pack_id))


@blueprint.post("/packs/<uuid:pack_id>/licence")
@access("feedback.configure")
def add_licence(pack_id: uuid.UUID) -> ResponseReturnValue:
    found, form = _get_pack(pack_id), Form.read(LicenceInput, request.form)
    _refuse_far(form)
    if not form.ok:
        return _licence_page(form, found), 422
    commands.renew_licence(pack_id, form.values)
    flash(gettext("The licence is recorded, and holds from now on."), "success")
    return redirect(url_for("feedback_scales.pack", pack_id=pack_id), 303)


def _refuse_ended(form: Form) -> None:
    """A first licence that has ended already is a slip; a later one may be recorded to close the forms today."""
    if form.ok and form.values["expires_on"] < local_day(utcnow()):
        form.refuse("expires_on", gettext("This day has passed"))


def _refuse_far(form: Form) -> None:
    if form.ok and is_too_far(form.values["expires_on"], local_day(utcnow())):
        form.refuse("expires_on", gettext("This day is more than 30 years away. Check the year."))


def _licence_page(form: Form, found: queries.PackRow | None) -> str:
    return render_template("feedback/scales/licence.html", form=form, form_errors=form.errors, pack=found)


@blueprint.post("/use")
@access("feedback.configure")
def use() -> ResponseReturnValue:
    """Takes a pack into use; without one, the platform's own."""
    sent = request.form.get("pack", "")
    found = None if sent == "own" else _get_pack(_read_id(sent))
    if found is not None and not _may_be_used(found):
        flash(gettext("A pack needs a licence that holds, and at least one form, before it is used."), "warning")
    else:
        commands.choose_pack(found.id if found else None)
        named = {"name": found.name if found else OWN_NAME}
        flash(gettext("“%(name)s” is in use from now on. What was answered before is kept.", **named), "success")
    return redirect(url_for("feedback_scales.index"), 303)


def _may_be_used(found: queries.PackRow) -> bool:
    living = standing(found.expires_on, local_day(utcnow())) != "ended"
    return living and bool(queries.list_forms_of(str(found.id)))


def _read_id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        abort(404)
