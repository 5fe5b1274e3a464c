"""What stands behind the leader's figure of people helped."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hjelpa.core.permissions import access
from hjelpa.core.visitor import get_seat
from modules.citizens import caseload
from modules.citizens.figures import this_year
from modules.citizens.listing import page_address, show_helped
from modules.citizens.paging import Page, page_number

blueprint = Blueprint(
    "course_figures", __name__, url_prefix="/<tenant>/courses/figures", template_folder="templates"
)


@blueprint.get("/helped")
@access("citizens.oversee")
def helped() -> ResponseReturnValue:
    year, number = this_year(), page_number(request.args.get("page"))
    rows = caseload.list_helped(year, get_seat().id, number)
    if not rows and number > 1:
        return redirect(url_for("course_figures.helped"), 303)
    return render_template(
        "citizens/helped.html",
        year=year.id,
        rows=show_helped(rows),
        page=Page.of(number, rows),
        page_url=page_address("course_figures.helped"),
    )
