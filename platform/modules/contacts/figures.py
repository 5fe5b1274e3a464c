"""What today, search and the leader's page get from contacts."""

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import Counts, LeaderFigure, SearchHit, TodayRow
from hjelpa.core.types import utcnow
from hjelpa.core.visitor import get_seat
from hjelpa.web.i18n import day, decimal
from modules.citizens.figures import MOST_HITS, MOST_ROWS, this_year
from modules.citizens.listing import AddressOf
from modules.contacts import counts, queries
from modules.contacts.rules import wait_in_days


def list_today() -> Sequence[TodayRow]:
    """Those who wait for the person's own next step today."""
    address, unnamed = AddressOf("contacts.show", "contact_id"), gettext("Without a name")
    kind, action, answer = gettext("Contact"), gettext("Open"), gettext("Waits for our answer")
    return [
        TodayRow(row.next_step_at, row.name or unnamed, row.next_step or answer, address(row.id), action, kind)
        for row in queries.list_today(get_seat().id, utcnow(), limit=MOST_ROWS)
    ]


def search(words: str) -> Sequence[SearchHit]:
    address = AddressOf("contacts.show", "contact_id")
    return [
        SearchHit(row.name, gettext("Made contact %(day)s", day=day(row.received_at)), address(row.id))
        for row in queries.search_waiting(words, limit=MOST_HITS)
    ]


def list_figures() -> Sequence[LeaderFigure]:
    measured = counts.measure(this_year())
    within = [_within(days, met) for days, met in measured.met.items()]
    return [
        _waiting(measured.waiting),
        _median(measured.median),
        *within,
        _by_door(measured.received),
        _own(measured.own),
    ]


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
        url_for("contacts.index", show="met", year=this_year().id),
    )


def _within(days: int, met: Counts) -> LeaderFigure:
    return LeaderFigure(
        ngettext("Met within %(num)s day", "Met within %(num)s days", days),
        share_of(met),
        _l("%(met)s of %(all)s people this year.", met=met.numerator, all=met.denominator),
        ngettext(
            "Of the people who made contact this calendar year and at least %(num)s day ago: how many had their first "
            "conversation within %(num)s day. Each person counts once, with the first contact.",
            "Of the people who made contact this calendar year and at least %(num)s days ago: how many had their first "
            "conversation within %(num)s days. Each person counts once, with the first contact.",
            days,
        ),
        url_for("door_figures.people", days=days, part="unmet"),
    )


def _by_door(received: int) -> LeaderFigure:
    return LeaderFigure(
        _l("Contacts this year"),
        str(received),
        _l("By door, and by the way they came."),
        _l(
            "How many contacts have been received this calendar year, by telephone, in writing, by dropping in or by "
            "asking to be called. A person who makes contact several times counts each time."
        ),
        url_for("door_figures.by_door"),
    )


def _own(own: Counts) -> LeaderFigure:
    return LeaderFigure(
        _l("Made contact themselves"),
        share_of(own),
        _l("%(met)s of %(all)s people this year.", met=own.numerator, all=own.denominator),
        _l(
            "Of the people who made contact this calendar year: how many did it themselves, and not through someone "
            "else or together with another service. Each person counts once, with the first contact."
        ),
        url_for("door_figures.people", part="self"),
    )


def share_of(found: Counts) -> str:
    """A share as people write it; a dash where there is nothing to share."""
    return f"{round(100 * found.numerator / found.denominator)} %" if found.denominator else "–"
