"""The citizen's own goals, asked of whatever feature keeps them: nothing where it is off."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import g

from hjelpa.core.contract import GoalSource, OwnGoal
from hjelpa.core.permissions import features


def _source() -> GoalSource | None:
    # Whoever answers by a one-time address has no seat; the gate has noted what the municipality has switched off.
    on = features().enabled(g.get("modules_off", ()))
    return next((manifest.goals for manifest in on if manifest.goals is not None), None)


def list_goals(course_id: uuid.UUID, *, since: datetime) -> Sequence[OwnGoal]:
    """The goals to ask about: those that have not been rated since then."""
    source = _source()
    goals = source.list(course_id) if source else ()
    return [goal for goal in goals if goal.at is None or goal.at < since]


def rate_goals(course_id: uuid.UUID, values: Mapping[uuid.UUID, int], sent_by: uuid.UUID) -> None:
    """Keeps what was said of each goal; `sent_by` is the request's id, so that the same sent twice is one rating."""
    source = _source()
    if source is None:
        return
    for goal_id, value in values.items():
        source.rate(course_id, goal_id, value, uuid.uuid5(sent_by, str(goal_id)))
