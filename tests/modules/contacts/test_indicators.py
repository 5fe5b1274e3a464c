"""How soon people are met and who made contact, counted a second time from the raw rows."""

import uuid
from datetime import time, timedelta

import pytest
from flask import Flask

from hjelpa.core.contract import Counts, Period
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.schemas import local_moment
from hjelpa.core.types import utcnow
from modules.contacts import indicators
from modules.contacts.models import Contact
from tests.modules.lives import PERIODS, Lives, within, write_lives
from tests.people import Town, make_town

WEEK = timedelta(days=7)


@pytest.fixture(scope="module")
def written(app: Flask) -> tuple[Town, Lives]:
    town = make_town(app)
    write_lives(make_town(app), 12)  # somebody else's people
    return town, write_lives(town, 11)


def first_contacts(lives: Lives, period: Period) -> list[Contact]:
    """Each person's first contact in the period; without a course of help each contact is a person."""
    citizen_of = {course.id: course.citizen_id for course in lives.courses}
    first: dict[uuid.UUID, Contact] = {}
    for contact in sorted(lives.contacts, key=lambda contact: (contact.received_at, contact.id)):
        if within(contact.received_at, period):
            first.setdefault(citizen_of[contact.course_id] if contact.course_id else contact.id, contact)
    return list(first.values())


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.id)
def test_met_within_a_week(written: tuple[Town, Lives], period: Period) -> None:
    town, lives = written
    people = first_contacts(lives, period)
    met = [
        one for one in people if one.first_conversation_at and one.first_conversation_at - one.received_at <= WEEK
    ]
    late = [
        one for one in people if one.first_conversation_at and one.first_conversation_at - one.received_at > WEEK
    ]
    assert met and late and len(met) + len(late) < len(people)
    with town.app.app_context(), tenant_scope(town.tenant_id, read_only=True):
        assert indicators.count_met_within_a_week(period) == Counts(len(met), len(people), len(people))


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.id)
def test_made_contact_themselves(written: tuple[Town, Lives], period: Period) -> None:
    town, lives = written
    people = first_contacts(lives, period)
    themselves = [one for one in people if one.made_by == "self"]
    assert 0 < len(themselves) < len(people)
    with town.app.app_context(), tenant_scope(town.tenant_id, read_only=True):
        assert indicators.count_own_contacts(period) == Counts(len(themselves), len(people), len(people))


def test_people_who_have_not_had_a_week_are_not_counted_as_unmet(
    written: tuple[Town, Lives], monkeypatch: pytest.MonkeyPatch
) -> None:
    town, lives = written
    period = PERIODS[-1]
    now = max(one.received_at for one in first_contacts(lives, period)) - timedelta(days=20)
    monkeypatch.setattr(indicators, "utcnow", lambda: now)
    people = first_contacts(lives, period)
    had_time = [one for one in people if one.received_at <= now - WEEK]
    assert 0 < len(had_time) < len(people) and utcnow() > now
    with town.app.app_context(), tenant_scope(town.tenant_id, read_only=True):
        counted = indicators.count_met_within_a_week(period)
    assert (counted.denominator, counted.eligible) == (len(had_time), len(people))


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.id)
def test_waiting_at_the_end(written: tuple[Town, Lives], period: Period) -> None:
    town, lives = written
    end = local_moment(period.end, time())
    citizen_of = {course.id: course.citizen_id for course in lives.courses}
    waiting = {
        citizen_of[one.course_id] if one.course_id else one.id
        for one in lives.contacts
        if one.received_at < end and (one.first_conversation_at is None or one.first_conversation_at >= end)
    }
    with town.app.app_context(), tenant_scope(town.tenant_id, read_only=True):
        assert indicators.count_waiting_at_the_end(period) == Counts(len(waiting), 0, len(waiting))
    assert waiting
