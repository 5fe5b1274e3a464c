"""Invented contacts: the one behind every course of help, the few that still wait for a first conversation, and those
that came by night through the public door."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Row, select

from hjelpa.core.database import db
from hjelpa.core.demo import Town
from hjelpa.core.schemas import LOCAL
from modules.citizens.demo import BANDS
from modules.citizens.demo_tools import at, first_day, insert_rows, is_closed, make_id
from modules.citizens.demo_words import make_name, make_phone
from modules.citizens.models import Citizen, Course, Responsibility
from modules.contacts.models import Contact
from tenants.units.queries import list_units

# Days from contact to first conversation: many are met at once, most within a week.
WAITS = (0, 1, 2, 3, 4, 5, 6, 7, 9, 12, 15, 20)
WAIT_WEIGHTS = (18, 20, 14, 10, 8, 7, 6, 6, 5, 3, 2, 1)
CHANNELS = ("call", "call", "call", "write", "write", "drop_in", "call_me")
# Who made the contact, by age: people mostly come themselves.
MADE_BY = {
    "child": ("self", "self", "self", "for_someone", "for_someone", "with_service"),
    "adolescent": ("self", "self", "self", "self", "for_someone", "with_service"),
    "adult": ("self",) * 8 + ("for_someone", "with_service"),
}

WORDS = {
    "child": (
        "Vi får ikke til kveldene lenger, og vil gjerne snakke med noen.",
        "Sønnen vår vil ikke på skolen om mandagene.",
        "Jeg lurer på hvordan jeg skal snakke med jenta mi om at vi flytter fra hverandre.",
        "Det er mye sinne hjemme, og vi er slitne alle sammen.",
        "Hun er lei seg etter skolen nesten hver dag.",
        "Vi trenger råd om søvn.",
    ),
    "adolescent": (
        "Jeg vil snakke med noen som ikke er læreren min.",
        "Jeg gruer meg til alt.",
        "Det er bråk hjemme, og jeg orker ikke mer.",
        "Jeg har sluttet å være med på ting.",
        "Helsesykepleier sa at jeg kunne ringe hit.",
        "Jeg får ikke sove.",
    ),
    "adult": (
        "Jeg trenger noen å snakke med, helst ganske snart.",
        "Det har blitt for mye på en gang.",
        "Vi vil ha hjelp til å snakke sammen hjemme.",
        "Jeg kommer meg ikke ut av døra om morgenen.",
        "Naboen min fortalte om dere, så nå prøver jeg.",
        "Jeg har mistet noen, og dagene går i ett.",
        "Jeg vil tilbake på jobb, men vet ikke hvor jeg skal begynne.",
    ),
}
# Where people have written during the night, and nobody has answered yet.
BY_NIGHT = "stange"
NIGHT = (
    ("write", 0, 14, "Jeg får ikke sove, og vil gjerne snakke med noen. Dere kan skrive til meg."),
    ("call_me", 0, 40, "Helst etter klokka tolv, da er jeg alene."),
)
NEXT_STEPS = (
    "Første samtale hos oss.",
    "Første samtale hjemme.",
    "Første samtale på skolen.",
    "Vi ringer og avtaler sted.",
    "Første samtale på telefon.",
)


def fill(town: Town) -> None:
    """Writes one contact for every course, and those still waiting."""
    if town.opened_on is None:
        return
    # Some places are slower than others, and all learn.
    pace = town.random.uniform(0.6, 1.6)
    rows = [*_answered_rows(town, town.opened_on, pace), *_waiting_rows(town)]
    if town.slug == BY_NIGHT:
        rows += _unanswered_rows(town)
    insert_rows(Contact, rows)


def _answered_rows(town: Town, opened_on: date, pace: float) -> Iterator[dict[str, Any]]:
    """The contact that each course began with, drawn from the course, so that it is the same whatever today is."""
    # Read apart and joined here: a join of tables that were just filled has no statistics to be planned by.
    people = select(Citizen.id, Citizen.name, Citizen.phone, Citizen.age_band)
    citizens = {row.id: row for row in db.session.execute(people)}
    turns = select(Responsibility.course_id, Responsibility.since_at, Responsibility.membership_id)
    first_helpers = {(row.course_id, row.since_at): row.membership_id for row in db.session.execute(turns)}
    columns = (Course.id, Course.opened_at, Course.citizen_id, Course.unit_id)
    for course in db.session.execute(select(*columns).order_by(Course.id)):
        random = Random(f"contact:{course.id}")
        years = (course.opened_at.date() - opened_on).days / 365
        wait = random.choices(WAITS, WAIT_WEIGHTS)[0] * pace * max(0.75, 1.15 - 0.1 * years)
        received = _received_at(random, course.opened_at, min(20, round(wait)), first_day(town))
        helper = first_helpers[course.id, course.opened_at]
        yield _answered_row(random, course, citizens[course.citizen_id], helper, received)


def _answered_row(
    random: Random,
    course: Row[uuid.UUID, datetime, uuid.UUID, uuid.UUID],
    citizen: Row[uuid.UUID, str, str | None, str],
    helper: uuid.UUID,
    received: datetime,
) -> dict[str, Any]:
    return {
        **_common(random, received, citizen.age_band, helper),
        "name": citizen.name,
        "phone": citizen.phone or "",
        "unit_id": course.unit_id,
        "next_step_at": course.opened_at,
        "answered_at": min(received + timedelta(minutes=received.minute * 5), course.opened_at),
        "course_id": course.id,
        "first_conversation_at": course.opened_at,
    }


def _received_at(random: Random, first_conversation: datetime, wait: int, earliest: date) -> datetime:
    """A weekday `wait` days before the first conversation, or the same day somewhat earlier."""
    if wait == 0:
        return first_conversation - timedelta(minutes=random.randrange(0, 90, 10))
    day = max(earliest, first_conversation.astimezone(LOCAL).date() - timedelta(days=wait))
    while is_closed(day):
        day += timedelta(days=1)
    return min(at(day, random.randrange(8, 16), random.randrange(60)), first_conversation)


def _waiting_rows(town: Town) -> Iterator[dict[str, Any]]:
    """People who have an agreement and not yet a conversation: some times are today, some have slipped.

    The first three are the first helper's; the others go round.
    """
    random, days = town.random, (0, -1, 1, 0, 2, 3, -2, 5)
    for number in range(2 + round(town.size / 100)):
        age_band = random.choice(BANDS[town.audience])
        came = town.today - timedelta(days=random.randrange(3, 10))
        received = at(came, random.randrange(8, 16), random.randrange(60))
        helper = town.helpers[0] if number < 3 else town.helpers[number % len(town.helpers)]
        agreed = town.today + timedelta(days=days[number % len(days)])
        yield {
            **_common(random, received, age_band, helper),
            "name": make_name(random),
            "phone": make_phone(random),
            "unit_id": town.units[number % len(town.units)],
            "answered_at": received + timedelta(minutes=20),
            "next_step_at": at(agreed, random.randrange(9, 15), random.choice((0, 30))),
            "course_id": None,
            "first_conversation_at": None,
        }


def _unanswered_rows(town: Town) -> Iterator[dict[str, Any]]:
    """What came through the public door last night: whoever is on duty is responsible, and an answer is promised."""
    random = Random(f"night:{town.slug}:{town.today}")
    unit = next(unit for unit in list_units() if unit.id == town.units[0])
    for channel, hour, minute, words in NIGHT:
        received = at(town.today, hour, minute)
        yield {
            **_common(random, received, "adult", unit.duty_id or town.helpers[0]),
            "made_by": "self",
            "consent": False,
            "channel": channel,
            "words": words,
            "name": make_name(random),
            "phone": make_phone(random),
            "unit_id": unit.id,
            "next_step": "",
            "next_step_at": received + timedelta(hours=unit.answer_hours),
            "answered_at": None,
            "course_id": None,
            "first_conversation_at": None,
        }


def _common(random: Random, received: datetime, age_band: str, helper: uuid.UUID) -> dict[str, Any]:
    made_by = random.choice(MADE_BY[age_band])
    return {
        "id": make_id(random, received),
        "received_at": received,
        "channel": random.choice(CHANNELS),
        "made_by": made_by,
        "consent": made_by != "self",
        "words": random.choice(WORDS[age_band]),
        "next_step": random.choice(NEXT_STEPS),
        "membership_id": helper,
        "created_at": received,
    }
