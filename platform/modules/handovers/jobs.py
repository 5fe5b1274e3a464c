"""What happens to handovers by itself: those to which something has happened are settled."""

from collections.abc import Mapping
from typing import Any

from hjelpa.core.contract import Job, Schedule
from hjelpa.core.types import utcnow
from modules.handovers.locks import list_to_settle
from modules.handovers.settling import settle_all


def settle(payload: Mapping[str, Any]) -> None:
    """Brings every open handover in line with what has happened: at the receiver's, and to the course itself.

    Run again after a crash it goes on where the last committed run ended; run twice it finds nothing left to do.
    """
    now = utcnow()
    waiting = list_to_settle(now)
    if waiting:
        settle_all(waiting, now)


SETTLE = Job("handovers.settle", settle, Schedule(every_minutes=3))
