"""Bringing open handovers in line with what has happened: at the receiver's, and to the course itself.

Repeatable: what has been settled is not open any more. However many there are, it takes the same few statements.
"""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from hjelpa.core.contract import NoticeKind
from hjelpa.core.events import CourseEnds
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.types import utcnow
from hjelpa.core.visitor import find_seat
from modules.citizens.commands import end_courses
from modules.citizens.models import HANDED_OVER
from modules.handovers import exchange, locks, notices, queries
from modules.handovers.commands import decide
from modules.handovers.models import Handover, Transfer
from modules.handovers.rules import others
from tenants.notices.queries import notify


class _Around(NamedTuple):
    """What is needed to settle: who answers for each course now, names of municipalities, and whether courses end."""

    holders: Mapping[uuid.UUID, uuid.UUID]
    names: Mapping[uuid.UUID | None, str]
    ending: bool
    now: datetime


def settle_before_end(event: CourseEnds) -> None:
    """Nobody is asked any more about a course that ends; had another municipality taken over, then that was its end."""
    open_id = queries.find_open(event.course_id)
    if open_id is not None:
        settle_all([open_id], utcnow(), ending=True)


def settle_all(ids: Collection[uuid.UUID], now: datetime, *, ending: bool = False) -> None:
    """Settles some handovers, and ends the courses that another municipality has taken over."""
    handovers = [one for one in locks.lock_all(ids) if one.state == "open"]
    if not handovers:
        return
    between = [one for one in handovers if one.municipality_id is not None]
    transfers = locks.lock_sent([one.id for one in between], get_tenant_id()) if between else {}
    around = _Around(
        queries.list_responsible([one.course_id for one in handovers]),
        queries.names_of_municipalities([one.municipality_id for one in between]) if between else {},
        ending,
        now,
    )
    # The course's own turn goes on until all are settled: whoever answers for it is told.
    over = [one.course_id for one in handovers if _settle(one, transfers.get(one.id), around)]
    if over:
        end_courses(over, HANDED_OVER)


def _settle(handover: Handover, transfer: Transfer | None, around: _Around) -> bool:
    """Settles one; whether the course has been taken over."""
    if transfer is not None and transfer.state == "accepted":
        _close(handover, transfer, around)
        return True
    if transfer is not None and transfer.state == "refused":
        _take_refusal(handover, transfer, around)
    elif around.ending or handover.course_id not in around.holders:
        _withdraw(handover, transfer, around.now)
    elif transfer is not None and transfer.expires_at <= around.now:
        exchange.settle(transfer, "expired", around.now)
        decide(handover, "expired", at=around.now)
        _tell(handover, notices.EXPIRED, around, receiver=around.names[handover.municipality_id])
    return False


def _close(handover: Handover, transfer: Transfer, around: _Around) -> None:
    """The receiver is responsible already: ours ends, the record closes, and the package is done with."""
    answer = exchange.read_answer(transfer)
    decide(handover, "accepted", at=transfer.decided_at or around.now)
    handover.answered_by = answer.by
    exchange.settle(transfer, "closed", around.now)
    _tell(handover, notices.ACCEPTED, around, name=f"{answer.by}, {around.names[handover.municipality_id]}")


def _take_refusal(handover: Handover, transfer: Transfer, around: _Around) -> None:
    answer = exchange.read_answer(transfer)
    decide(handover, "refused", at=transfer.decided_at or around.now, reason=answer.reason)
    handover.answered_by = answer.by
    exchange.settle(transfer, "closed", around.now)
    _tell(handover, notices.REFUSED, around, name=f"{answer.by}, {around.names[handover.municipality_id]}")


def _withdraw(handover: Handover, transfer: Transfer | None, now: datetime) -> None:
    """The course ends, or has ended, while nobody had answered: there is nothing left to hand over."""
    seat = find_seat()
    decide(handover, "withdrawn", at=now, by=seat.id if seat else None)
    if transfer is not None:
        exchange.settle(transfer, "withdrawn", now)
    if seat is not None:
        for person in others([handover.receiver_id], seat.id):
            notify(person, notices.WITHDRAWN, {"name": seat.name}, {})


def _tell(handover: Handover, kind: NoticeKind, around: _Around, **values: str) -> None:
    for person in others([handover.sender_id, around.holders.get(handover.course_id)], None):
        notify(person, kind, values, {"handover_id": handover.id})
