"""Fills an empty database with the demo: towns, people, and each feature's own invented data.

The demo is made as life is: a course of help is decided once, by the municipality's name and the day it began, and
what lies after today has not happened yet. So every machine gets the same on the same day, a later day only adds to
it, seasons fall where the calendar has them, and there is always something to do today. (Shifting a fixed history so
that it ends today would put the summer's calm into any month, and other figures into every calendar year.)
"""

from collections.abc import Callable, Iterable
from datetime import date
from random import Random

from flask import Flask
from sqlalchemy import select

from hjelpa.core.database import auth_session, commit_all, db
from hjelpa.core.demo import Town
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.permissions import features_of
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from hjelpa.demo.people import Staff, add_people, staff_of
from hjelpa.demo.towns import JOINED, TOWNS, DemoTown, add_towns
from modules.citizens.demo_tools import make_id
from tenants.identity.models import Membership


def seed(
    app: Flask, say: Callable[[str], None], *, today: date | None = None, towns: Iterable[DemoTown] = TOWNS
) -> None:
    """Seeds what is missing and nothing else; an interrupted run goes on with the towns that were not finished.

    A municipality's seats and data are committed together, so that it has either all of it or none: having seats
    is the mark that it is done. `say` gets one sentence per town.
    """
    today = today or utcnow().astimezone(LOCAL).date()
    towns = tuple(towns)
    with app.app_context():
        add_towns(towns)
        add_people([staff_of(town) for town in towns])
        auth_session.commit()
    missing = [town for town in towns if not _is_seeded(app, town)]
    for number, town in enumerate(missing, start=1):
        say(f"Making up data for {town.name} ({number} of {len(missing)})")
        # A database session belongs to one municipality, and lives as long as the application context.
        with app.app_context(), tenant_scope(town.id):
            _fill(app, town, today)
            commit_all()


def _is_seeded(app: Flask, town: DemoTown) -> bool:
    with app.app_context(), tenant_scope(town.id, read_only=True):
        return db.session.scalar(select(Membership.id).limit(1)) is not None


def _fill(app: Flask, town: DemoTown, today: date) -> None:
    seats = _add_seats(town, staff_of(town))
    for manifest in features_of(app).manifests:
        if manifest.demo is None:
            continue
        manifest.demo(
            Town(
                tenant_id=town.id,
                slug=town.slug,
                audience=town.audience,
                opened_on=town.opened_on,
                today=today,
                size=town.size,
                helpers=[seat.id for seat in seats if "helper" in seat.roles],
                leader=next(seat.id for seat in seats if "leader" in seat.roles),
                # One per feature, so that a new feature changes nothing in the others' data.
                random=Random(f"{manifest.name}:{town.slug}"),
            )
        )


def _add_seats(town: DemoTown, staff: Staff) -> list[Membership]:
    seats = [
        Membership(
            id=make_id(Random(f"seat:{town.slug}:{person.email}"), JOINED),
            account_id=person.account_id,
            name=person.name,
            roles=[role],
        )
        for person, role in staff.seats
    ]
    db.session.add_all(seats)
    db.session.flush()
    return seats
