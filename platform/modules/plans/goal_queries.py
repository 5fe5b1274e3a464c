"""The citizen's own goals as other features are told of them: those that are shared, never an adult's own words."""

import uuid
from collections.abc import Sequence

from sqlalchemy import and_, select

from hjelpa.core.contract import OwnGoal
from hjelpa.core.database import db
from modules.citizens.models import Citizen, Course
from modules.plans.models import Goal, Plan, Progress
from modules.plans.rules import Author
from modules.plans.sharing_queries import is_closed


def list_goals(course_id: uuid.UUID) -> Sequence[OwnGoal]:
    """The open goals of a course's citizen, in the order of the plan; none once the plan is closed here."""
    plan = and_(Plan.tenant_id == Course.tenant_id, Plan.citizen_id == Course.citizen_id)
    goal = and_(Goal.tenant_id == Plan.tenant_id, Goal.plan_id == Plan.id)
    stood = and_(Progress.goal_id == Goal.id, Progress.author_adult_id.is_(None))
    last = (
        select(Progress.id)
        .where(stood)
        .order_by(Progress.at.desc(), Progress.id.desc())
        .limit(1)
        .correlate(Goal)
        .scalar_subquery()
    )
    step = and_(Progress.tenant_id == Goal.tenant_id, Progress.id == last)
    own = Goal.state == "open", Goal.author_adult_id.is_(None), ~is_closed(Course.citizen_id)
    rows = db.session.execute(
        select(Goal.id, Goal.words, Progress.value, Progress.at)
        .select_from(Course)
        .join(Plan, plan)
        .join(Goal, goal)
        .outerjoin(Progress, step)
        .where(Course.id == course_id, *own)
        .order_by(Goal.created_at, Goal.id)
    )
    return [OwnGoal(*row) for row in rows]


def get_goal(course_id: uuid.UUID, goal_id: uuid.UUID) -> tuple[Goal, Author]:
    """A goal of those, and the course's citizen as the one who writes."""
    citizen = and_(Citizen.tenant_id == Course.tenant_id, Citizen.id == Course.citizen_id)
    query = select(Goal, Citizen.id, Citizen.name).select_from(Course).join(Citizen, citizen)
    goal, citizen_id, name = db.session.execute(
        query.join(Goal, Goal.tenant_id == Course.tenant_id).where(Course.id == course_id, Goal.id == goal_id)
    ).one()
    return goal, Author("citizen", citizen_id, name)
