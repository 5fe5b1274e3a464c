"""The operator's front page."""

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import access
from tenants.municipalities.queries import list_all
from tenants.operator import queries

blueprint = Blueprint("operator", __name__, url_prefix="/operator", template_folder="templates")


@blueprint.get("/")
@access("operator.read")
def index() -> ResponseReturnValue:
    return render_template(
        "operator/index.html",
        municipalities=list_all(),
        letters=queries.list_dead_letters(),
        waiting=queries.count_waiting(),
    )


@blueprint.post("/jobs/<uuid:id>/again")
@access("operator.mend")
def send_again(id: uuid.UUID) -> ResponseReturnValue:
    if not queries.send_again(id):
        abort(404)
    flash(gettext("The job is sent again."), "success")
    return redirect(url_for("operator.index"), 303)
