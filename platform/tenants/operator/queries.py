"""Job states of every municipality, as the role dispatch may see them: ids and states, never a payload."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from hjelpa.core.database import dispatch_session
from hjelpa.core.outbox import NetworkOutboxRow, OutboxRow


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Work that was given up after too many tries."""

    job: str
    error: str
    attempts: int
    dead_at: datetime


def list_dead_letters(*, limit: int = 50) -> Sequence[DeadLetter]:
    letters = []
    for table in (OutboxRow, NetworkOutboxRow):
        dead = select(table.job, table.error, table.attempts, table.dead_at).where(table.dead_at.is_not(None))
        rows = dispatch_session.execute(dead.order_by(table.dead_at.desc()).limit(limit))
        letters += [DeadLetter(row.job, row.error or "", row.attempts, row.dead_at) for row in rows]
    return sorted(letters, key=lambda letter: letter.dead_at, reverse=True)[:limit]


def count_waiting() -> int:
    """Jobs that are neither done nor given up."""
    total = 0
    for table in (OutboxRow, NetworkOutboxRow):
        waiting = select(func.count(table.id)).where(table.done_at.is_(None), table.dead_at.is_(None))
        total += dispatch_session.scalar(waiting) or 0
    return total
