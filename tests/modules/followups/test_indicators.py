"""Follow-ups ended with an agreement: one for each person, with a week to be answered in."""

import uuid
from datetime import datetime, timedelta
from random import Random

import pytest

from hjelpa.core.contract import Counts, Period
from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.types import utcnow
from modules.followups.indicators import count_ended_within_a_week
from modules.followups.models import FollowUp
from tests.modules.door import citizen_of
from tests.modules.feedback.courses import inside, make_course
from tests.modules.lives import EDGES, PERIODS, within
from tests.people import Town

DAYS = (1, 7, 8)


def write(town: Town, course_id: uuid.UUID, talk: uuid.UUID, opened: datetime, closed: datetime | None) -> None:
    with inside(town):
        row = FollowUp(course_id=course_id, opened_at=opened, due_at=opened + timedelta(days=1), closed_at=closed)
        row.conversation_id = talk if closed else None
        db.session.add(row)


@pytest.mark.parametrize("seed", [1, 2])
def test_counted_again_in_plain_python(town: Town, seed: int) -> None:
    random, rows = Random(seed), []
    for _ in range(25):
        course_id, (talk, *_) = make_course(town, held=[EDGES[0] - timedelta(days=1)])
        person = citizen_of(town, str(course_id))
        moments = {random.choice(EDGES) + timedelta(seconds=random.choice((-1, 0, 1, 900_000))) for _ in range(2)}
        for opened in sorted(moments):
            closed = opened + timedelta(days=random.choice(DAYS), seconds=random.choice((-1, 0, 1)))
            # Only the last may be open: a course has one at a time.
            kept = None if opened == max(moments) and random.random() < 0.3 else closed
            write(town, course_id, talk, opened, kept)
            rows.append((person, opened, kept))
    for period in PERIODS:
        first: dict[uuid.UUID, tuple[datetime, datetime | None]] = {}
        for person, opened, ended in sorted(rows, key=lambda row: row[1]):
            if within(opened, period):
                first.setdefault(person, (opened, ended))
        agreed = sum(
            closed is not None and closed - opened <= timedelta(days=7) for opened, closed in first.values()
        )
        with town.app.app_context(), tenant_scope(town.tenant_id, read_only=True):
            assert count_ended_within_a_week(period) == Counts(agreed, len(first), len(first)), period.id


def test_whoever_has_not_had_a_week_is_not_measured_yet(town: Town) -> None:
    now = utcnow()
    for days in (1, 6):
        course_id, (talk, *_) = make_course(town)
        write(town, course_id, talk, now - timedelta(days=days), now)
    this = Period("now", (now - timedelta(days=30)).date(), (now + timedelta(days=2)).date())
    with town.app.app_context(), tenant_scope(town.tenant_id, read_only=True):
        assert count_ended_within_a_week(this) == Counts(0, 0, 2)
