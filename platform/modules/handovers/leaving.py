"""Questions to take over as something that colleagues answer for, and passing them on when one leaves."""

import uuid
from collections.abc import Collection

from flask_babel import lazy_gettext as _l

from hjelpa.core.leaving import Holding, Leaving
from modules.handovers import locks
from modules.handovers.commands import decide
from modules.handovers.queries import count_asked


def pass_on_questions(leaving: Leaving) -> Collection[uuid.UUID]:
    """Each goes to whoever takes over at the door that is asked, or else at the course's own.

    Courses have passed on before (`requires`). Where it would ask whoever answers for the course already, there is
    nobody left to ask, and the question is withdrawn.
    """
    heirs = set[uuid.UUID]()
    for handover, unit_id in locks.lock_asked(leaving.membership_id):
        handover.receiver_id = leaving.heir_of(handover.unit_id or unit_id)
        # The new receiver has not been reminded of anything.
        handover.reminded_at = None
        heirs.add(handover.receiver_id)
    for handover in locks.lock_to_themselves():
        decide(handover, "withdrawn", at=leaving.at)
    return heirs


HOLDING = Holding(_l("Questions to take over"), count_asked, pass_on_questions)
