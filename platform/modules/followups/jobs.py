"""The clock: when a follow-up's time has passed without a conversation, the door's leader is told, once."""

from collections.abc import Mapping
from typing import Any

from hjelpa.core.contract import Job, Schedule
from hjelpa.core.types import utcnow
from hjelpa.web.i18n import moment
from modules.followups.commands import TIME_PASSED
from modules.followups.queries import list_overdue
from tenants.identity.members import list_members
from tenants.notices.queries import notify

# As many as one run tells of; the next run, a quarter of an hour later, takes the rest.
MOST = 500


def climb(payload: Mapping[str, Any]) -> None:
    """Tells the leader of the course's door, or every leader of the municipality where the door has none."""
    now = utcnow()
    overdue = list_overdue(now, limit=MOST)
    if not overdue:
        return
    leaders = [member.id for member in list_members() if "leader" in member.roles]
    for followup, leader_id in overdue:
        for told in [leader_id] if leader_id in leaders else leaders:
            if told is not None:
                notify(told, TIME_PASSED, {"due": moment(followup.due_at)}, {"followup_id": followup.id})
        followup.told_at = now


CLIMB = Job("followups.climb", climb, schedule=Schedule(every_minutes=15))
