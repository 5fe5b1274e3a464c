"""The demo's catalogue and guidance: the same every time, with something to do, and readable."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from hjelpa.core.database import db
from hjelpa.core.demo import Town
from hjelpa.core.isolation import tenant_scope
from modules.services import demo_danish, demo_norwegian
from modules.services.demo import fill
from modules.services.models import Guidance, GuidanceService, Service
from modules.services.rules import dialable, is_old, web_address
from tenants.plain_language.rules import make_lexicon, read
from tenants.plain_language.words import LISTS
from tests.people import make_town

TODAY = date(2026, 11, 20)


@pytest.fixture
def filled(app: Flask, request: pytest.FixtureRequest) -> Iterator[Town]:
    """A municipality filled as the demo fills it, entered; by its name and the day it opened."""
    slug, opened_on = request.param
    made = make_town(app, extra_helpers=1)
    ids: Any = {key: person.membership_id for key, person in made.people.items()}
    town = Town(
        tenant_id=made.tenant_id,
        slug=slug,
        audience="both",
        opened_on=opened_on,
        today=TODAY,
        size=100 if opened_on else 0,
        helpers=[ids["helper"], ids["helper2"]],
        leader=ids["leader"],
        units=[made.unit_id],
        random=Random(f"services:{slug}"),
    )
    with app.app_context(), tenant_scope(made.tenant_id):
        fill(town)
        yield town
        db.session.rollback()


OPENED = TODAY - timedelta(days=500)


@pytest.mark.parametrize("filled", [("stange", OPENED), ("kolding", OPENED)], indirect=True)
def test_a_catalogue_of_all_kinds_with_something_to_do(filled: Town) -> None:
    services = db.session.scalars(select(Service)).all()
    assert {service.kind for service in services} == {"municipality", "community", "outside"}
    assert {service.language for service in services} == {"da" if filled.slug == "kolding" else "nb"}
    old = [service for service in services if is_old(service.checked_on, TODAY)]
    assert old and len(old) < len(services) / 4 and filled.helpers[0] in {service.owner_id for service in old}
    assert not [service.name for service in services if "{" in service.address]
    given = db.session.execute(select(func.count(), func.max(Guidance.given_on)).select_from(Guidance)).one()
    assert 20 < given[0] < 80 and given[1] <= TODAY
    assert db.session.scalar(select(func.count()).select_from(GuidanceService))


@pytest.mark.parametrize("filled", [("larvik", None)], indirect=True)
def test_who_has_not_begun_has_given_no_guidance(filled: Town) -> None:
    assert db.session.scalar(select(func.count()).select_from(Service))
    assert not db.session.scalar(select(func.count()).select_from(Guidance))


@pytest.mark.parametrize("words", [demo_norwegian, demo_danish])
def test_what_it_shows_can_be_used_and_is_plain(words: Any) -> None:
    language = "da" if words is demo_danish else "nb"
    for entry in words.SERVICES:
        assert not entry.phone or dialable(entry.phone), entry.name
        assert not entry.web or web_address(entry.web) == entry.web, entry.name
        # Whatever is invented has a number that nobody has; only national helplines have real ones.
        assert entry.kind == "outside" or not entry.phone or entry.phone.startswith("000 "), entry.name
        reading = read(f"{entry.involves} {entry.how_to_start}", make_lexicon(LISTS[language]))
        assert reading.figures.lix is not None and reading.figures.lix < 45, (entry.name, reading.figures.lix)
        assert not [r.found for r in reading.remarks if r.kind == "office_word"], entry.name
