"""What today and the leader's page get from follow-ups."""

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import Counts, LeaderFigure, TodayRow
from hjelpa.core.types import utcnow
from hjelpa.core.visitor import get_seat
from hjelpa.web.i18n import decimal
from modules.citizens.figures import MOST_ROWS, this_year
from modules.citizens.listing import AddressOf
from modules.followups import queries
from modules.followups.listing import say_clock


def list_today() -> Sequence[TodayRow]:
    """Those whom the person is to call, by the clock; for leaders also those whom nobody has called in time."""
    now, address = utcnow(), AddressOf("followups.show", "followup_id")
    mine, climbed, action = (
        gettext("Follow-up"),
        gettext("Follow-up that nobody has taken in time"),
        gettext("Open"),
    )
    unnamed = gettext("Course of help")
    return [
        TodayRow(
            row.due_at,
            row.name or unnamed,
            f"{say_clock(row.due_at, now)}. " + ngettext("%(num)s sign.", "%(num)s signs.", row.signs),
            address(row.id),
            action,
            mine if row.mine else climbed,
        )
        for row in queries.list_today(get_seat().id, now, limit=MOST_ROWS)
    ]


def list_figures() -> Sequence[LeaderFigure]:
    now_open, median, agreed = queries.measure(this_year())
    return [_open(now_open), _took(median), _agreed(agreed)]


def _open(number: int) -> LeaderFigure:
    return LeaderFigure(
        _l("Open follow-ups"),
        str(number),
        _l("Wait for a conversation because something was not good enough."),
        _l("How many follow-ups are open at this moment. Each is held by whoever is responsible for the course."),
        url_for("followups.index", show="all"),
    )


def _took(seconds: float | None) -> LeaderFigure:
    return LeaderFigure(
        _l("Hours to the conversation"),
        "–" if seconds is None else decimal(seconds / 3600),
        _l("Half took shorter, half longer, this year."),
        _l(
            "The median number of hours from the first sign to the conversation, nights and weekends included, for "
            "follow-ups that began this calendar year. Those without a conversation are not counted here."
        ),
        url_for("followups.index", show="ended"),
    )


def _agreed(counts: Counts) -> LeaderFigure:
    share = f"{round(100 * counts.numerator / counts.denominator)} %" if counts.denominator else "–"
    return LeaderFigure(
        _l("Follow-ups with an agreement within 7 days"),
        share,
        _l("%(agreed)s of %(all)s people this year.", agreed=counts.numerator, all=counts.denominator),
        _l(
            "Of the people whose first follow-up this calendar year began at least 7 days ago: how many had a "
            "conversation that ended with an agreed next step within 7 days."
        ),
        url_for("followups.index", show="ended"),
    )
