"""Job states of every municipality, as the role dispatch may see them: ids and states, never a payload."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from hjelpa.core.database import dispatch_session
from hjelpa.core.outbox import NetworkOutboxRow, OutboxRow


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Work that was given up after too many tries."""

    id: uuid.UUID
    job: str
    error: str
    attempts: int
    dead_at: datetime


def list_dead_letters(*, limit: int = 50) -> Sequence[DeadLetter]:
    letters = []
    for table in (OutboxRow, NetworkOutboxRow):
        dead = select(table.id, table.job, table.error, table.attempts, table.dead_at).where(
            table.dead_at.is_not(None)
        )
        rows = dispatch_session.execute(dead.order_by(table.dead_at.desc()).limit(limit))
        letters += [DeadLetter(row.id, row.job, row.error or "", row.attempts, row.dead_at) for row in rows]
    return sorted(letters, key=lambda letter: letter.dead_at, reverse=True)[:limit]


def send_again(id: uuid.UUID) -> bool:
    """Gives work that was given up its tries anew; False when it is not, or no longer, given up."""
    found: list[uuid.UUID] = []
    for table in (OutboxRow, NetworkOutboxRow):
        dead = update(table).where(table.id == id, table.dead_at.is_not(None)).returning(table.id)
        found += dispatch_session.scalars(dead.values(dead_at=None, sent_at=None, attempts=0, run_at=func.now()))
    return bool(found)


def count_waiting() -> int:
    """Jobs that are neither done nor given up."""
    total = 0
    for table in (OutboxRow, NetworkOutboxRow):
        waiting = select(func.count(table.id)).where(table.done_at.is_(None), table.dead_at.is_(None))
        total += dispatch_session.scalar(waiting) or 0
    return total
