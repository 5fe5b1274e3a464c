"""From a signal to the next conversation: counted once more in plain Python."""

import uuid
from datetime import UTC, datetime, timedelta
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from hjelpa.core.database import db
from hjelpa.core.types import utcnow
from modules.citizens.commands import end_course
from modules.feedback.signals.models import FeedbackSignal
from modules.feedback.signals.times import Talk, list_talks, sum_up
from tests.modules.feedback.courses import inside, make_course
from tests.people import Town

NOW = datetime(2026, 11, 20, tzinfo=UTC)
DAY = timedelta(days=1)

talks = st.builds(
    lambda after, ended: Talk("adult", NOW, None if after is None else NOW + timedelta(minutes=after), ended),
    st.none() | st.integers(1, 100_000),
    st.booleans(),
)


@given(st.lists(talks, max_size=20))
def test_talked_open_and_ended_are_all_of_them(told: list[Talk]) -> None:
    times = sum_up(told)
    assert times.signals == len(told) == times.talked + times.open + times.ended
    assert times.open == sum(talk.held_at is None and not talk.ended for talk in told)
    days = [(talk.held_at - NOW) / DAY for talk in told if talk.held_at is not None]
    assert times.median_days == (median(days) if days else None)


def test_the_first_conversation_held_after_it(town: Town) -> None:
    now = utcnow()
    met, _ = make_course(town, held=[now - days * DAY for days in (20, 10, 7, 3)])
    waits, _ = make_course(town, held=[now - 10 * DAY])
    ended, _ = make_course(town, held=[now - 10 * DAY])
    with inside(town):
        end_course(ended, "mutual")
        for course_id in (met, waits, ended):
            db.session.add(signal(course_id, now - 10 * DAY))
        db.session.add(signal(waits, now - 40 * DAY, kind="no_answer"))
    with inside(town):
        told = list_talks(now - 11 * DAY, now)
    assert [round(talk.days, 6) if talk.days is not None else talk.ended for talk in told].count(3.0) == 1
    assert sum_up(told) == sum_up([Talk("adult", now, now + 3 * DAY, False), *_without(now)])


def _without(now: datetime) -> list[Talk]:
    return [Talk("adult", now, None, ended) for ended in (False, True)]


def signal(course_id: uuid.UUID, at: datetime, kind: str = "off_track") -> FeedbackSignal:
    return FeedbackSignal(course_id=course_id, kind=kind, noticed_at=at)
