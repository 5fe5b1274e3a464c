"""What the citizens' own answers say: whether they answer from the start, and where they end."""

from collections.abc import Sequence
from datetime import datetime, time

from flask_babel import lazy_gettext as _l
from sqlalchemy import Exists, Float, Select, Subquery, and_, exists, func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from hjelpa.core.contract import Counts, Indicator, Period
from hjelpa.core.database import db
from hjelpa.core.schemas import local_moment
from modules.citizens.models import Conversation, Course
from modules.feedback.metrics.messages import Message
from modules.feedback.metrics.threshold import FORMULA_VERSION as THRESHOLD_VERSION
from modules.feedback.models import Answer
from modules.feedback.team.queries import find_basis


def feedback_in_first_meeting(period: Period) -> Select[int, int, int]:
    """The statement that counts persons who answered the outcome scale in their first conversation, and twice all who had one."""
    first = _first_conversations(*bounds_of(period))
    answered = exists().where(
        Answer.tenant_id == first.c.tenant_id,
        Answer.conversation_id == first.c.id,
        Answer.scale == "outcome",
        Answer.rater_id.is_(None),
        Answer.state == "answered",
    )
    return select(func.count().filter(answered), func.count(), func.count()).select_from(first)


def count_feedback_in_first_meeting(period: Period) -> Counts:
    """Persons who answered the outcome scale in their first conversation, of all who had a first one."""
    return Counts(*db.session.execute(feedback_in_first_meeting(period)).one())


def count_higher_at_end(period: Period) -> Counts:
    """Persons whose last outcome total is above their first, of those with two complete answers or more.

    Everybody whose course was closed in the period is eligible, measured or not.
    """
    closed = closed_courses(*bounds_of(period))
    ends = first_and_last_totals(closed)
    measured = ends.c.answers >= 2
    higher = and_(measured, ends.c.last > ends.c.first)
    counted = select(func.count().filter(higher), func.count().filter(measured), func.count())
    matched = closed.outerjoin(ends, and_(ends.c.tenant_id == closed.c.tenant_id, ends.c.course_id == closed.c.id))
    return Counts(*db.session.execute(counted.select_from(matched)).one())


def count_both_scales_used(period: Period) -> Counts:
    """Persons who answered at least one line of each scale in the course that ended in the period, of all whose ended."""
    closed = closed_courses(*bounds_of(period))
    both = and_(_answered(closed, "outcome"), _answered(closed, "alliance"))
    counted = select(func.count().filter(both), func.count(), func.count()).select_from(closed)
    return Counts(*db.session.execute(counted).one())


def _answered(courses: Subquery, scale: str) -> Exists:
    return exists().where(
        Answer.tenant_id == courses.c.tenant_id,
        Answer.course_id == courses.c.id,
        Answer.scale == scale,
        Answer.rater_id.is_(None),
        Answer.state == "answered",
    )


def count_improved_reliably(period: Period) -> Counts | None:
    """Persons whose last outcome total is above their first by more than the limit, of those with two complete answers.

    Everybody whose course ended in the period is eligible. None before the municipality has a limit, estimated or its
    scale's own: then it contributes nothing at all, rather than a nought.
    """
    basis = find_basis()
    if isinstance(basis.threshold, Message):
        return None
    closed = closed_courses(*bounds_of(period))
    ends = first_and_last_totals(closed, basis.forms)
    measured = ends.c.answers >= 2
    change = ends.c.last - ends.c.first if basis.rules.higher_is_better else ends.c.first - ends.c.last
    improved = and_(measured, change > literal(basis.threshold.tenths, Float))
    counted = select(func.count().filter(improved), func.count().filter(measured), func.count())
    matched = closed.outerjoin(ends, and_(ends.c.tenant_id == closed.c.tenant_id, ends.c.course_id == closed.c.id))
    return Counts(*db.session.execute(counted.select_from(matched)).one())


def count_unplanned_endings(period: Period) -> Counts:
    """Persons whose course ended in the period without both having agreed on it, of all whose ended."""
    closed = closed_courses(*bounds_of(period))
    course = and_(Course.tenant_id == closed.c.tenant_id, Course.id == closed.c.id)
    unplanned = Course.ending == "unilateral"
    counted = select(func.count().filter(unplanned), func.count(), func.count()).select_from(closed)
    return Counts(*db.session.execute(counted.join(Course, course)).one())


def bounds_of(period: Period) -> tuple[datetime, datetime]:
    return local_moment(period.start, time()), local_moment(period.end, time())


def _first_conversations(begin: datetime, end: datetime) -> Subquery:
    """First conversations of courses within the bounds; a person who began twice counts with the first."""
    held, earlier = Conversation, aliased(Conversation)
    before = exists().where(
        earlier.tenant_id == held.tenant_id,
        earlier.course_id == held.course_id,
        tuple_(earlier.held_at, earlier.id) < tuple_(held.held_at, held.id),
    )
    return (
        select(held.tenant_id, held.id)
        .join(Course, and_(Course.tenant_id == held.tenant_id, Course.id == held.course_id))
        .where(held.held_at >= begin, held.held_at < end, ~before)
        .ext(distinct_on(Course.citizen_id))
        .order_by(Course.citizen_id, held.held_at, held.id)
        .subquery()
    )


def closed_courses(begin: datetime, end: datetime) -> Subquery:
    """Courses closed within the bounds; a person who ended twice counts with the last."""
    return (
        select(Course.tenant_id, Course.id)
        .where(Course.closed_at >= begin, Course.closed_at < end)
        .ext(distinct_on(Course.citizen_id))
        .order_by(Course.citizen_id, Course.closed_at.desc(), Course.id.desc())
        .subquery()
    )


def first_and_last_totals(courses: Subquery, forms: Sequence[str] | None = None) -> Subquery:
    """By course: how many complete outcome answers of the citizen's own there are, and the first and last total.

    With `forms`, only answers on those forms.
    """
    counts = [] if forms is None else [Answer.form.in_(forms)]
    course = (Answer.tenant_id, Answer.course_id)
    in_time = (Conversation.held_at, Conversation.id)
    from_the_end = [column.desc() for column in in_time]
    ranked = (
        select(
            Answer.tenant_id,
            Answer.course_id,
            Answer.total,
            func.row_number().over(partition_by=course, order_by=in_time).label("forwards"),
            func.row_number().over(partition_by=course, order_by=from_the_end).label("backwards"),
        )
        .join(
            Conversation,
            and_(Conversation.tenant_id == Answer.tenant_id, Conversation.id == Answer.conversation_id),
        )
        .where(Answer.course_id.in_(select(courses.c.id)))
        .where(Answer.scale == "outcome", Answer.rater_id.is_(None), Answer.total.is_not(None), *counts)
        .subquery()
    )
    return (
        select(
            ranked.c.tenant_id,
            ranked.c.course_id,
            func.count().label("answers"),
            func.max(ranked.c.total).filter(ranked.c.forwards == 1).label("first"),
            func.max(ranked.c.total).filter(ranked.c.backwards == 1).label("last"),
        )
        .group_by(ranked.c.tenant_id, ranked.c.course_id)
        .subquery()
    )


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="feedback_first_meeting",
        version=1,
        title=_l("Feedback in the first meeting"),
        definition=_l(
            "Of the people who had the first conversation of a course of help in the period: how many answered the "
            "outcome scale in that conversation. A person counts once."
        ),
        caution=_l("Answering is voluntary. The figure shows how often it was done, not what the answers were."),
        count=count_feedback_in_first_meeting,
    ),
    Indicator(
        id="higher_at_end",
        version=1,
        title=_l("Higher on the outcome scale at the end"),
        definition=_l(
            "Of the people whose course of help ended in the period and who answered the whole outcome scale at "
            "least twice: how many had a higher total in the last answer than in the first. A person counts once, "
            "with the course that ended last."
        ),
        caution=_l(
            "It is no test of effect: a total may rise by chance or for other reasons than the help, and no limit "
            "is set yet for how much it must rise. People who did not answer twice are not in it."
        ),
        count=count_higher_at_end,
    ),
    Indicator(
        id="both_scales_used",
        version=1,
        title=_l("Both scales used"),
        definition=_l(
            "Of the people whose course of help ended in the period: how many had answered at least one line of the outcome "
            "scale and at least one line of the alliance scale. A person counts once, with the course that ended last."
        ),
        caution=_l("Answering is voluntary. The figure shows how often it was done, not what the answers were."),
        count=count_both_scales_used,
    ),
    Indicator(
        id="reliable_improvement",
        # The version of the formula of the limit, so that a contribution says which one it rests on.
        version=int(THRESHOLD_VERSION),
        title=_l("Reliable improvement"),
        definition=_l(
            "Of the people whose course of help ended in the period and who answered the whole outcome scale at least "
            "twice: how many had a last total above the first by more than the limit for a reliable change. The limit is "
            "estimated in each municipality, from at least 200 first answers, by version %(version)s of the formula 1.96 · SD · "
            "√2 · √(1 − reliability). A municipality without a limit contributes nothing. A person counts once.",
            version=THRESHOLD_VERSION,
        ),
        caution=_l(
            "The limit is estimated, and not quite the same everywhere. People who begin low usually rise, whatever is done. "
            "People who did not answer twice are not in it."
        ),
        count=count_improved_reliably,
    ),
    Indicator(
        id="unplanned_endings",
        version=1,
        title=_l("Ended without agreement"),
        definition=_l(
            "Of the people whose course of help ended in the period: how many ended it without both having agreed. A person "
            "counts once, with the course that ended last. Going on in another municipality counts as agreed."
        ),
        caution=_l(
            "To stop is everybody’s right, and may mean that the help was enough. The figure says when to ask, not that "
            "something was wrong."
        ),
        count=count_unplanned_endings,
    ),
)
