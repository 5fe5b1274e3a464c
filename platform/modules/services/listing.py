"""Services as pages show them, with every title in the reader's language."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from flask_babel import gettext

from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from hjelpa.web.i18n import dates
from modules.citizens.listing import AddressOf
from modules.citizens.queries import AnyRow
from modules.services.models import Service
from modules.services.rules import dialable, is_old
from modules.services.schemas import AUDIENCES, KINDS, LANGUAGES


class ServiceRow(NamedTuple):
    """`old` says so, and is empty while the text is fresh; `language` that of the text."""

    url: str
    name: str
    for_whom: str
    kind: str
    audience: str
    old: str
    language: str
    deserted: bool


class About(NamedTuple):
    """A service with what its page says besides its own text. `dial` is empty where the phone is no number."""

    text: Service
    kind: str
    audience: str
    language: str
    checked: str
    old: str
    dial: str


def today() -> date:
    return utcnow().astimezone(LOCAL).date()


def show_services(rows: Sequence[AnyRow], endpoint: str) -> list[ServiceRow]:
    """Rows of a list, each leading to `endpoint`."""
    address, now = AddressOf(endpoint, "service_id"), today()
    old = gettext("Not checked for a year")
    return [
        ServiceRow(
            address(row.id),
            row.name,
            row.for_whom,
            str(KINDS[row.kind]),
            str(AUDIENCES[row.audience]),
            old if is_old(row.checked_on, now) else "",
            row.language,
            row.deserted,
        )
        for row in rows
    ]


def describe(service: Service) -> About:
    checked = dates().day(service.checked_on)
    return About(
        service,
        str(KINDS[service.kind]),
        str(AUDIENCES[service.audience]),
        str(LANGUAGES[service.language]),
        checked,
        gettext("Nobody has checked this since %(day)s. Some of it may have changed.", day=checked)
        if is_old(service.checked_on, today())
        else "",
        dialable(service.phone) or "",
    )
