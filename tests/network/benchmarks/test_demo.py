"""The demo's network: its first year has figures that are withheld, by the rules and in sight."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import time_machine
from flask import Flask

from hjelpa.core.config import Settings
from hjelpa.core.database import commit_all
from hjelpa.core.isolation import tenant_scope
from hjelpa.demo.people import SORTLAND_LEADER
from hjelpa.demo.towns import TOWNS
from hjelpa.embedded import EmbeddedServers
from network.benchmarks import jobs
from network.benchmarks.demo import BEGINNERS
from tests.hjelpa.seeding import Query, seeded
from tests.network.benchmarks.conftest import TODAY
from tests.network.benchmarks.pages import read, section, words_of
from tests.people import Person, make_post, signed_in

# The beginners as they are but with less to seed, and one that came later.
SMALL = [replace(town, size=town.size // 2) for town in TOWNS if town.slug in {*BEGINNERS, "bamble"}]


@pytest.fixture(scope="module")
def demo(servers: EmbeddedServers, copy_database: Callable[[], Settings]) -> Iterator[tuple[Flask, Query]]:
    with (
        time_machine.travel(TODAY, tick=True),
        seeded(servers, copy_database(), SMALL, TODAY.date()) as (app, ask),
    ):
        yield app, ask


def first_year(ask: Query) -> dict[tuple[str, str], int]:
    """How many cells of the year before all others are published and withheld, by period and state."""
    states = ask("select period, status, count(*) from release_cells where period < '2024' group by 1, 2")
    return {(period, status): count for period, status, count in states}


def test_the_first_year_has_figures_that_are_withheld(demo: tuple[Flask, Query]) -> None:
    found = first_year(demo[1])
    assert set(found) == {(period, state) for period in ("2023", "2023-Q4") for state in ("published", "withheld")}
    # Of every kind there is one that is shown.
    shown = demo[1]("select indicator from release_cells where period = '2023' and status = 'published'")
    assert {"people_helped", "own_contact", "helped_per_position"} <= {indicator for (indicator,) in shown}


def test_the_release_and_the_years_show_the_neutral_mark(demo: tuple[Flask, Query]) -> None:
    app, ask = demo
    editor = signed_in(app, make_post(app, "network", "network_editor"))
    words, found = words_of(editor.get("/network/releases/1?lang=en")), first_year(ask)
    published, withheld = (
        sum(count for (_, state), count in found.items() if state == which) for which in ("published", "withheld")
    )
    assert f"{published} figures are published and {withheld} withheld." in words
    assert "Higher on the outcome scale at the end 2023 – – – – – –" in words
    (account_id,) = ask("select id from accounts where email = %s", SORTLAND_LEADER.email)[0]
    leader = signed_in(app, Person(account_id, SORTLAND_LEADER.email, SORTLAND_LEADER.name))
    page = leader.get("/sortland/benchmarks?by=year&lang=en").get_data(as_text=True)
    rows = [read(row).split() for row in re.findall(r"<tr>.*?</tr>", section(page, "higher_at_end"), re.DOTALL)]
    (first,) = [row for row in rows if row[:1] == ["2023"]]
    assert first[1].isdigit() and first[2:] == ["%", "–"]


def test_no_nightly_count_touches_that_year(demo: tuple[Flask, Query]) -> None:
    app, ask = demo
    first_year = "select to_jsonb(c) from contributions c where period < '2024' order by c::text"
    before = ask(first_year)
    for town in SMALL:
        with app.app_context(), tenant_scope(town.id):
            jobs.contribute({})
            commit_all()
    assert before and ask(first_year) == before
