"""What happens to handovers by itself: ended ones are settled, and slow answers are asked for. All of it is repeatable."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from hjelpa.core.contract import Job, NoticeKind, Schedule
from hjelpa.core.database import db
from hjelpa.core.types import utcnow
from modules.citizens.commands import end_course
from modules.citizens.models import HANDED_OVER, Course
from modules.handovers import exchange, notices
from modules.handovers.commands import decide, find_responsible, lock
from modules.handovers.models import Handover, Transfer
from modules.handovers.queries import COURSE
from modules.handovers.rules import others
from tenants.municipalities.models import Municipality
from tenants.notices.queries import notify


def settle(payload: Mapping[str, Any]) -> None:
    """Brings every open handover in line with what has happened: at the receiver's, and to the course itself.

    Run again after a crash it goes on where the last committed run ended; run twice it finds nothing left to do.
    """
    pending = (
        select(Handover.id)
        .join(Course, COURSE)
        .where(Handover.state == "open", or_(Handover.kind == "municipality", Course.closed_at.is_not(None)))
        .order_by(Handover.id)
    )
    for handover_id in db.session.scalars(pending).all():
        settle_one(handover_id, utcnow())


def settle_one(handover_id: uuid.UUID, now: datetime) -> None:
    handover = lock(handover_id)
    if handover.state != "open":
        return
    transfer = exchange.lock_sent(handover_id) if handover.kind == "municipality" else None
    if transfer is not None and transfer.state == "accepted":
        _close(handover, transfer, now)
    elif transfer is not None and transfer.state == "refused":
        _take_refusal(handover, transfer, now)
    elif find_responsible(handover.course_id) is None:
        # The course ended while nobody had answered: there is nothing left to hand over.
        decide(handover, "withdrawn", at=now)
        if transfer is not None:
            exchange.settle(transfer, "withdrawn", now)
    elif transfer is not None and transfer.expires_at <= now:
        exchange.settle(transfer, "expired", now)
        decide(handover, "expired", at=now)
        _tell(handover, notices.EXPIRED, receiver=_municipality(handover))
    db.session.flush()


def _close(handover: Handover, transfer: Transfer, now: datetime) -> None:
    """The receiver is responsible already: ours ends, the record closes, and the package is done with."""
    answer = exchange.read_answer(transfer)
    told = others([handover.sender_id, find_responsible(handover.course_id)], None)
    end_course(handover.course_id, HANDED_OVER)
    decide(handover, "accepted", at=transfer.decided_at or now)
    handover.answered_by = answer.by
    exchange.settle(transfer, "closed", now)
    name = f"{answer.by}, {_municipality(handover)}"
    for person in told:
        notify(person, notices.ACCEPTED, {"name": name}, {"handover_id": handover.id})


def _take_refusal(handover: Handover, transfer: Transfer, now: datetime) -> None:
    answer = exchange.read_answer(transfer)
    decide(handover, "refused", at=transfer.decided_at or now, reason=answer.reason)
    handover.answered_by = answer.by
    exchange.settle(transfer, "closed", now)
    _tell(handover, notices.REFUSED, name=f"{answer.by}, {_municipality(handover)}")


def _tell(handover: Handover, kind: NoticeKind, **values: str) -> None:
    for person in others([handover.sender_id, find_responsible(handover.course_id)], None):
        notify(person, kind, values, {"handover_id": handover.id})


def _municipality(handover: Handover) -> str:
    name = select(Municipality.name).where(Municipality.id == handover.municipality_id)
    return db.session.execute(name).scalar_one()


SETTLE = Job("handovers.settle", settle, Schedule(every_minutes=3))
