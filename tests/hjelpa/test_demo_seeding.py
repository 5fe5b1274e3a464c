"""Seeding the demo: the same on every machine, whole towns or nothing, and never twice."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from hjelpa.core.config import Settings
from hjelpa.core.contract import Manifest
from hjelpa.core.demo import Town
from hjelpa.core.features import Features
from hjelpa.core.schemas import LOCAL
from hjelpa.demo.seed import seed
from hjelpa.demo.towns import TOWNS
from hjelpa.embedded import EmbeddedServers
from hjelpa.registry import find_features
from tests.hjelpa.seeding import MIDNIGHT, TODAY, everything, seeded

MALVIK = next(town for town in TOWNS if town.slug == "malvik")
BAMBLE = next(town for town in TOWNS if town.slug == "bamble")
LARVIK = next(town for town in TOWNS if town.slug == "larvik")


def test_every_machine_gets_the_same(servers: EmbeddedServers, copy_database: Callable[[], Settings]) -> None:
    with seeded(servers, copy_database(), [MALVIK]) as (_, ask):
        first = everything(ask)
    with seeded(servers, copy_database(), [MALVIK]) as (_, ask):
        second = everything(ask)
    assert all(first.values())
    assert first == second


KNOWN = "select from courses where opened_at > %s"
CLOSED_LIVES = """
    select to_jsonb(c), to_jsonb(k) from courses c join contacts k on k.course_id = c.id
    where c.closed_at < %s and c.opened_at > %s order by c.id
"""
CLOSED_ANSWERS = """
    select to_jsonb(a) from answers a join courses c on c.id = a.course_id
    where c.closed_at < %s and c.opened_at > %s order by a.id
"""


def test_a_later_day_changes_nothing_that_is_over(
    servers: EmbeddedServers, copy_database: Callable[[], Settings]
) -> None:
    # The later day is in the next year, and knows one year less.
    over = (MIDNIGHT, datetime(2025, 1, 1, tzinfo=LOCAL) + timedelta(days=30))
    with seeded(servers, copy_database(), [MALVIK]) as (_, ask):
        lives, answers = ask(CLOSED_LIVES, *over), ask(CLOSED_ANSWERS, *over)
        known = ask(KNOWN, over[1])
    with seeded(servers, copy_database(), [MALVIK], TODAY + timedelta(days=60)) as (_, ask):
        assert ask(CLOSED_LIVES, *over) == lives
        assert ask(CLOSED_ANSWERS, *over) == answers
        assert len(ask(KNOWN, over[1])) > len(known) > 0


def test_seeding_again_adds_nothing(servers: EmbeddedServers, copy_database: Callable[[], Settings]) -> None:
    towns, told = [LARVIK, MALVIK], list[str]()
    with seeded(servers, copy_database(), towns) as (app, ask):
        before = everything(ask)
        seed(app, told.append, today=TODAY + timedelta(days=7), towns=towns)
        assert everything(ask) == before
    assert told == []


def test_an_interrupted_run_goes_on_where_it_stopped(
    servers: EmbeddedServers, copy_database: Callable[[], Settings]
) -> None:
    def pull_the_plug(town: Town) -> None:
        if town.slug == "bamble":
            raise psycopg.OperationalError("the plug was pulled")

    with seeded(servers, copy_database(), [LARVIK]) as (app, ask):
        whole = app.extensions["hjelpa_features"]
        plug = Manifest("plug", "module", "Plug", "Pulled", Path(), demo=pull_the_plug, requires=("feedback",))
        app.extensions["hjelpa_features"] = Features((*find_features().manifests, plug))
        with pytest.raises(psycopg.OperationalError):
            seed(app, lambda line: None, today=TODAY, towns=[MALVIK, BAMBLE])
        filled = "select slug from municipalities m where exists (select from {} where tenant_id = m.id)"
        assert ("bamble",) not in ask(filled.format("courses"))
        assert ("bamble",) not in ask(filled.format("outbox"))
        app.extensions["hjelpa_features"] = whole
        told: list[str] = []
        seed(app, told.append, today=TODAY, towns=[LARVIK, MALVIK, BAMBLE])
        assert any("Bamble" in sentence for sentence in told)
        assert not any("Larvik" in sentence for sentence in told)
        assert sorted(ask(filled.format("courses"))) == [("bamble",), ("malvik",)]
        resumed = everything(ask)
    with seeded(servers, copy_database(), [LARVIK, MALVIK, BAMBLE]) as (_, ask):
        assert everything(ask) == resumed
