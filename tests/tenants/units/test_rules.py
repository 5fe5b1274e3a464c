"""Decisions about doors and duty."""

import re
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tenants.units.models import AGE_GROUPS, Unit
from tenants.units.rules import FURTHEST_AHEAD, find_turn_problem, make_slug, missing_people
from tenants.units.schemas import AGES, UnitInput

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@given(st.text(max_size=200), st.sets(st.text(max_size=40), max_size=5))
def test_every_name_has_an_address_of_its_own(name: str, taken: set[str]) -> None:
    slug = make_slug(name, taken)
    assert re.fullmatch("[a-z][a-z0-9-]{0,40}", slug) and slug not in taken
    assert make_slug(name, {*taken, slug}) not in {*taken, slug}


def test_an_address_is_readable() -> None:
    assert make_slug("Oslohjelpa Østensjø & Ås", ()) == "oslohjelpa-ostensjo-as"
    assert make_slug("Dør", ["dor", "dor-2"]) == "dor-3"


@given(st.dictionaries(st.sampled_from(["leader_id", "duty_id", "deputy_id", "open"]), st.sampled_from(["", "x"])))
def test_only_an_open_door_needs_its_people(values: dict[str, str]) -> None:
    missing = missing_people(values)
    tasks = {"leader_id", "duty_id", "deputy_id"}
    assert set(missing) == ({task for task in tasks if not values.get(task)} if values.get("open") else set())


@given(st.integers(-100_000, 100_000), st.integers(-100_000, 100_000))
def test_a_turn_ends_after_it_begins_and_in_reach(begins: int, ends: int) -> None:
    starts_at, ends_at = NOW + begins * HOUR, NOW + ends * HOUR
    problem = find_turn_problem(starts_at, ends_at, NOW)
    assert (problem is None) == (starts_at < ends_at and NOW < ends_at <= NOW + FURTHEST_AHEAD)


def test_a_door_is_split_by_area_and_age_group_and_nothing_else() -> None:
    assert set(AGES) == set(AGE_GROUPS)
    split_by = {*UnitInput().fields} - {"key", "name", "phone", "visit", "answer_hours", "open"}
    assert split_by == {"area", "age_group"}
    kept = {"tenant_id", "id", "slug", "name", "phone", "visit", "answer_hours", "open", "created_at"}
    people = {"leader_id", "duty_id", "deputy_id"}
    assert {column.name for column in Unit.__table__.columns} - kept - people == {"area", "age_group"}
