"""The clock in words, and rows of the list of follow-ups, made ready once so that the template only writes them."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext, ngettext

from hjelpa.web.i18n import dates
from modules.citizens.listing import AddressOf
from modules.citizens.queries import AnyRow
from modules.followups.rules import clock


class FollowUpRow(NamedTuple):
    url: str
    title: str
    opened: str
    state: str
    holders: str


def show_followups(rows: Sequence[AnyRow], now: datetime) -> list[FollowUpRow]:
    """`state` is the clock while a follow-up is open, and how it ended afterwards."""
    address, written = AddressOf("followups.show", "followup_id"), dates()
    hidden, agreed, left = gettext("Course of help"), gettext("Agreement %(day)s"), gettext("Course ended %(day)s")
    return [
        FollowUpRow(
            address(row.id),
            row.name or hidden,
            written.moment(row.opened_at),
            (agreed if row.agreed else left) % {"day": written.day(row.ended_at)}
            if row.ended_at
            else say_clock(row.due_at, now),
            row.holders or "–",
        )
        for row in rows
    ]


def say_clock(due: datetime, now: datetime) -> str:
    """How much time is left, or how long ago it passed."""
    late, unit, number = clock(due, now)
    if unit == "minutes":
        amount = ngettext("%(num)s minute", "%(num)s minutes", number)
    elif unit == "hours":
        amount = ngettext("%(num)s hour", "%(num)s hours", number)
    else:
        amount = ngettext("%(num)s day", "%(num)s days", number)
    return (
        gettext("Time passed %(amount)s ago", amount=amount) if late else gettext("%(amount)s left", amount=amount)
    )
