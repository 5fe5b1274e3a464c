"""People helped, counted a second time from the raw rows."""

import pytest
from flask import Flask

from hjelpa.core.contract import Counts, Period
from hjelpa.core.isolation import tenant_scope
from modules.citizens.indicators import count_people_helped
from tests.modules.lives import PERIODS, Lives, within, write_lives
from tests.people import Town, make_town


@pytest.fixture(scope="module")
def written(app: Flask) -> tuple[Town, Lives]:
    town = make_town(app)
    write_lives(make_town(app), 2)  # somebody else's people
    return town, write_lives(town, 1)


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.id)
def test_people_helped_are_citizens_with_a_conversation(written: tuple[Town, Lives], period: Period) -> None:
    town, lives = written
    citizen_of = {course.id: course.citizen_id for course in lives.courses}
    helped = {citizen_of[talk.course_id] for talk in lives.conversations if within(talk.held_at, period)}
    assert 0 < len(helped) < len({*citizen_of.values()})
    with town.app.app_context(), tenant_scope(town.tenant_id, read_only=True):
        assert count_people_helped(period) == Counts(len(helped), 0, len(helped))


def test_a_municipality_without_data_counts_nothing(app: Flask) -> None:
    with app.app_context(), tenant_scope(make_town(app).tenant_id, read_only=True):
        assert count_people_helped(PERIODS[0]) == Counts(0, 0, 0)
