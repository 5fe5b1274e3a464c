"""Invented services for each municipality of the demo, beside real national helplines, and guidance given since it opened."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from hjelpa.core.demo import Town
from modules.citizens.demo_tools import at, first_day, insert_rows, is_closed, make_id, poisson
from modules.services import demo_danish, demo_norwegian
from modules.services.demo_words import Entry
from modules.services.models import Guidance, GuidanceService, Service

# Where the catalogue is written in Danish.
DANES = frozenset({"kolding"})
# One in so many texts has not been looked at for a year.
SELDOM = 8
TO_WHOM = ("parent", "parent", "parent", "parent", "kindergarten", "school", "school", "other")
CHANNELS = ("phone", "phone", "phone", "meeting")
# Guidance given for each course of help: much of the help never becomes a course.
EACH_COURSE = 0.35
OPEN_DAYS = 230


def fill(town: Town) -> None:
    """Writes the catalogue, kept right by turns, and guidance for every open day."""
    danish = town.slug in DANES
    words = demo_danish if danish else demo_norwegian
    services = list(_services(town, words.SERVICES, "da" if danish else "nb"))
    insert_rows(Service, services)
    if town.opened_on is None:
        return
    ids = [service["id"] for service in services]
    given = list(_guidance(town, words.GUIDANCE))
    insert_rows(Guidance, given)
    insert_rows(GuidanceService, list(_mentioned(given, ids)))


def _services(town: Town, entries: Sequence[Entry], language: str) -> Iterator[dict[str, Any]]:
    place = town.slug.replace("ovre-eiker", "øvre eiker").title()
    for number, entry in enumerate(entries):
        random = Random(f"service:{town.slug}:{entry.name}")
        old = number % SELDOM == 0
        checked = town.today - timedelta(days=random.randrange(380, 500) if old else random.randrange(5, 300))
        written = at(checked - timedelta(days=400), 10)
        yield {
            **{name: text.replace("{town}", place) for name, text in entry._asdict().items()},
            "id": make_id(random, written),
            "language": language,
            "checked_on": checked,
            "owner_id": town.helpers[number % len(town.helpers)],
            "version": 1,
            "archived_at": None,
            "created_at": written,
        }


def _guidance(town: Town, abouts: Sequence[str]) -> Iterator[dict[str, Any]]:
    """A few each open day, drawn from the day, so that a later today only adds to them."""
    day, mean = first_day(town), town.size * EACH_COURSE / OPEN_DAYS
    while day <= town.today:
        random = Random(f"guidance:{town.slug}:{day}")
        for _ in range(0 if is_closed(day) else poisson(random, mean)):
            given = at(day, random.randrange(8, 16), random.randrange(60))
            yield {
                "id": make_id(random, given),
                "given_on": day,
                "to_whom": random.choice(TO_WHOM),
                "channel": random.choice(CHANNELS),
                "about": random.choice(abouts),
                "created_at": given,
            }
        day += timedelta(days=1)


def _mentioned(given: Sequence[dict[str, Any]], services: Sequence[uuid.UUID]) -> Iterator[dict[str, Any]]:
    for row in given:
        random = Random(f"mentioned:{row['id']}")
        for service_id in random.sample(services, random.choice((0, 1, 1, 2))):
            yield {
                "id": make_id(random, row["created_at"]),
                "guidance_id": row["id"],
                "service_id": service_id,
                "created_at": row["created_at"],
            }
