"""What the citizens' own answers say: whether they answer from the start, and where they end."""

from datetime import datetime, time

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, Subquery, and_, exists, func, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from hjelpa.core.contract import Counts, Indicator, Period
from hjelpa.core.database import db
from hjelpa.core.schemas import local_moment
from modules.citizens.models import Conversation, Course
from modules.feedback.models import Answer


def feedback_in_first_meeting(period: Period) -> Select[int, int, int]:
    """The statement that counts persons who answered the outcome scale in their first conversation, and twice all who had one."""
    first = _first_conversations(*bounds_of(period))
    answered = exists().where(
        Answer.tenant_id == first.c.tenant_id,
        Answer.conversation_id == first.c.id,
        Answer.scale == "outcome",
        Answer.rater == "self",
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


def first_and_last_totals(courses: Subquery) -> Subquery:
    """By course: how many complete outcome answers of the citizen's own there are, and the first and last total."""
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
        .where(Answer.scale == "outcome", Answer.rater == "self", Answer.total.is_not(None))
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
)
