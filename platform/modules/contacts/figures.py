"""What today, search and the leader's page get from contacts."""

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import Counts, LeaderFigure, SearchHit, TodayRow
from hjelpa.core.types import utcnow
from hjelpa.core.visitor import get_seat
from hjelpa.web.i18n import day, decimal
from modules.citizens.figures import MOST_HITS, MOST_ROWS, this_year
from modules.citizens.listing import AddressOf
from modules.contacts import queries
from modules.contacts.rules import wait_in_days


def list_today() -> Sequence[TodayRow]:
    """Those who wait for the person's own next step today, and those whom nobody has any more."""
    address, unnamed = AddressOf("contacts.show", "contact_id"), gettext("Without a name")
    mine, nobodys, action = gettext("Contact"), gettext("Contact that nobody is responsible for"), gettext("Open")
    return [
        TodayRow(
            row.next_step_at,
            row.name or unnamed,
            row.next_step,
            address(row.id),
            action,
            nobodys if row.deserted else mine,
        )
        for row in queries.list_today(get_seat().id, utcnow(), limit=MOST_ROWS)
    ]


def search(words: str) -> Sequence[SearchHit]:
    address = AddressOf("contacts.show", "contact_id")
    return [
        SearchHit(row.name, gettext("Made contact %(day)s", day=day(row.received_at)), address(row.id))
        for row in queries.search_waiting(words, limit=MOST_HITS)
    ]


def list_figures() -> Sequence[LeaderFigure]:
    waiting, median, met = queries.measure(this_year())
    return [_waiting(waiting), _median(median), _within_a_week(met)]


def _waiting(waiting: int) -> LeaderFigure:
    return LeaderFigure(
        _l("Waiting now"),
        str(waiting),
        _l("Have made contact and not yet had a first conversation."),
        _l("How many contacts have had no first conversation at this moment, however old they are."),
        url_for("contacts.index"),
    )


def _median(seconds: float | None) -> LeaderFigure:
    return LeaderFigure(
        _l("Days to the first conversation"),
        "–" if seconds is None else decimal(wait_in_days(seconds)),
        _l("Half waited shorter, half longer, this year."),
        _l(
            "The median number of days from contact to first conversation, for contacts received this calendar year. "
            "Those who still wait are not counted here; they stand under “Waiting now”."
        ),
    )


def _within_a_week(met: Counts) -> LeaderFigure:
    share = f"{round(100 * met.numerator / met.denominator)} %" if met.denominator else "–"
    return LeaderFigure(
        _l("Met within 7 days"),
        share,
        _l("%(met)s of %(all)s people this year.", met=met.numerator, all=met.denominator),
        _l(
            "Of the people who made contact this calendar year and at least 7 days ago: how many had their first "
            "conversation within 7 days. Each person counts once, with the first contact."
        ),
    )
