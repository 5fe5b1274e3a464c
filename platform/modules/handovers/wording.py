"""A handover in words: to whom, how it stands, and who has the next move."""

from datetime import datetime

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import Text
from hjelpa.web.i18n import moment
from modules.citizens.queries import AnyRow
from modules.handovers.models import Transfer

STATES: dict[str, Text] = {
    "open": _l("Waits for an answer"),
    "accepted": _l("Accepted"),
    "refused": _l("Refused"),
    "withdrawn": _l("Withdrawn"),
    "expired": _l("Expired"),
}
COLOURS = {
    "open": "info",
    "accepted": "success",
    "refused": "warning",
    "withdrawn": "neutral",
    "expired": "warning",
}


def state_words(state: str, due_at: datetime, now: datetime) -> str:
    return str(gettext("Not answered in time") if state == "open" and due_at <= now else STATES[state])


def state_colour(state: str, due_at: datetime, now: datetime) -> str:
    return "warning" if state == "open" and due_at <= now else COLOURS[state]


def to_whom(kind: str, *, receiver: str | None, unit: str | None, service: str, municipality: str | None) -> str:
    """The receiver as people say it."""
    if kind == "municipality":
        return municipality or "–"
    if kind == "door":
        return str(gettext("%(door)s (%(name)s)", door=unit or "–", name=receiver or "–"))
    if kind == "service":
        return str(gettext("%(name)s, %(service)s", name=receiver or "–", service=service))
    return receiver or "–"


def receiver_of(row: AnyRow) -> str:
    """The same for a row with the handover itself and the names around it (`queries.NAMES`)."""
    one = row.Handover
    return to_whom(
        one.kind, receiver=row.receiver, unit=row.unit, service=one.service, municipality=row.municipality
    )


def next_move(row: AnyRow, now: datetime) -> str:
    """Who has the next move, and by when; what became of it when nobody has."""
    one, whom = row.Handover, receiver_of(row)
    if one.state == "open" and one.due_at <= now:
        late = gettext("%(whom)s should have answered %(when)s.", whom=whom, when=moment(one.due_at))
        knows = gettext("The leader knows.")
        return f"{late} {knows}" if one.escalated_at else str(late)
    if one.state == "open":
        return str(gettext("%(whom)s answers by %(when)s.", whom=whom, when=moment(one.due_at)))
    return decided_words(row)


def decided_words(row: AnyRow) -> str:
    """How a handover ended, as a sentence."""
    one, whom = row.Handover, receiver_of(row)
    by = one.answered_by or row.decider or whom
    said = {
        "accepted": gettext("%(name)s took over", name=by),
        "refused": gettext("%(name)s could not take over", name=by),
        "withdrawn": gettext("The handover to %(whom)s was withdrawn", whom=whom),
        "expired": gettext("%(whom)s never answered the handover", whom=whom),
    }
    return str(said[one.state])


def arrival_words(transfer: Transfer, now: datetime) -> str:
    """How a package from another municipality stands, seen from the receiver."""
    if transfer.state == "sent" and transfer.expires_at <= now:
        return str(STATES["expired"])
    if transfer.state in ("accepted", "closed", "refused"):
        return str(gettext("Answered"))
    return state_words("open" if transfer.state == "sent" else transfer.state, transfer.due_at, now)
