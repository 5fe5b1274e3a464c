"""Everything given out as a file. Written in each citizen's log before the first row leaves."""

from contextlib import ExitStack, closing

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import access
from hjelpa.web.downloads import MOST_ROWS, stream_table
from modules.feedback.exchange import giving
from modules.feedback.metrics.rows import COLUMNS
from tenants.audit.queries import record_reads

blueprint = Blueprint("feedback_export", __name__, url_prefix="/<tenant>/feedback")


@blueprint.get("/export.csv")
@access("feedback.export")
def as_csv() -> ResponseReturnValue:
    return _send("csv")


@blueprint.get("/export.xlsx")
@access("feedback.export")
def as_xlsx() -> ResponseReturnValue:
    if giving.count_rows() >= MOST_ROWS:
        flash(gettext("There are more rows than a spreadsheet has room for. Download them as CSV."), "warning")
        return redirect(url_for("feedback_exchange.index"), 303)
    return _send("xlsx")


def _send(kind: str) -> ResponseReturnValue:
    record_reads(giving.citizens_given())
    with ExitStack() as opened:
        rows = opened.enter_context(closing(giving.open_rows()))
        answer = stream_table(COLUMNS, giving.make_rows(rows), f"samtaler.{kind}")
        answer.call_on_close(opened.pop_all().close)
    return answer
