"""Feedback from the start and higher at the end, counted a second time from the raw rows."""

import uuid

import pytest
from flask import Flask

from hjelpa.core.contract import Counts, Period
from hjelpa.core.isolation import tenant_scope
from modules.citizens.models import Conversation, Course
from modules.feedback.models import Answer
from modules.feedback.team import indicators
from tests.modules.lives import PERIODS, Lives, within, write_lives
from tests.people import Town, make_town


@pytest.fixture(scope="module")
def written(app: Flask) -> tuple[Town, Lives]:
    town = make_town(app)
    write_lives(make_town(app), 22)  # somebody else's people
    return town, write_lives(town, 21, citizens=90)


def own_outcomes(lives: Lives) -> dict[uuid.UUID, Answer]:
    """The citizen's own answers on the outcome scale, by conversation."""
    return {
        answer.conversation_id: answer
        for answer in lives.answers
        if answer.scale == "outcome" and answer.rater_id is None
    }


def talks_of(lives: Lives, course: Course) -> list[Conversation]:
    talks = [talk for talk in lives.conversations if talk.course_id == course.id]
    return sorted(talks, key=lambda talk: (talk.held_at, talk.id))


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.id)
def test_feedback_in_the_first_meeting(written: tuple[Town, Lives], period: Period) -> None:
    town, lives = written
    answers = own_outcomes(lives)
    first: dict[uuid.UUID, Conversation] = {}
    for course in lives.courses:
        talks = talks_of(lives, course)
        if talks and within(talks[0].held_at, period):
            other = first.get(course.citizen_id)
            if other is None or (talks[0].held_at, talks[0].id) < (other.held_at, other.id):
                first[course.citizen_id] = talks[0]
    answered = [talk for talk in first.values() if talk.id in answers and answers[talk.id].state == "answered"]
    assert 0 < len(answered) < len(first)
    with town.app.app_context(), tenant_scope(town.tenant_id, read_only=True):
        counted = indicators.count_feedback_in_first_meeting(period)
    assert counted == Counts(len(answered), len(first), len(first))


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.id)
def test_higher_at_the_end(written: tuple[Town, Lives], period: Period) -> None:
    town, lives = written
    answers = own_outcomes(lives)
    last: dict[uuid.UUID, Course] = {}
    for course in sorted(lives.courses, key=lambda course: (course.closed_at or course.opened_at, course.id)):
        if within(course.closed_at, period):
            last[course.citizen_id] = course
    totals = [
        [answers[talk.id].total for talk in talks_of(lives, course) if talk.id in answers]
        for course in last.values()
    ]
    whole = [[total for total in found if total is not None] for found in totals]
    measured = [found for found in whole if len(found) >= 2]
    higher = [found for found in measured if found[-1] > found[0]]
    assert 0 < len(higher) < len(measured) < len(last)
    with town.app.app_context(), tenant_scope(town.tenant_id, read_only=True):
        assert indicators.count_higher_at_end(period) == Counts(len(higher), len(measured), len(last))
