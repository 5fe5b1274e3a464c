"""The doors of the demo's municipalities: one each, and one for each city district in the largest."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sqlalchemy.dialects.postgresql import insert

from hjelpa.core.database import db
from hjelpa.demo.people import seat_id, staff_of
from hjelpa.demo.towns import JOINED, DemoTown
from modules.citizens.demo_tools import at, make_id
from tenants.units.commands import FIRST_SLUG
from tenants.units.models import DutyTurn, Unit

# City districts with a door of their own.
AREAS = {"oslo": ("Ullern", "Nordstrand")}
AGE_GROUPS = {"both": "all", "children": "children", "adults": "adults"}
VISIT = "Eksempelveien 1, inngang ved torget. Mandag til fredag 9–15, torsdag til 18."


@dataclass(frozen=True, slots=True)
class DemoUnit:
    """One door as the demo knows it."""

    id: uuid.UUID
    slug: str
    name: str
    area: str


def units_of(town: DemoTown) -> tuple[DemoUnit, ...]:
    """The doors of a municipality: always the same for the same municipality."""
    areas = AREAS.get(town.slug)
    if areas is None:
        return (DemoUnit(_id(town, FIRST_SLUG), FIRST_SLUG, town.service, ""),)
    return tuple(DemoUnit(_id(town, area.lower()), area.lower(), f"{town.service} {area}", area) for area in areas)


def _id(town: DemoTown, slug: str) -> uuid.UUID:
    return make_id(Random(f"unit:{town.slug}:{slug}"), JOINED)


def add_units(town: DemoTown) -> None:
    """Adds the doors that are missing in the municipality that has been entered; open where it has begun."""
    staff = staff_of(town)
    seats = [seat_id(town, person) for person in staff.helpers]
    for number, unit in enumerate(units_of(town)):
        values = {
            "tenant_id": town.id,
            "id": unit.id,
            "slug": unit.slug,
            "name": unit.name,
            "area": unit.area,
            "age_group": AGE_GROUPS[town.audience],
            "phone": f"00 00 {Random(unit.name).randrange(100):02} 0{number}",
            "visit": VISIT,
            "open": town.opened_on is not None,
            "leader_id": seat_id(town, staff.leader),
            "duty_id": seats[number % len(seats)],
            "deputy_id": seats[(number + 1) % len(seats)],
            # The first door is the oldest.
            "created_at": JOINED + timedelta(minutes=number),
        }
        db.session.execute(insert(Unit).values(values).on_conflict_do_nothing())


def add_turns(town: DemoTown, today: date) -> None:
    """The weekends of the weeks around today, each with somebody else on duty than usual."""
    seats = [seat_id(town, person) for person in staff_of(town).helpers]
    monday = today - timedelta(days=today.weekday())
    for unit in units_of(town) if town.opened_on else ():
        for week in (-2, -1, 0, 1, 2):
            friday = monday + timedelta(days=4, weeks=week)
            first = friday.toordinal() // 7 % len(seats)
            turn = {
                "tenant_id": town.id,
                "id": make_id(Random(f"duty:{unit.id}:{friday}"), JOINED),
                "unit_id": unit.id,
                "duty_id": seats[first],
                "deputy_id": seats[(first + 1) % len(seats)],
                "starts_at": at(friday, 15),
                "ends_at": at(friday + timedelta(days=3), 8),
            }
            db.session.execute(insert(DutyTurn).values(turn).on_conflict_do_nothing())
