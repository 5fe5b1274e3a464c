"""Guidance given to those closest: written down in half a minute, seen month by month."""

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import access
from hjelpa.core.types import new_id
from hjelpa.web.forms import Form
from modules.citizens.listing import page_address
from modules.citizens.paging import Page, page_number
from modules.services import guidance, queries
from modules.services.listing import today
from modules.services.months import show_months
from modules.services.rules import month_of
from modules.services.schemas import CHANNELS, TO_WHOM, GuidanceInput, with_services

blueprint = Blueprint("guidance", __name__, url_prefix="/<tenant>/guidance", template_folder="templates")

# No earlier than anything could have been noted; a year before it is a slip of the pen.
EARLIEST = 2000


@blueprint.get("")
@access("services.guide")
def index() -> ResponseReturnValue:
    month = month_of(request.args.get("month"))
    number = page_number(request.args.get("page"))
    rows = guidance.list_given(month, number)
    return render_template(
        "services/guidance.html",
        rows=rows,
        month=month,
        months=show_months(),
        headers=[
            gettext("Month"),
            *({"title": who, "number": True} for who in (*TO_WHOM.values(), gettext("Sum"))),
        ],
        to_whom=TO_WHOM,
        channels=CHANNELS,
        page=Page.of(number, rows),
        page_url=page_address("guidance.index", month=f"{month:%Y-%m}" if month else ""),
    )


@blueprint.get("/new")
@access("services.guide")
def new() -> ResponseReturnValue:
    return _show_form(Form(_schema(), initial={"key": new_id(), "given_on": today().isoformat()}))


@blueprint.post("/new")
@access("services.guide")
def create() -> ResponseReturnValue:
    form = Form.read(_schema(), request.form)
    given_on = form.values.get("given_on")
    if given_on is not None and given_on > today():
        form.refuse("given_on", gettext("This day has not come yet"))
    if given_on is not None and given_on.year < EARLIEST:
        form.refuse("given_on", gettext("This day is too long ago. Check the year."))
    if not form.ok:
        return _show_form(form), 422
    guidance.write_down(form.values)
    flash(gettext("The guidance is noted, without names."), "success")
    return redirect(url_for("guidance.index"), 303)


def _schema() -> type[GuidanceInput]:
    return with_services({str(row.id): row.name for row in queries.list_names()})


def _show_form(form: Form) -> str:
    return render_template("services/guidance_new.html", form=form, form_errors=form.errors)


@blueprint.post("/<uuid:guidance_id>/remove")
@access("services.guide")
def remove(guidance_id: uuid.UUID) -> ResponseReturnValue:
    if not guidance.remove(guidance_id):
        abort(404)
    flash(gettext("It is taken away."), "success")
    return redirect(url_for("guidance.index"), 303)
