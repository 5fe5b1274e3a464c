"""Invented citizens and courses of help for one municipality of the demo.

The courses are drawn one after the other from the day the service opened, each with its whole life: when the
conversations are, who is responsible, how it ends. Only what began from `first_day` on and lies before today is
written, so that a later today shows more of the same lives instead of other ones.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from hjelpa.core.demo import Town
from modules.citizens.demo_tools import at, first_day, insert_rows, is_closed, make_id, poisson
from modules.citizens.demo_words import GOODBYES, HAPPENED, LATER, MATTERS, NEXT_STEPS, make_name, make_phone
from modules.citizens.models import Citizen, Conversation, Course, Responsibility

# Nothing earlier is drawn, whenever the service opened: the same first day on every machine.
EARLIEST = date(2023, 6, 1)
# How busy each month is, January first: calm summers, busy autumns.
SEASON = (1.15, 1.1, 1.1, 0.9, 0.95, 0.8, 0.35, 0.9, 1.35, 1.35, 1.25, 0.8)
BANDS = {
    "children": ("child", "child", "adolescent"),
    "adults": ("adult",),
    "both": ("child", "adolescent", "adult", "adult"),
}
# How many conversations a course has: most are short, a few are long.
LENGTHS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12)
LENGTH_WEIGHTS = (18, 18, 15, 11, 8, 6, 5, 5, 5, 4, 3)


@dataclass(frozen=True, slots=True)
class Person:
    id: uuid.UUID
    name: str
    phone: str | None
    age_band: str
    met_at: datetime


@dataclass(frozen=True, slots=True)
class Life:
    """One course of help from first conversation to goodbye, whatever of it has happened by today.

    `helpers` is who holds each conversation; where it changes, the course was handed over.
    """

    course_id: uuid.UUID
    citizen: Person
    held: tuple[datetime, ...]
    helpers: tuple[uuid.UUID, ...]
    closed_at: datetime
    ending: str
    words: Random


def fill(town: Town) -> None:
    """Writes citizens, courses, responsibilities and conversations; nothing where the service has not opened."""
    if town.opened_on is None:
        return
    begin, now = at(first_day(town), 0), at(town.today, 0)
    lives = [life for life in draw_lives(town, town.opened_on) if begin <= life.held[0] < now]
    citizens = {life.citizen.id: life.citizen for life in lives}
    insert_rows(Citizen, [_citizen_row(person) for person in citizens.values()])
    insert_rows(Course, [_course_row(life, now, town.units) for life in lives])
    insert_rows(Responsibility, [row for life in lives for row in _responsibility_rows(life, now)])
    due = due_today(town, [life for life in lives if life.closed_at >= now])
    insert_rows(Conversation, [row for life in lives for row in _conversation_rows(life, now, due)])


def draw_lives(town: Town, opened_on: date) -> Iterator[Life]:
    """Every course that began before today, in the order of their first days."""
    random, lives = town.random, list[Life]()
    busy_until: dict[uuid.UUID, list[datetime]] = {helper: [] for helper in town.helpers}
    begin = max(opened_on, EARLIEST)
    for day in (begin + timedelta(days=number) for number in range((town.today - begin).days)):
        if is_closed(day):
            continue
        # A new service takes a year to become known.
        known = min(1.0, 0.55 + 0.45 * (day - opened_on).days / 365)
        for _ in range(poisson(random, town.size / 250 * SEASON[day.month - 1] * known)):
            life = _draw_life(random, day, BANDS[town.audience], _returning(random, lives, day), busy_until)
            lives.append(life)
            yield life


def _returning(random: Random, lives: Sequence[Life], day: date) -> Person | None:
    """Now and then somebody who was helped before."""
    if not lives or random.random() > 0.08:
        return None
    earlier = random.choice(lives)
    return earlier.citizen if earlier.closed_at < at(day - timedelta(days=60), 0) else None


def _draw_life(
    random: Random,
    day: date,
    bands: Sequence[str],
    known: Person | None,
    busy_until: dict[uuid.UUID, list[datetime]],
) -> Life:
    held = _draw_conversations(random, day)
    helpers = _draw_helpers(random, held, busy_until)
    unplanned = random.random() < 0.17
    closed_at = held[-1] + (timedelta(days=random.randrange(21, 50)) if unplanned else timedelta(hours=1))
    busy_until[helpers[-1]].append(closed_at)
    return Life(
        course_id=make_id(random, held[0]),
        citizen=known or _draw_person(random, random.choice(bands), held[0]),
        held=held,
        helpers=helpers,
        closed_at=closed_at,
        ending="unilateral" if unplanned else "mutual",
        words=Random(random.getrandbits(64)),
    )


def _draw_person(random: Random, age_band: str, met_at: datetime) -> Person:
    phone = make_phone(random) if random.random() < 0.9 else None
    return Person(make_id(random, met_at), make_name(random), phone, age_band, met_at)


def _draw_conversations(random: Random, day: date) -> tuple[datetime, ...]:
    """The times of a course's conversations: every week or two, with pauses in summer, at Christmas and by chance."""
    held = []
    for _ in range(random.choices(LENGTHS, LENGTH_WEIGHTS)[0]):
        held.append(at(day, random.randrange(8, 15), random.choice((0, 30))))
        pause = random.randrange(21, 36) if random.random() < 0.08 else 0
        day += timedelta(days=random.choice((7, 7, 14, 14, 21)) + pause)
        while is_closed(day) or (day.month == 7 and random.random() < 0.9):
            day += timedelta(days=1)
    return tuple(held)


def _draw_helpers(
    random: Random, held: Sequence[datetime], busy_until: dict[uuid.UUID, list[datetime]]
) -> tuple[uuid.UUID, ...]:
    """Whoever has most room takes the course; now and then it is handed over to a colleague on the way."""
    for helper, times in busy_until.items():
        busy_until[helper] = [until for until in times if until > held[0]]
    first, *others = sorted(busy_until, key=lambda helper: len(busy_until[helper]))
    if others and len(held) > 3 and random.random() < 0.12:
        turn = random.randrange(2, len(held))
        return (first,) * turn + (others[0],) * (len(held) - turn)
    return (first,) * len(held)


def due_today(town: Town, open_lives: Sequence[Life]) -> dict[uuid.UUID, datetime]:
    """Agreements that the first helper has today, and one that has slipped, whatever weekday it is."""
    now = at(town.today, 0)
    own = [life for life in open_lives if _responsible(life, now) == town.helpers[0] and life.held[-1] >= now]
    times = (at(town.today, 9), at(town.today, 11, 30), at(town.today, 14), at(town.today - timedelta(days=1), 13))
    return {life.course_id: moment for life, moment in zip(own, times, strict=False)}


def _responsible(life: Life, now: datetime) -> uuid.UUID:
    return life.helpers[sum(moment < now for moment in life.held) - 1]


def _citizen_row(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "phone": person.phone,
        "age_band": person.age_band,
        "created_at": person.met_at,
    }


def _course_row(life: Life, now: datetime, units: Sequence[uuid.UUID]) -> dict[str, Any]:
    over = life.closed_at < now
    return {
        "id": life.course_id,
        "citizen_id": life.citizen.id,
        # People keep to the door where they live.
        "unit_id": units[life.citizen.id.int % len(units)],
        "opened_at": life.held[0],
        "closed_at": life.closed_at if over else None,
        "ending": life.ending if over else None,
        "created_at": life.held[0],
    }


def _responsibility_rows(life: Life, now: datetime) -> Iterator[dict[str, Any]]:
    turns = [i for i, helper in enumerate(life.helpers) if i == 0 or helper != life.helpers[i - 1]]
    turns = [turn for turn in turns if life.held[turn] < now]
    for turn, following in zip(turns, [*turns[1:], None], strict=True):
        until = life.closed_at if following is None else life.held[following]
        yield {
            "id": make_id(life.words, life.held[turn]),
            "course_id": life.course_id,
            "membership_id": life.helpers[turn],
            "since_at": life.held[turn],
            "until_at": until if until < now else None,
        }


def _conversation_rows(life: Life, now: datetime, due: Mapping[uuid.UUID, datetime]) -> Iterator[dict[str, Any]]:
    """Conversations before `now`; `due` replaces the time that the last of them agreed on, by course."""
    happened = [moment for moment in life.held if moment < now]
    for number, moment in enumerate(happened):
        last = number == len(life.held) - 1
        parted = last and life.ending == "mutual"
        newest = number == len(happened) - 1
        agreed = due.get(life.course_id) if newest else None
        yield {
            "id": make_id(life.words, moment),
            "course_id": life.course_id,
            "membership_id": life.helpers[number],
            "held_at": moment,
            "matters": life.words.choice(MATTERS[life.citizen.age_band] if number == 0 else (*LATER, "")),
            "happened": life.words.choice(HAPPENED[life.citizen.age_band]) if number in (0, 2) else "",
            "next_step": life.words.choice(GOODBYES if parted else NEXT_STEPS),
            "next_step_at": agreed or _agreed_at(life, number),
            "created_at": moment,
        }


def _agreed_at(life: Life, number: int) -> datetime | None:
    """The time agreed at the end of a conversation: the next one, one that nobody came to, or none after goodbye."""
    if number < len(life.held) - 1:
        return life.held[number + 1]
    return life.held[number] + timedelta(days=14) if life.ending == "unilateral" else None
