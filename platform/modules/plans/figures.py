"""What *I dag* and the leader's page get from plans."""

from collections.abc import Sequence
from datetime import time, timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import LeaderFigure, TodayRow
from hjelpa.core.schemas import local_moment
from hjelpa.core.types import utcnow
from hjelpa.core.visitor import get_seat
from hjelpa.web.i18n import dates
from modules.citizens.figures import MOST_ROWS, this_year
from modules.citizens.listing import AddressOf, page_address
from modules.citizens.paging import Page, page_number
from modules.citizens.queries import AnyRow
from modules.plans import due_queries as due
from modules.plans.figure_queries import Part, count_on_time, list_evaluated
from modules.plans.indicators import INDICATORS
from modules.plans.views import today

# With fewer, one person carries the figure.
FEWEST = 10

PARTS: dict[Part, str | LazyString] = {
    "late": _l("Not on time"),
    "on_time": _l("Evaluated on time"),
    "all": _l("All"),
}


def list_today() -> Sequence[TodayRow]:
    """Evaluations due in the person's own courses."""
    address = AddressOf("plans.show", "course_id")
    kind, action, whole = gettext("Evaluation"), gettext("Open the plan"), gettext("The whole plan")
    return [
        TodayRow(
            local_moment(row.evaluate_on, time()),
            row.name,
            row.what or whole,
            address(row.course_id),
            action,
            kind,
            whole_day=True,
        )
        for row in due.list_own(get_seat().id, today(), limit=MOST_ROWS)
    ]


def list_figures() -> Sequence[LeaderFigure]:
    counts = count_on_time(this_year())
    part, whole = counts.numerator, counts.denominator
    value = gettext("%(part)s of %(whole)s", part=part, whole=whole) if whole else "–"
    if whole >= FEWEST:
        value = f"{round(100 * part / whole)}\N{NO-BREAK SPACE}%"
    return [
        LeaderFigure(
            _l("Plans evaluated on time"),
            value,
            gettext(
                "%(part)s of %(whole)s people whose plan should have been evaluated this year.",
                part=part,
                whole=whole,
            ),
            INDICATORS[0].definition,
            url_for("plans.evaluated"),
        )
    ]


def show_overdue() -> ResponseReturnValue:
    """The list behind the figure: what waits, whose responsibility it is, and names where the reader may see them."""
    address, written, now = AddressOf("plans.show", "course_id"), dates(), utcnow()
    unnamed, whole = gettext("Course of help"), gettext("The whole plan")
    found = due.list_overdue(get_seat().id, today() - timedelta(days=1), now)
    rows = [
        (
            address(row.course_id),
            row.name or unnamed,
            written.day(row.evaluate_on),
            # What a measure says is the citizen's; outside the circle only that there is one.
            (row.what or whole) if row.name else gettext("A measure") if row.what else whole,
            row.holder,
        )
        for row in found
    ]
    return render_template("plans/overdue.html", rows=rows, full=len(rows) == due.MOST_LISTED)


def show_evaluated() -> ResponseReturnValue:
    """The people whom the figure counts, by whether all their evaluations were on time; names as far as one may see."""
    year, number = this_year(), page_number(request.args.get("page"))
    part: Part = next((each for each in PARTS if each == request.args.get("part")), "all")
    found = list_evaluated(year, part, get_seat().id, number)
    if not found and number > 1:
        return redirect(url_for("plans.evaluated", part=part), 303)
    return render_template(
        "plans/evaluated.html",
        rows=_tell_people(found),
        year=year.id,
        part=part,
        parts=PARTS.items(),
        page=Page(number, found[0].total if found else 0, len(found)),
        page_url=page_address("plans.evaluated", part=part),
    )


def _tell_people(found: Sequence[AnyRow]) -> list[tuple[str, ...]]:
    address, written, unnamed = AddressOf("plans.show", "course_id"), dates(), gettext("Course of help")
    on_time = gettext("On time")
    return [
        (
            address(row.course_id),
            row.name or unnamed,
            written.day(row.missed_on) if row.missed_on else on_time,
            str(row.evaluations),
            str(row.missed),
            row.holder or "–",
        )
        for row in found
    ]
