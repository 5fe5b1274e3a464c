"""The figure's way on a real database: counted in isolation, gated, released once and never changed."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
import sqlalchemy.exc
from flask import Flask
from sqlalchemy import delete, update

from hjelpa.core.contract import Counts
from hjelpa.core.database import commit_all, db, network_session
from hjelpa.core.isolation import tenant_scope
from network.benchmarks.demo import release_past
from network.benchmarks.models import Contribution, Release, ReleaseCell
from network.benchmarks.queries import Key
from network.benchmarks.rules import WITHHELD, Decision
from tenants.municipalities.models import FeatureSwitch
from tests.network.benchmarks.conftest import TODAY
from tests.network.benchmarks.trial import (
    Trial,
    cells,
    computed_at,
    contribute,
    contributions,
    release,
    towns,
)
from tests.people import Town
from tests.statements import counted_statements

Q3 = Key("met_soon", 1, "2026-Q3")

# Each is just over or just under one threshold, by municipality (numerator, denominator).
EDGES = {
    "four municipalities": ([(5, 10), (5, 10), (5, 10), (5, 10)], True),
    "three municipalities": ([(5, 10), (5, 10), (5, 10)], False),
    "a fourth without people": ([(5, 10), (5, 10), (5, 10), (0, 0)], False),
    "ten persons": ([(2, 3), (1, 3), (1, 2), (1, 2)], True),
    "nine persons": ([(2, 3), (1, 2), (1, 2), (1, 2)], False),
    "numerator of five": ([(2, 10), (1, 10), (1, 10), (1, 10)], True),
    "numerator of four": ([(1, 10), (1, 10), (1, 10), (1, 10)], False),
    "complement of five": ([(8, 10), (9, 10), (9, 10), (9, 10)], True),
    "complement of four": ([(9, 10), (9, 10), (9, 10), (9, 10)], False),
}


def write_all(trial: Trial, members: Sequence[Town], key: Key, parts: Sequence[tuple[int, int]]) -> None:
    for town, (numerator, denominator) in zip(members, parts, strict=False):
        trial.write(town, key.indicator, key.period, numerator, denominator)


def test_each_threshold_holds_from_the_count_to_the_release(network_app: Flask, trial: Trial) -> None:
    members = towns(network_app, 4)
    quarters = [f"{year}-Q{quarter}" for year in (2024, 2025, 2026) for quarter in (1, 2, 3, 4)]
    edges = dict(zip(EDGES, (Key("met_soon", 1, quarter) for quarter in quarters), strict=False))
    for name, key in edges.items():
        write_all(trial, members, key, EDGES[name][0])
    contribute(network_app, members)
    release(network_app)
    found = cells(network_app)
    published = {name: found[key].decision.status == "published" for name, key in edges.items()}
    assert published == {name: expected for name, (_, expected) in EDGES.items()}
    assert all(found[edges[name]].decision == WITHHELD for name, shown in published.items() if not shown)


def test_the_figure_travels_rounded_and_pooled(network_app: Flask, trial: Trial) -> None:
    members = towns(network_app, 4)
    write_all(trial, members, Q3, [(12, 21), (9, 13), (20, 31), (3, 7)])
    write_all(trial, members, Key("helped", 1, "2025"), [(41, 0), (7, 0), (3, 0), (12, 0)])
    contribute(network_app, members)
    release(network_app)
    found = cells(network_app)
    assert found[Q3].decision == Decision("published", 4, 70, 60)  # 44 of 72
    assert found[Key("helped", 1, "2025")].decision == Decision("published", 4, 65, 65)
    assert {cell.sequence for cell in found.values()} == {1}


def test_a_ratio_travels_with_one_decimal_and_without_its_persons(network_app: Flask, trial: Trial) -> None:
    members = towns(network_app, 5)
    key = Key("per_position", 1, "2026-Q3")
    # The fifth has not entered its positions: it is no contributor, and its people are in nothing.
    write_all(trial, members, key, [(41, 150), (20, 100), (40, 200), (33, 150), (500, 0)])
    contribute(network_app, members)
    release(network_app)
    # 134 people, rounded to 135, for six positions: 22.5.
    assert cells(network_app)[key].decision == Decision("published", 4, None, Decimal("22.5"))
    assert contributions(network_app, members[4]) == {key: Counts(500, 0, 0)}


def test_each_municipality_counts_only_its_own(network_app: Flask, trial: Trial) -> None:
    one, other = towns(network_app, 2)
    trial.write(one, "met_soon", "2026-Q3", 3, 9, 11)
    trial.write(other, "asked", "2025", 1, 2, 2)
    contribute(network_app, [one, other])
    assert contributions(network_app, one) == {Q3: Counts(3, 9, 11)}
    assert contributions(network_app, other) == {Key("asked", 1, "2025"): Counts(1, 2, 2)}


def test_counting_again_changes_only_what_differs(network_app: Flask, trial: Trial) -> None:
    (town,) = towns(network_app, 1)
    trial.write(town, "met_soon", "2026-Q3", 3, 9)
    contribute(network_app, [town])
    before = computed_at(network_app, town)
    contribute(network_app, [town])
    assert computed_at(network_app, town) == before
    trial.write(town, "met_soon", "2026-Q3", 4, 9)
    contribute(network_app, [town])
    assert contributions(network_app, town) == {Q3: Counts(4, 9, 9)}
    assert computed_at(network_app, town) != before
    trial.book.clear()
    contribute(network_app, [town])
    assert contributions(network_app, town) == {Q3: Counts(0, 0, 0)}


def test_unfinished_and_unsettled_periods_are_not_counted(network_app: Flask, trial: Trial) -> None:
    (town,) = towns(network_app, 1)
    for period in ("2026-Q4", "2026", "2022"):
        trial.write(town, "met_soon", period, 5, 10)
    contribute(network_app, [town])
    assert contributions(network_app, town) == {}


def test_only_active_members_contribute(network_app: Flask, trial: Trial) -> None:
    (joining,) = towns(network_app, 1, status="joining")
    trial.write(joining, "met_soon", "2026-Q3", 5, 10)
    contribute(network_app, [joining])
    assert contributions(network_app, joining) == {}


def test_a_feature_that_is_off_contributes_nothing(network_app: Flask, trial: Trial) -> None:
    (town,) = towns(network_app, 1)
    trial.write(town, "met_soon", "2026-Q3", 5, 10)
    with network_app.app_context(), tenant_scope(town.tenant_id):
        db.session.add(FeatureSwitch(feature="trial"))
        db.session.commit()
    contribute(network_app, [town])
    assert contributions(network_app, town) == {}


def test_statements_grow_with_what_is_counted_and_not_with_what_is_there(network_app: Flask, trial: Trial) -> None:
    (town,) = towns(network_app, 1)
    contribute(network_app, [town])  # the first connection asks PostgreSQL about itself
    for number, period in enumerate(("2024", "2025", "2026-Q1", "2026-Q2", "2026-Q3")):
        trial.write(town, "met_soon", period, number, 10)

    with counted_statements() as much:
        contribute(network_app, [town])
    with counted_statements() as again:
        contribute(network_app, [town])
    assert len(much) == len(again) <= 5


def test_a_second_run_adds_nothing(network_app: Flask, trial: Trial) -> None:
    members = towns(network_app, 4)
    write_all(trial, members, Q3, EDGES["four municipalities"][0])
    contribute(network_app, members)
    release(network_app)
    before = cells(network_app)
    release(network_app)
    contribute(network_app, members)
    release(network_app)
    assert cells(network_app) == before
    with network_app.app_context():
        assert network_session.query(Release).count() == 1


def test_decided_cells_are_frozen(network_app: Flask, trial: Trial) -> None:
    """Late data, a newcomer and a withheld cell that would pass now: none of them changes what has been decided."""
    members = towns(network_app, 5)
    write_all(trial, members[:4], Q3, EDGES["four municipalities"][0])
    withheld = Key("asked", 1, "2026-Q3")
    write_all(trial, members[:3], withheld, EDGES["three municipalities"][0])
    contribute(network_app, members)
    release(network_app)
    before = cells(network_app)
    assert before[Q3].decision.status == "published" and before[withheld].decision == WITHHELD

    write_all(trial, members, Q3, [(90, 100)] * 5)
    write_all(trial, members, withheld, [(40, 80)] * 5)
    write_all(trial, members, Key("asked", 1, "2026-Q2"), [(40, 80)] * 5)
    contribute(network_app, members)
    release(network_app)
    after = cells(network_app)
    assert {key: after[key] for key in before} == before
    assert after[Key("asked", 1, "2026-Q2")].sequence == 2


def test_someone_who_left_is_not_in_the_next_release(network_app: Flask, trial: Trial) -> None:
    members = towns(network_app, 4)
    write_all(trial, members, Q3, EDGES["four municipalities"][0])
    contribute(network_app, members)
    with network_app.app_context(), db.engines["auth"].begin() as connection:
        connection.exec_driver_sql(
            "update municipalities set status = 'suspended' where id = %s", (members[0].tenant_id,)
        )
    release(network_app)
    assert cells(network_app)[Q3].decision == WITHHELD


def test_the_policy_is_stored_with_the_release(network_app: Flask, trial: Trial) -> None:
    members = towns(network_app, 4)
    write_all(trial, members, Q3, EDGES["four municipalities"][0])
    contribute(network_app, members)
    release(network_app)
    with network_app.app_context():
        stored = network_session.query(Release).one().policy
    assert stored["version"] == 2 and stored["contributors"] == 4
    assert stored["kinds"] == {"helped": "count", "per_position": "ratio"}


def test_nobody_changes_a_release(network_app: Flask, trial: Trial) -> None:
    members = towns(network_app, 4)
    write_all(trial, members, Q3, EDGES["four municipalities"][0])
    contribute(network_app, members)
    release(network_app)
    policy = update(Release).values(policy={})
    for statement in (update(ReleaseCell).values(value=1), delete(ReleaseCell), policy, delete(Release)):
        with network_app.app_context(), pytest.raises(sqlalchemy.exc.ProgrammingError, match="permission denied"):
            network_session.execute(statement)
        with (
            network_app.app_context(),
            tenant_scope(members[0].tenant_id),
            pytest.raises(sqlalchemy.exc.ProgrammingError, match="permission denied"),
        ):
            db.session.execute(statement)


def test_the_network_cannot_change_a_contribution(network_app: Flask, trial: Trial) -> None:
    (town,) = towns(network_app, 1)
    trial.write(town, "met_soon", "2026-Q3", 5, 10)
    contribute(network_app, [town])
    with network_app.app_context(), pytest.raises(sqlalchemy.exc.ProgrammingError, match="permission denied"):
        network_session.execute(update(Contribution).values(numerator=0))


def test_the_demos_past_has_a_release_after_each_quarter(network_app: Flask, trial: Trial) -> None:
    members = towns(network_app, 4)
    for period in ("2025-Q4", "2025", "2026-Q3"):
        write_all(trial, members, Key("met_soon", 1, period), EDGES["four municipalities"][0])
    contribute(network_app, members)
    for _ in range(2):
        with network_app.app_context():
            release_past(TODAY.date())
            commit_all()
        found = {
            (cell.sequence, cell.released_at.date().isoformat(), key.period)
            for key, cell in cells(network_app).items()
        }
        assert found == {(1, "2026-01-15", "2025-Q4"), (1, "2026-01-15", "2025"), (2, "2026-10-15", "2026-Q3")}
