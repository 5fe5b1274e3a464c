"""What *I dag*, search, the leader's page and plans get from the catalogue."""

from collections.abc import Sequence
from datetime import time

from flask import url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import LeaderFigure, Offer, SearchHit, TodayRow
from hjelpa.core.schemas import local_moment
from hjelpa.core.types import utcnow
from hjelpa.core.visitor import find_seat, get_seat
from hjelpa.web.i18n import day
from modules.citizens.figures import MOST_HITS, MOST_ROWS, this_year
from modules.citizens.listing import AddressOf
from modules.services import guidance, queries
from modules.services.listing import today
from modules.services.rules import due_on


def list_today() -> Sequence[TodayRow]:
    """Texts that the person keeps right and nobody has looked at for a year."""
    address, kind, action = AddressOf("services.show", "service_id"), gettext("Service"), gettext("Check")
    return [
        TodayRow(
            local_moment(due_on(row.checked_on), time()),
            row.name,
            gettext("Is it still correct? Last checked %(day)s.", day=day(row.checked_on)),
            address(row.id),
            action,
            kind,
            whole_day=True,
        )
        for row in queries.list_old(get_seat().id, today(), limit=MOST_ROWS)
    ]


def list_ownerless() -> Sequence[TodayRow]:
    """One line while services belong to somebody who has left: a leader finds a new owner for them."""
    count, since = queries.summarise_ownerless()
    if not count:
        return []
    note = ngettext(
        "%(num)s text has nobody who keeps it right.", "%(num)s texts have nobody who keeps them right.", count
    )
    where = url_for("services.index", show="ownerless")
    return [
        TodayRow(
            since or utcnow(),
            gettext("Services need a new owner"),
            note,
            where,
            gettext("Open"),
            gettext("Service"),
        )
    ]


def search(words: str) -> Sequence[SearchHit]:
    address = AddressOf("services.show", "service_id")
    found = queries.search_offered(words, limit=MOST_HITS)
    return [SearchHit(row.name, row.for_whom, address(row.id)) for row in found]


def find_offers(words: str) -> Sequence[Offer]:
    """Help that exists and fits the words, best first: for suggestions inside a plan.

    Whoever works here is led to the catalogue, anybody else to its public pages.
    """
    address = AddressOf("services.show" if find_seat() else "help_that_exists.show", "service_id")
    found = queries.search_offered(words, limit=MOST_HITS) if words.strip() else ()
    return [Offer(row.id, row.name, row.for_whom, row.kind, address(row.id)) for row in found]


def list_figures() -> Sequence[LeaderFigure]:
    given = guidance.count_in(this_year())
    return [
        LeaderFigure(
            _l("Guidance given this year"),
            str(given),
            _l("To parents, kindergartens, schools and others, without a course of help."),
            _l(
                "How many times this calendar year somebody close to a child or a citizen was given advice without a "
                "course of help being opened. Nobody is named, so the same person may be counted several times."
            ),
            url_for("guidance.index"),
        )
    ]
