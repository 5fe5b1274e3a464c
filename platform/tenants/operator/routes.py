"""The operator's front page."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

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
