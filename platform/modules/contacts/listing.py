"""Rows of the list of contacts, made ready once so that the template only writes them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple

from flask_babel import get_locale, gettext, ngettext

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


class Words(NamedTuple):
    """What the rows say besides what is in them."""

    unnamed: str
    hidden: str
    met: str
    channels: Mapping[str, str]


@cache
def _words(language: str) -> Words:
    """The same for every list in a language: looking them up takes longer than writing ten rows."""
    channels = {key: str(title) for key, title in CHANNELS.items()}
    return Words(gettext("Without a name"), gettext("Course of help"), gettext("Met %(day)s", day="{}"), channels)


def show_contacts(rows: Sequence[AnyRow], now: datetime) -> list[ContactRow]:
    """`state` is how long somebody has waited, or when the first conversation was."""
    address, written, words = AddressOf("contacts.show", "contact_id"), dates(), _words(str(get_locale()))
    waited = cache(_in_words)  # few numbers, many rows
    return [
        ContactRow(
            address(id),
            (name or words.unnamed) if visible else words.hidden,
            written.moment(received_at),
            words.channels[channel],
            words.met.format(written.day(met_at)) if met_at else waited(days_waited(received_at, now)),
            holder,
            "–" if met_at else written.moment(next_step_at),
        )
        for id, received_at, channel, next_step_at, met_at, name, holder, visible, _ in rows
    ]


def waited_words(received: datetime, now: datetime) -> str:
    """How long somebody has waited, as a sentence."""
    days = days_waited(received, now)
    return str(
        ngettext("Has waited %(num)s day.", "Has waited %(num)s days.", days) if days else gettext("Came today.")
    )


def _in_words(days: int) -> str:
    return str(ngettext("%(num)s day", "%(num)s days", days) if days else gettext("Came today"))
