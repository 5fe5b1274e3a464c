"""Fills an empty database with the demo: towns, people, and each feature's own invented data.

The demo is made as life is: a course of help is decided once, by the municipality's name and the day it began, and
what lies after today has not happened yet. So every machine gets the same on the same day, a later day only adds to
it, seasons fall where the calendar has them, and there is always something to do today. (Shifting a fixed history so
that it ends today would put the summer's calm into any month, and other figures into every calendar year.)
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import date, timedelta
from random import Random

from flask import Flask
from sqlalchemy import select

from hjelpa.core.database import auth_session, commit_all, db
from hjelpa.core.demo import Town
from hjelpa.core.features import Features
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.migrate import analyze
from hjelpa.core.outbox import OutboxRow
from hjelpa.core.permissions import features_of
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from hjelpa.demo.citizen import add_citizen
from hjelpa.demo.people import add_people, seat_id, staff_of
from hjelpa.demo.towns import TOWNS, DemoTown, add_towns
from hjelpa.demo.units import add_turns, add_units, units_of
from network.benchmarks.demo import release_past

NEWEST_QUARTER = timedelta(days=92)
FILLED = "demo.filled"


def seed(
    app: Flask, say: Callable[[str], None], *, today: date | None = None, towns: Iterable[DemoTown] = TOWNS
) -> None:
    """Seeds what is missing and nothing else; an interrupted run goes on with the towns that were not finished.

    A municipality's data are committed together with the mark that they are there, so that it has either all of
    them or none. The figures then travel as they do every night, and the releases of earlier quarters
    are made; the newest quarter is left for the network's editor. `say` gets one sentence per step.
    """
    today = today or utcnow().astimezone(LOCAL).date()
    towns = tuple(towns)
    with app.app_context():
        add_towns(towns)
        add_people(towns)
        auth_session.commit()
    missing = [town for town in towns if not _is_filled(app, town)]
    # Two at a time, the largest first: while PostgreSQL stores the one, Python makes up the other.
    with ThreadPoolExecutor(max_workers=2) as pool:
        ordered = sorted(missing, key=lambda town: -town.size)
        filling = {pool.submit(_fill, app, town, today): town for town in ordered}
        try:
            for number, done in enumerate(as_completed(filling), start=1):
                done.result()
                say(f"Made up data for {filling[done].name} ({number} of {len(missing)})")
        finally:
            pool.shutdown(cancel_futures=True)
    if missing:
        say("Doing each municipality's first night of work")
        analyze(app.extensions["hjelpa_settings"])
        with ThreadPoolExecutor(max_workers=2) as pool:
            list(pool.map(lambda town: _work_by_night(app, town), towns))
        say("Publishing the network's figures")
        with app.app_context():
            release_past(today - NEWEST_QUARTER)
            commit_all()


def _work_by_night(app: Flask, town: DemoTown) -> None:
    """What is done every night, in its order, so that figures, models and signals are there on the first day."""
    jobs = [job for job in features_of(app).jobs.values() if job.schedule and job.scope == "tenant"]
    nightly = [(job.schedule.daily_at, job) for job in jobs if job.schedule and job.schedule.daily_at]
    for _, job in sorted(nightly, key=lambda found: found[0]):
        with app.app_context(), tenant_scope(town.id):
            job.handler({})
            commit_all()


def _is_filled(app: Flask, town: DemoTown) -> bool:
    with app.app_context(), tenant_scope(town.id, read_only=True):
        return db.session.scalar(select(OutboxRow.id).where(OutboxRow.key == FILLED)) is not None


def _fill(app: Flask, town: DemoTown, today: date) -> None:
    # A database session belongs to one municipality, and lives as long as the application context.
    with app.app_context(), tenant_scope(town.id):
        add_units(town)
        add_turns(town, today)
        _fill_entered(features_of(app), town, today)
        add_citizen(town)
        # Marked as any work is: done, in the transaction of its effect.
        db.session.add(OutboxRow(job=FILLED, key=FILLED, done_at=utcnow()))
        commit_all()


def _fill_entered(features: Features, town: DemoTown, today: date) -> None:
    staff = staff_of(town)
    for manifest in features.manifests:
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
                helpers=[seat_id(town, person) for person in staff.helpers],
                leader=seat_id(town, staff.leader),
                units=[unit.id for unit in units_of(town)],
                # One per feature, so that a new feature changes nothing in the others' data.
                random=Random(f"{manifest.name}:{town.slug}"),
            )
        )
