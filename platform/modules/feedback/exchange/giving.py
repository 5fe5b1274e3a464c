"""Everything registered of sessions and answers as rows of a file: the columns that an import reads. No names leave.

Courses have their id, other raters a number within their course (`rater2`, `rater3` …). A conversation without an answer
of the citizen's has rows with empty items, so that a file tells who was not asked too.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    and_,
    case,
    func,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from hjelpa.core.database import Stream, db
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.schemas import LOCAL
from modules.citizens.models import Citizen, Conversation, Course
from modules.feedback.exchange.known import rater_code
from modules.feedback.exchange.material import COLUMN_COUNT
from modules.feedback.metrics.records import SELF
from modules.feedback.models import SCALES, Answer, Rater

# Rows fetched at a time.
BATCH = 5_000
TENTHS = 10

Cells = tuple[object, ...]


def open_rows() -> Stream:
    """Every conversation with its answers, course by course from the oldest, in one statement that is read as it comes."""
    return Stream(_statement(), batch=BATCH)


def make_rows(found: Iterable[Row[*tuple[Any, ...]]]) -> Iterator[Cells]:
    """The rows of the file. Numbers are numbers."""
    for _course, rows in groupby(found, key=lambda row: row.course_id):
        yield from _course_rows(list(rows))


def count_rows() -> int:
    """At most how many rows there are."""
    talks = select(func.count(Conversation.id)).scalar_subquery()
    others = select(func.count(Answer.id)).where(Answer.rater_id.is_not(None)).scalar_subquery()
    return int(db.session.execute(select(talks * len(SCALES) + others)).scalar_one())


def citizens_given() -> Select[Any]:
    """Those whose answers are in the file."""
    talks = and_(Conversation.tenant_id == Course.tenant_id, Conversation.course_id == Course.id)
    # It is put into an insert, which nothing restricts by itself.
    own = Course.tenant_id == get_tenant_id()
    return select(Course.citizen_id).distinct().join(Conversation, talks).where(own)


def _statement() -> Select[*tuple[Any, ...]]:
    # A conversation with several answers is one: ranks count it once.
    in_time = (Conversation.held_at, Conversation.id)
    number = func.dense_rank().over(partition_by=Conversation.course_id, order_by=in_time)
    place = case((Answer.rater_id.is_not(None), _place())).label("place")
    return (
        select(
            Course.id.label("course_id"),
            Citizen.age_band,
            _local_day(Course.closed_at).label("ended"),
            Course.ending,
            number.label("number"),
            _local_day(Conversation.held_at).label("day"),
            Answer.scale,
            Answer.items,
            place,
        )
        .join(Citizen, and_(Citizen.tenant_id == Course.tenant_id, Citizen.id == Course.citizen_id))
        .join(Conversation, and_(Conversation.tenant_id == Course.tenant_id, Conversation.course_id == Course.id))
        .outerjoin(
            Answer, and_(Answer.tenant_id == Conversation.tenant_id, Answer.conversation_id == Conversation.id)
        )
        .outerjoin(Rater, and_(Rater.tenant_id == Answer.tenant_id, Rater.id == Answer.rater_id))
        .order_by(Course.opened_at, Course.id, *in_time, place.nulls_first(), Answer.scale.desc())
    )


def _place() -> ScalarSelect[int]:
    """Which of the course's raters one is, from 1, in the order in which they were added."""
    earlier = aliased(Rater)
    so_far = tuple_(earlier.created_at, earlier.id) <= tuple_(Rater.created_at, Rater.id)
    counted = select(func.count()).where(
        earlier.tenant_id == Rater.tenant_id, earlier.course_id == Rater.course_id, so_far
    )
    return counted.correlate(Rater).scalar_subquery()


def _local_day(moment: Any) -> ColumnElement[date]:
    return func.date(func.timezone(str(LOCAL), moment))


def _course_rows(rows: Sequence[Row[*tuple[Any, ...]]]) -> Iterator[Cells]:
    """One course: in each session the citizen's two scales, answered or not, and then what others answered."""
    ended = rows[0].ended
    if ended is not None:
        # A conversation may have been registered after the end; a file cannot say that.
        ended = max(ended, max(row.day for row in rows))
    ending = "mutual" if rows[0].ending == "handed_over" else rows[0].ending
    for number, found in groupby(rows, key=lambda row: row.number):
        for rater, scale, day, band, items in _session_rows(list(found)):
            about = (str(rows[0].course_id), rater, band, scale, number, day.isoformat())
            yield (*about, *_points(items), ended.isoformat() if ended else "", ending or "")


def _session_rows(
    rows: Sequence[Row[*tuple[Any, ...]]],
) -> Iterator[tuple[str, str, date, str, Sequence[int | None]]]:
    own = {row.scale: row.items for row in rows if row.scale and row.place is None}
    day, band = rows[0].day, rows[0].age_band
    for scale in SCALES:
        items = own.get(scale, [])
        # A form with more lines than there are columns has no place in the file.
        if len(items) <= COLUMN_COUNT:
            yield SELF, scale, day, band, items
    for row in rows:
        if row.place is not None and 0 < len(row.items) <= COLUMN_COUNT:
            yield rater_code(row.place - 1), row.scale, day, band, row.items


def _points(items: Iterable[int | None]) -> list[object]:
    cells: list[object] = ["" if value is None else value / TENTHS for value in items]
    return cells + [""] * (COLUMN_COUNT - len(cells))
