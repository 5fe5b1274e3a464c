"""Every figure of the team's page from the database, recomputed from raw rows by a second route."""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import psycopg
import pytest
from flask import Flask

from hjelpa.core.config import Settings
from hjelpa.core.contract import Period
from hjelpa.core.database import commit_all, db
from hjelpa.core.isolation import tenant_scope
from hjelpa.embedded import EmbeddedServers
from modules.feedback.metrics.formulas import CELLS
from modules.feedback.metrics.threshold import Threshold
from modules.feedback.models import Refusal
from modules.feedback.team import indicators, queries
from modules.feedback.team.courses import TeamCourse, list_courses
from modules.feedback.team.definitions import LISTED
from modules.feedback.team.kept import Snapshot, from_json, to_json
from modules.feedback.team.periods import ALL
from modules.feedback.team.working import PARTS, Basis, Worked, list_part, work_out
from modules.feedback.trajectory.jobs import fit_trajectory
from modules.feedback.trajectory.models import ScaleThreshold
from tests.modules.feedback.team import raw
from tests.modules.lives import PERIODS, within, write_lives
from tests.people import Town, make_town

LIMIT = 3.1
ALL_PERIODS = (ALL, *PERIODS)


@dataclass(frozen=True)
class World:
    town: Town
    courses: list[raw.Raw]
    basis: Basis


@pytest.fixture(scope="module", params=[31])
def world(app: Flask, servers: EmbeddedServers, settings: Settings, request: pytest.FixtureRequest) -> World:
    """A municipality of invented lives of all ages and endings, with a model and a limit, beside somebody else's."""
    town, random = make_town(app, extra_helpers=2), Random(request.param)
    write_lives(make_town(app), request.param + 100)
    lives = write_lives(town, request.param, citizens=180)
    database = settings.database_url.partition("@/")[2].partition("?")[0]
    with servers.superuser(database) as server:
        _vary(server, town, random, [course.id for course in lives.courses])
        with app.app_context(), tenant_scope(town.tenant_id):
            for course in random.sample(lives.courses, 20):
                ended = course.opened_at + timedelta(days=9) if random.random() < 0.4 else None
                db.session.add(Refusal(course_id=course.id, declined_at=course.opened_at, ended_at=ended))
            db.session.add(_limit())
            fit_trajectory({})
            commit_all()
            basis = queries.find_basis()
        assert basis.model is not None
        return World(town, raw.read_courses(server, town.tenant_id), basis)


def _vary(server: psycopg.Connection[Any], town: Town, random: Random, courses: list[uuid.UUID]) -> None:
    """Ages, endings and helpers of every kind; the invented lives have one of each."""
    for (citizen,) in server.execute("select id from citizens where tenant_id = %s", (town.tenant_id,)).fetchall():
        server.execute("update citizens set age_band = %s where id = %s", (random.choice(raw.BANDS), citizen))
    for course in courses:
        ending = random.choice(("mutual", "unilateral", "handed_over"))
        server.execute("update courses set ending = %s where id = %s and closed_at is not null", (ending, course))
        if random.random() < 0.3:
            other = town.people["helper2"].membership_id
            server.execute("update responsibilities set membership_id = %s where course_id = %s", (other, course))


def _limit() -> ScaleThreshold:
    estimated = {"sd": 6.0, "reliability": 0.9, "n": 240, "threshold": LIMIT, "formula_version": "1"}
    return ScaleThreshold(
        scale="outcome", pack="hjelpa", estimated_at=datetime(2026, 7, 1, tzinfo=UTC), **estimated
    )


def target_of(basis: Basis) -> raw.Target:
    def target(band: str, start: float, first: int, last: int) -> float | None:
        assert basis.model is not None
        found = basis.model.expect(band, start, last, first=first)
        return None if found is None else found.middle

    return target


def work(world: World, period: Period, **more: Any) -> tuple[list[TeamCourse], Worked]:
    with world.town.app.app_context(), tenant_scope(world.town.tenant_id, read_only=True):
        found = list_courses(period, world.basis.forms, **more)
    return found, work_out(found, world.basis)


def expected_of(world: World, courses: list[raw.Raw], period: Period) -> dict[str, tuple[Any, ...]]:
    return raw.figures(courses, lambda moment: within(moment, period), target_of(world.basis), LIMIT)


def assert_same(worked: Worked, expected: dict[str, tuple[Any, ...]]) -> None:
    assert set(worked.metrics) == set(expected)
    for key, figure in expected.items():
        metric = worked.metrics[key]
        got = (metric.value, metric.numerator, metric.denominator, metric.completeness)
        if key.startswith("effect_size") and metric.numerator is not None:
            figure = (figure[0], metric.numerator, *figure[2:])
        for one, other in zip(got, figure, strict=True):
            assert one == (other if other is None else pytest.approx(other, rel=1e-9, abs=1e-9)), key
        assert (metric.value is None) == (metric.reason is not None) or key.startswith("ended_"), key


@pytest.mark.parametrize("period", ALL_PERIODS, ids=lambda period: period.id)
def test_every_figure_by_a_second_route(world: World, period: Period) -> None:
    _, worked = work(world, period)
    expected = expected_of(world, world.courses, period)
    assert_same(worked, expected)
    some = [key for key, figure in expected.items() if figure[0] is not None]
    assert len(some) > 30


@pytest.mark.parametrize("period", ALL_PERIODS, ids=lambda period: period.id)
def test_the_six_endings_sum_to_all_who_ended(world: World, period: Period) -> None:
    _, worked = work(world, period)
    for band in ("", *raw.BANDS):
        keys = [f"{key}:{band}" if band else key for key in CELLS]
        ended = [one for one in world.courses if within(one.closed_at, period) and band in ("", one.band)]
        assert sum(worked.metrics[key].value or 0 for key in keys) == len(ended)
        assert {worked.metrics[key].denominator for key in keys} == {len(ended)}


@pytest.mark.parametrize("name", ["helper", "helper2"])
def test_a_helpers_own_figures_are_of_the_own_courses(world: World, name: str) -> None:
    me = world.town.people[name].membership_id
    _, worked = work(world, ALL, helper=me)
    own = [course for course in world.courses if course.helper == me]
    assert 20 < len(own) < len(world.courses)
    assert_same(worked, expected_of(world, own, ALL))


@pytest.mark.parametrize("key", LISTED)
def test_the_lists_behind_a_figure_are_what_it_counts(world: World, key: str) -> None:
    found, worked = work(world, PERIODS[0])
    parts = {part: list_part(found, world.basis, key, part) for part in PARTS}
    metric = worked.metrics[key]
    counted, others, unmeasured = (len(parts[part]) for part in PARTS)
    assert counted + others == metric.denominator
    if metric.value is not None and metric.value == pytest.approx((metric.numerator or 0) / metric.denominator):
        shares = key not in ("start_score_mean", "sessions_mean", "days_mean", "effect_size")
        assert counted == (metric.numerator if shares else metric.denominator) or key.startswith("ended_")
    if metric.completeness is not None and not key.startswith("ended_"):
        assert metric.denominator / (counted + others + unmeasured) == pytest.approx(metric.completeness)
    everybody = Counter(course.id for part in parts.values() for course in part)
    assert set(everybody.values()) <= {1}


def test_other_raters_change_nothing(world: World, servers: EmbeddedServers, settings: Settings) -> None:
    before = work(world, ALL)[1]
    database = settings.database_url.partition("@/")[2].partition("?")[0]
    with servers.superuser(database) as server:
        theirs = "update answers set total = 0, items = '{0,0,0,0}' where rater_id is not null and tenant_id = %s"
        assert server.execute(theirs, (world.town.tenant_id,)).rowcount > 50
    assert work(world, ALL)[1] == before


def test_a_snapshot_survives_being_kept(world: World) -> None:
    with world.town.app.test_request_context(), tenant_scope(world.town.tenant_id, read_only=True):
        worked = work_out(list_courses(ALL, world.basis.forms), world.basis)
    snapshot = Snapshot(worked, world.basis.threshold, {"waiting": 3}, {"": 2}, ("child",))
    assert from_json(to_json(snapshot)) == snapshot
    without = Snapshot(work_out([], world.basis), queries.message("no %(what)s", what="limit"), None, {})
    assert from_json(to_json(without)) == without
    assert from_json(to_json(snapshot) | {"version": 0}) is None


def test_what_a_limit_rests_on_goes_with_it(world: World) -> None:
    limit = world.basis.threshold
    assert isinstance(limit, Threshold)
    assert (limit.points, limit.estimated, limit.sd, limit.reliability, limit.n) == (LIMIT, True, 6.0, 0.9, 240)
    assert limit.as_of is not None and limit.as_of.isoformat() == "2026-07-01"


def last_of_each(world: World, period: Period, servers: EmbeddedServers, settings: Settings) -> list[raw.Raw]:
    """Of each person whose course ended in a period, the one that ended last."""
    database = settings.database_url.partition("@/")[2].partition("?")[0]
    with servers.superuser(database) as server:
        own = "select id, citizen_id from courses where tenant_id = %s"
        person = dict(server.execute(own, (world.town.tenant_id,)).fetchall())
    ended = [course for course in world.courses if within(course.closed_at, period)]
    ended.sort(key=lambda course: (course.closed_at, course.id))
    return list({person[course.id]: course for course in ended}.values())


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.id)
def test_the_networks_indicators_by_a_second_route(
    world: World, period: Period, servers: EmbeddedServers, settings: Settings
) -> None:
    ended = last_of_each(world, period, servers, settings)
    used = [{scale for given in course.items for scale in given} for course in ended]
    paired = [course.complete for course in ended if len(course.complete) > 1]
    improved = [one for one in paired if one[-1, 1] - one[0, 1] > 10 * LIMIT + 1e-6]
    with world.town.app.app_context(), tenant_scope(world.town.tenant_id, read_only=True):
        both = indicators.count_both_scales_used(period)
        better = indicators.count_improved_reliably(period)
        unplanned = indicators.count_unplanned_endings(period)
    everybody = len(ended)
    assert both == indicators.Counts(sum({"outcome", "alliance"} <= one for one in used), everybody, everybody)
    assert better == indicators.Counts(len(improved), len(paired), everybody)
    alone = sum(course.ending == "unilateral" for course in ended)
    assert unplanned == indicators.Counts(alone, everybody, everybody)


def test_without_a_limit_there_is_nothing_to_contribute(town: Town) -> None:
    with town.app.app_context(), tenant_scope(town.tenant_id, read_only=True):
        assert indicators.count_improved_reliably(PERIODS[0]) is None
        assert indicators.count_unplanned_endings(PERIODS[0]) == indicators.Counts(0, 0, 0)
