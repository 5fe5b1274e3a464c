"""What today and the leader's page get from handovers."""

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import LeaderFigure, TodayRow
from hjelpa.core.permissions import may
from hjelpa.core.types import utcnow
from hjelpa.core.visitor import get_seat
from hjelpa.web.i18n import decimal
from modules.citizens.figures import MOST_ROWS, this_year
from modules.citizens.listing import AddressOf
from modules.handovers import lists, packages
from modules.handovers.rules import in_days


def list_today() -> Sequence[TodayRow]:
    """What the person is asked to take over, and what has not been answered in time."""
    now, oversees = utcnow(), may("citizens.oversee")
    address, unnamed = AddressOf("handovers.show", "handover_id"), gettext("Course of help")
    return [
        TodayRow(
            row.due_at,
            row.name or unnamed,
            gettext("%(name)s asks you to take over", name=row.sender)
            if row.mine
            else gettext("%(name)s has not answered", name=row.receiver or row.municipality),
            address(row.id),
            gettext("Answer") if row.mine else gettext("Open"),
            gettext("Handover") if row.due_at > now else gettext("Handover, not answered in time"),
        )
        for row in lists.list_today(get_seat().id, now, oversees=oversees, limit=MOST_ROWS)
    ]


def list_incoming_today() -> Sequence[TodayRow]:
    """Other municipalities that wait for an answer: anybody here may give it."""
    address = AddressOf("handovers.incoming", "transfer_id")
    kind, action = gettext("Handover from another municipality"), gettext("Answer")
    return [
        TodayRow(
            row.due_at,
            row.municipality,
            gettext("Asks us to take over help for somebody"),
            address(row.id),
            action,
            kind,
        )
        for row in packages.list_waiting(utcnow(), limit=MOST_ROWS)
    ]


def list_figures() -> Sequence[LeaderFigure]:
    median, still_open, late = lists.measure(this_year())
    return [
        LeaderFigure(
            _l("Days until a handover is accepted"),
            "–" if median is None else decimal(in_days(median)),
            _l("Half took shorter, half longer, this year."),
            _l(
                "The median number of days from proposal to acceptance, for handovers accepted this calendar year. "
                "Those who still wait for an answer are not counted here."
            ),
            url_for("handovers.index", show="accepted"),
        ),
        LeaderFigure(
            _l("Open handovers"),
            str(still_open),
            gettext("%(late)s of them have passed their deadline.", late=late),
            _l("How many handovers wait for an answer now. Whoever was responsible still is until it comes."),
            url_for("handovers.index", show="open"),
        ),
    ]
