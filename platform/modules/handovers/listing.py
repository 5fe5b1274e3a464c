"""Rows of the lists of handovers, made ready once so that the template only writes them."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext

from hjelpa.web.i18n import dates
from modules.citizens.listing import AddressOf
from modules.citizens.queries import AnyRow
from modules.handovers.wording import state_words, to_whom


class HandoverRow(NamedTuple):
    url: str
    title: str
    sender: str
    receiver: str
    state: str
    due: str


class IncomingRow(NamedTuple):
    url: str
    title: str
    sent: str
    due: str


def show_handovers(rows: Sequence[AnyRow], now: datetime) -> list[HandoverRow]:
    """Names where the query gave them, and the word for a course where it did not."""
    address, written, unnamed = AddressOf("handovers.show", "handover_id"), dates(), gettext("Course of help")
    return [
        HandoverRow(
            address(row.id),
            row.name or unnamed,
            row.sender or "–",
            to_whom(
                row.kind, receiver=row.receiver, unit=row.unit, service=row.service, municipality=row.municipality
            ),
            state_words(row.state, row.due_at, now),
            written.moment(row.decided_at or row.due_at),
        )
        for row in rows
    ]


def show_incoming(rows: Sequence[AnyRow]) -> list[IncomingRow]:
    address, written = AddressOf("handovers.incoming", "transfer_id"), dates()
    return [
        IncomingRow(address(row.id), row.municipality, written.moment(row.sent_at), written.moment(row.due_at))
        for row in rows
    ]
