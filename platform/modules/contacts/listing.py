"""Rows of the list of contacts, made ready once so that the template only writes them."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple

from flask_babel import gettext, ngettext

from hjelpa.web.i18n import dates
from modules.citizens.listing import AddressOf
from modules.citizens.queries import AnyRow
from modules.contacts.rules import days_waited
from modules.contacts.schemas import CHANNELS


class ContactRow(NamedTuple):
    url: str
    title: str
    received: str
    channel: str
    state: str
    holder: str
    next: str


def show_contacts(rows: Sequence[AnyRow], now: datetime) -> list[ContactRow]:
    """`state` is how long somebody has waited, or when the first conversation was."""
    address, written = AddressOf("contacts.show", "contact_id"), dates()
    unnamed, hidden = gettext("Without a name"), gettext("Course of help")
    met, channels = gettext("Met %(day)s", day="{}"), {key: str(title) for key, title in CHANNELS.items()}
    waited = cache(_in_words)  # few numbers, many rows
    return [
        ContactRow(
            address(row.id),
            (row.name or unnamed) if row.visible else hidden,
            written.moment(row.received_at),
            channels[row.channel],
            met.format(written.day(row.first_conversation_at))
            if row.first_conversation_at
            else waited(days_waited(row.received_at, now)),
            row.holder,
            "–" if row.first_conversation_at else written.moment(row.next_step_at),
        )
        for row in rows
    ]


def waited_words(received: datetime, now: datetime) -> str:
    """How long somebody has waited, as a sentence."""
    days = days_waited(received, now)
    return str(
        ngettext("Has waited %(num)s day.", "Has waited %(num)s days.", days) if days else gettext("Came today.")
    )


def _in_words(days: int) -> str:
    return str(ngettext("%(num)s day", "%(num)s days", days) if days else gettext("Came today"))
