"""The municipalities of the demo.

Names, services and years are facts of the network as of September 2024; the day a service opened and how many
courses it has a year are made up, like everything that is counted from them.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from random import Random

from sqlalchemy.dialects.postgresql import insert

from hjelpa.core.database import auth_session
from modules.citizens.demo_tools import make_id
from tenants.municipalities.models import Municipality

JOINED = datetime(2024, 9, 2, 8, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DemoTown:
    """One municipality as the demo knows it. `size` is courses a year when grown; `opened_on` None has no data yet."""

    slug: str
    name: str
    service: str
    audience: str
    since: int | None = None
    opened_on: date | None = None
    size: int = 0
    helpers: int = 2
    country: str = "NO"
    colour: str = "#1e5aa8"

    @property
    def id(self) -> uuid.UUID:
        return make_id(Random(f"municipality:{self.slug}"), JOINED)


TOWNS = (
    DemoTown("stange", "Stange", "Stangehjelpa", "both", 2010, date(2010, 8, 16), size=430, helpers=5),
    DemoTown("oslo", "Oslo", "Oslohjelpa", "children", 2019, date(2019, 3, 4), size=1250, helpers=8),
    DemoTown("arendal", "Arendal", "Arendalshjelpa", "both", 2019, date(2019, 9, 2), size=280, helpers=6),
    DemoTown("kongsberg", "Kongsberg", "Kongsberghjelpa", "both", 2019, date(2019, 5, 6), size=210, helpers=5),
    DemoTown(
        "fredrikstad", "Fredrikstad", "Fredrikstadhjelpa", "both", 2019, date(2019, 10, 7), size=380, helpers=7
    ),
    DemoTown("sortland", "Sortland", "Sortlandshjelpa", "both", 2023, date(2023, 2, 6), size=140, helpers=4),
    DemoTown(
        "trondheim", "Trondheim", "Trondheimshjelpa", "children", 2023, date(2023, 8, 21), size=560, helpers=8
    ),
    DemoTown("harstad", "Harstad", "Harstadhjelpa", "adults", 2023, date(2023, 10, 2), size=115, helpers=3),
    DemoTown("vennesla", "Vennesla", "Venneslahjelpa", "both", 2024, date(2024, 1, 15), size=65),
    DemoTown("malvik", "Malvik", "Malvikhjelpa", "children", 2024, date(2024, 3, 4), size=45),
    DemoTown("bamble", "Bamble", "Bamblehjelpa", "both", 2024, date(2024, 2, 5), size=80, helpers=3),
    DemoTown("larvik", "Larvik", "Larvikshjelpa", "adults"),
    DemoTown("moss", "Moss", "Mossehjelpa", "adults"),
    DemoTown("fjellfjord", "Fjellfjord", "Fjellfjordhjelpa", "both"),
    DemoTown(
        "ovre-eiker", "Øvre Eiker", "Familiehjelpa", "children", None, date(2022, 8, 22), size=170, helpers=4
    ),
    # Norwegian until the interface speaks Danish.
    DemoTown(
        "kolding",
        "Kolding",
        "Selvværd og Sammenhæng",
        "both",
        None,
        date(2022, 1, 10),
        size=330,
        helpers=7,
        country="DK",
        colour="#7a2e5d",
    ),
)


def add_towns(towns: Iterable[DemoTown]) -> None:
    """Adds the municipalities that are missing, through the role auth."""
    rows = [
        {
            "id": town.id,
            "slug": town.slug,
            "name": town.name,
            "service": town.service,
            "country": town.country,
            "audience": town.audience,
            "since": town.since,
            "status": "active" if town.opened_on else "joining",
            "colour": town.colour,
        }
        for town in towns
    ]
    auth_session.execute(insert(Municipality).values(rows).on_conflict_do_nothing(index_elements=["slug"]))
