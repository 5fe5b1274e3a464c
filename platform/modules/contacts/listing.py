"""Rows of the list of contacts, made ready once so that the template only writes them."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext, ngettext

from hjelpa.web.i18n import day, moment
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
    address = AddressOf("contacts.show", "contact_id")
    unnamed, hidden = gettext("Without a name"), gettext("Course of help")
    met, channels = gettext("Met %(day)s", day="{}"), {key: str(title) for key, title in CHANNELS.items()}
    waits = _Waits(now)
    return [
        ContactRow(
            address(row.id),
            (row.name or unnamed) if row.visible else hidden,
            moment(row.received_at),
            channels[row.channel],
            met.format(day(row.first_conversation_at)) if row.first_conversation_at else waits[row.received_at],
            row.holder,
            "" if row.first_conversation_at else moment(row.next_step_at),
        )
        for row in rows
    ]


def waited_words(received: datetime, now: datetime) -> str:
    """How long somebody has waited, in words."""
    return _in_words(days_waited(received, now))


def _in_words(days: int) -> str:
    return str(ngettext("%(num)s day", "%(num)s days", days) if days else gettext("Since today"))


class _Waits(dict[datetime, str]):
    """Waits in words by arrival; each number of days is put into words once, whatever the number of rows."""

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self._now = now
        self._words: dict[int, str] = {}

    def __missing__(self, received: datetime) -> str:
        days = days_waited(received, self._now)
        return self._words.setdefault(days, self._words.get(days) or _in_words(days))
