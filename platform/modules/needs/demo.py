"""Invented unmet needs, some every month since the service opened."""

import uuid
from datetime import timedelta

from hjelpa.core.demo import Town
from modules.citizens.demo_tools import at, first_day, insert_rows
from modules.citizens.unnamed import week_of
from modules.needs.models import Need

WORDS = {
    "child": (
        "En voksen som kan hente og følge til trening når foreldrene ikke orker.",
        "Et sted for søsken av barn som er syke.",
        "Leksehjelp med noen som har god tid.",
        "Et kurs for foreldre på kveldstid, med barnepass.",
        "Noen som kan være med på skolen de første dagene.",
        "En pappagruppe.",
    ),
    "adolescent": (
        "Et sted å være etter skolen der en ikke må prestere.",
        "En jobb noen timer i uka, uten søknad.",
        "Noen å snakke med etter klokka fire.",
        "Hjelp til å komme i gang igjen på videregående etter lang tid borte.",
        "En gruppe for dem som gruer seg til alt.",
    ),
    "adult": (
        "Noen å gå tur med.",
        "Hjelp til å rydde økonomien, hjemme ved kjøkkenbordet.",
        "En åpen kafé på søndager.",
        "Avlastning et par timer når den ene er syk.",
        "Hjelp til å snakke med arbeidsgiver.",
        "En gruppe for dem som har mistet noen.",
        "Skyss til samtaler for dem som bor langt unna.",
    ),
}
SOURCES = ("contact", "conversation", "conversation", "plan", "plan", "catalogue", "written")
BANDS = {"children": ("child", "adolescent"), "adults": ("adult",), "both": ("child", "adolescent", "adult")}


def fill(town: Town) -> None:
    """Writes a few needs for every fifty people helped in a year."""
    if town.opened_on is None:
        return
    random = town.random
    days = (town.today - first_day(town)).days
    words = [text for band in BANDS[town.audience] for text in WORDS[band]]
    rows = []
    for _ in range(2 + round(days / 365 * town.size / 12)):
        # More of them lately: it takes a while until people have the habit.
        came = at(first_day(town) + timedelta(days=int(days * random.random() ** 0.5)), 12)
        rows.append(
            {
                # Random as all needs' ids are, and still the same on every machine.
                "id": uuid.UUID(int=random.getrandbits(128), version=4),
                "week": week_of(came),
                "source": random.choice(SOURCES),
                "words": random.choice(words),
            }
        )
    insert_rows(Need, sorted(rows, key=lambda row: row["id"]))
