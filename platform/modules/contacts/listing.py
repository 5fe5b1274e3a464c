"""The list of contacts: what was asked for, and its rows made ready once so that the template only writes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any, NamedTuple

from flask_babel import get_locale, gettext, ngettext

from hjelpa.core.schemas import local_moment
from hjelpa.web.i18n import dates
from modules.citizens.listing import AddressOf
from modules.citizens.queries import AnyRow
from modules.contacts.rules import days_waited, order_of, which
from modules.contacts.schemas import CHANNELS
from tenants.units.models import Unit

FIRST_YEAR = 2000


@dataclass(frozen=True, slots=True)
class Wanted:
    """The list asked for in an address; nonsense in it is left out."""

    shown: str
    order: str
    words: str
    door: str
    channel: str
    year: int | None

    @property
    def filters(self) -> dict[str, Any]:
        """The same as it stands in addresses."""
        order = "agreed" if self.order == "agreed" else ""
        year = str(self.year) if self.year else ""
        typed = {"order": order, "q": self.words, "door": self.door, "channel": self.channel, "year": year}
        return {"show": self.shown, **{name: value for name, value in typed.items() if value}}

    @property
    def narrowed(self) -> bool:
        """Whether anything but those who wait in the order of arrival was asked for."""
        return self.filters != {"show": "waiting"}

    def values(self, doors: Sequence[Unit]) -> dict[str, Any]:
        """What the list is narrowed to (`queries.list_contacts`)."""
        unit_id = next((unit.id for unit in doors if unit.slug == self.door), None)
        given: dict[str, Any] = {"unit_id": unit_id, "channel": self.channel}
        if self.year:
            given["begin"], given["end"] = (
                local_moment(date(year, 1, 1), time()) for year in (self.year, self.year + 1)
            )
        return {name: value for name, value in given.items() if value}


def read_wanted(typed: Mapping[str, str], words: str) -> Wanted:
    year = typed.get("year", "")
    return Wanted(
        shown=which(typed.get("show")),
        order=order_of(typed.get("order")),
        words=words,
        door=typed.get("door", ""),
        channel=typed.get("channel", "") if typed.get("channel") in CHANNELS else "",
        year=int(year) if year.isdecimal() and len(year) == 4 and int(year) >= FIRST_YEAR else None,
    )


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
    answer: str
    channels: Mapping[str, str]


@cache
def _words(language: str) -> Words:
    """The same for every list in a language: looking them up takes longer than writing ten rows."""
    channels = {key: str(title) for key, title in CHANNELS.items()}
    return Words(
        gettext("Without a name"),
        gettext("Course of help"),
        gettext("Met %(day)s", day="{}"),
        gettext("Answer by %(when)s", when="{}"),
        channels,
    )


def show_contacts(rows: Sequence[AnyRow], now: datetime) -> list[ContactRow]:
    """`state` is how long somebody has waited, or when the first conversation was; `next` is the agreed time, or the
    one by which an answer was promised."""
    address, written, words = AddressOf("contacts.show", "contact_id"), dates(), _words(str(get_locale()))
    when, waited = written.moment, cache(_in_words)  # few numbers, many rows
    return [
        ContactRow(
            address(id),
            (name or words.unnamed) if visible else words.hidden,
            when(received_at),
            words.channels[channel],
            words.met.format(written.day(met_at)) if met_at else waited(days_waited(received_at, now)),
            holder,
            "–" if met_at else when(next_step_at) if answered_at else words.answer.format(when(next_step_at)),
        )
        for id, received_at, channel, next_step_at, met_at, answered_at, name, holder, visible, *_ in rows
    ]


def waited_words(received: datetime, now: datetime) -> str:
    """How long somebody has waited, as a sentence."""
    days = days_waited(received, now)
    return str(
        ngettext("Has waited %(num)s day.", "Has waited %(num)s days.", days) if days else gettext("Came today.")
    )


def _in_words(days: int) -> str:
    return str(ngettext("%(num)s day", "%(num)s days", days) if days else gettext("Came today"))
