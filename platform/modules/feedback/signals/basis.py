"""What a signal rested on, and what has come since: parts of the statement that reads a course's signals."""

from sqlalchemy import ColumnElement, Integer, and_, case, exists, false, func, select

from modules.citizens.models import Citizen
from modules.citizens.paging import one
from modules.feedback.models import Answer
from modules.feedback.scales.registry import FORMS, OWN_PACK
from modules.feedback.signals.models import FeedbackSignal
from modules.feedback.trajectory.model import MINIMUM_IN_BAND
from modules.feedback.trajectory.models import TrajectoryModel


def spoke() -> ColumnElement[bool]:
    """Whether the model in use when a signal was noticed knew enough courses of the citizen's age band."""
    known = func.jsonb_extract_path_text(TrajectoryModel.parameters, "bands", Citizen.age_band).cast(Integer)
    latest = (
        select(func.coalesce(known, 0) >= MINIMUM_IN_BAND)
        .where(
            TrajectoryModel.tenant_id == FeedbackSignal.tenant_id,
            TrajectoryModel.pack == OWN_PACK,
            TrajectoryModel.fitted_at <= FeedbackSignal.noticed_at,
        )
        .order_by(TrajectoryModel.fitted_at.desc(), TrajectoryModel.id.desc())
        .limit(1)
    )
    return func.coalesce(latest.correlate(FeedbackSignal, Citizen).scalar_subquery(), false())


def fits() -> ColumnElement[bool]:
    """Whether the answer was on a form that the model speaks of: one of our own."""
    own = one().where(
        Answer.tenant_id == FeedbackSignal.tenant_id,
        Answer.conversation_id == FeedbackSignal.conversation_id,
        Answer.form.in_(FORMS),
    )
    return exists(own.where(Answer.scale == "outcome", Answer.rater_id.is_(None)))


def newer() -> ColumnElement[bool]:
    """Whether there is an answer since a signal was noticed, on the scale and by those that it is about."""
    since = one().where(
        Answer.tenant_id == FeedbackSignal.tenant_id,
        Answer.course_id == FeedbackSignal.course_id,
        Answer.answered_at > FeedbackSignal.noticed_at,
        Answer.state == "answered",
    )
    about = case(
        (FeedbackSignal.kind == "alliance_low", Answer.scale == "alliance"),
        (FeedbackSignal.kind == "alliance_fell", and_(Answer.scale == "alliance", Answer.rater_id.is_(None))),
        (FeedbackSignal.kind == "no_answer", Answer.rater_id.is_(None)),
        else_=and_(Answer.scale == "outcome", Answer.rater_id.is_(None)),
    )
    return exists(since.where(about))
