"""Full-time positions: what has been entered by quarter, and the form for one more entry."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.database import db
from hjelpa.core.permissions import access, may
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from hjelpa.core.visitor import get_seat
from hjelpa.web.forms import Form
from hjelpa.web.i18n import decimal
from modules.staffing import queries
from modules.staffing.models import Position
from modules.staffing.schemas import asking
from network.benchmarks.rules import latest_quarters
from network.benchmarks.wording import period_name

blueprint = Blueprint("staffing", __name__, url_prefix="/<tenant>/staffing", template_folder="templates")

QUARTERS_SHOWN = 12
ENTRIES_SHOWN = 50


@blueprint.get("")
@access("staffing.read")
def index() -> ResponseReturnValue:
    quarters = _quarters()
    # The quarter that has just ended is the one whose positions are known and asked for.
    return _page(quarters, Form(asking(quarters), initial={"quarter": list(quarters)[1]}))


@blueprint.post("")
@access("staffing.enter")
def enter() -> ResponseReturnValue:
    quarters = _quarters()
    form = Form.read(asking(quarters), request.form)
    if not form.ok:
        return _page(quarters, form), 422
    quarter, hundredths = form.values["quarter"], form.values["positions"]
    if queries.list_entered([quarter]).get(quarter) != hundredths:
        db.session.add(Position(quarter=quarter, hundredths=hundredths, membership_id=get_seat().id))
    said = {"quarter": quarters[quarter], "positions": decimal(hundredths / 100, 2)}
    flash(gettext("Entered for %(quarter)s: %(positions)s full-time positions.", **said), "success")
    return redirect(url_for("staffing.index"), 303)


def _quarters() -> dict[str, str]:
    """The quarters that may be entered, in words; the one under way first."""
    names = latest_quarters(utcnow().astimezone(LOCAL).date(), QUARTERS_SHOWN)
    return {name: period_name(name) for name in names}


def _page(quarters: dict[str, str], form: Form) -> str:
    entered = queries.list_entered(quarters)
    return render_template(
        "staffing/index.html",
        rows=[
            (words, decimal(entered[quarter] / 100, 2) if quarter in entered else gettext("Not entered"))
            for quarter, words in quarters.items()
        ],
        history=queries.list_history(quarters, limit=ENTRIES_SHOWN),
        words=quarters,
        form=form if may("staffing.enter") else None,
        form_errors=form.errors,
    )
