"""The citizen's own goals for other features, through the contract (`Manifest.goals`)."""

import uuid

from hjelpa.core.contract import GoalSource
from modules.plans.commands import add_progress
from modules.plans.goal_queries import get_goal, list_goals


def rate_goal(course_id: uuid.UUID, goal_id: uuid.UUID, value: int, key: uuid.UUID) -> None:
    """Where the citizen says they stand; the plan's history tells it in their name."""
    if goal_id in {goal.id for goal in list_goals(course_id)}:
        goal, author = get_goal(course_id, goal_id)
        add_progress(goal.plan_id, goal, author, key=key, value=value)


GOALS = GoalSource(list_goals, rate_goal)
