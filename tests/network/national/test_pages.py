"""What a national body sees: released figures, and no way to anything else."""

from collections.abc import Sequence

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.network.benchmarks.conftest import network_app, trial
from tests.network.benchmarks.pages import read, rows_of, section, words_of
from tests.network.benchmarks.trial import Trial, contribute, release, towns
from tests.people import Town, make_post, signed_in
from tests.statements import counted_statements

__all__ = ["network_app", "trial"]  # fixtures of the benchmarks, used here as they are


@pytest.fixture
def members(network_app: Flask, trial: Trial) -> Sequence[Town]:
    found = towns(network_app, 4)
    for quarter, wins in (("2026-Q2", 5), ("2026-Q3", 7)):
        for town in found:
            trial.write(town, "met_soon", quarter, wins, 10)
            trial.write(town, "asked", quarter, 10 if quarter == "2026-Q3" else 6, 10)
            trial.write(town, "helped", quarter, 31, 0)
    contribute(network_app, found)
    return found


@pytest.fixture
def viewer(network_app: Flask) -> FlaskClient:
    return signed_in(network_app, make_post(network_app, "national", "national_viewer"))


def test_released_figures_with_what_they_are(
    network_app: Flask, members: Sequence[Town], viewer: FlaskClient
) -> None:
    release(network_app)
    answer = viewer.get("/national/?lang=en")
    words = words_of(answer)
    assert "Latest release: number 1" in words
    assert "Title of met_soon 70 % quarter 3 of 2026: of about 40 people in 4 municipalities" in words
    assert "Title of helped 125 quarter 3 of 2026: in 4 municipalities" in words
    assert "In quarter 3 of 2026: about 70 % of about 40 people in 4 municipalities." in words
    assert "In quarter 3 of 2026: about 125 people in 4 municipalities." in words
    assert "Definition of met_soon" in words and "Caution of met_soon" in words
    figure = read(section(answer.get_data(as_text=True), "met_soon"))
    assert "Q2 26 50 % Q3 26 70 %" in figure


def test_a_ratio_is_a_number_per_position(
    network_app: Flask, trial: Trial, members: Sequence[Town], viewer: FlaskClient
) -> None:
    for town in members:
        trial.write(town, "per_position", "2026-Q3", 31, 150)
    contribute(network_app, members)
    release(network_app)
    words = words_of(viewer.get("/national/?lang=en"))
    assert "Title of per_position 21 quarter 3 of 2026: in 4 municipalities" in words
    assert "In quarter 3 of 2026: about 21 people per full-time position, in 4 municipalities." in words
    assert "Number of people per full-time position" in words_of(viewer.get("/national/definitions?lang=en"))
    (row,) = [row for row in rows_of(viewer.get("/national/figures.csv")) if row["indicator"] == "per_position"]
    assert (row["value"], row["persons"]) == ("21", "")


def test_what_is_withheld_is_one_neutral_mark(
    network_app: Flask, members: Sequence[Town], viewer: FlaskClient
) -> None:
    release(network_app)
    words = words_of(viewer.get("/national/?lang=en"))
    assert "Title of asked – quarter 3 of 2026" in words
    assert "In quarter 3 of 2026 the network shows no figure." in words


def test_nothing_is_seen_before_it_is_released(
    network_app: Flask, members: Sequence[Town], viewer: FlaskClient
) -> None:
    words = words_of(viewer.get("/national/?lang=en"))
    assert "Nothing has been released yet" in words and "met_soon" not in words
    assert len(viewer.get("/national/figures.csv").get_data(as_text=True).splitlines()) == 1


def test_the_download_is_the_releases(network_app: Flask, members: Sequence[Town], viewer: FlaskClient) -> None:
    release(network_app)
    rows = rows_of(viewer.get("/national/figures.csv"))
    assert len(rows) == 6
    withheld = [row for row in rows if row["status"] == "withheld"]
    assert [row["period"] for row in withheld] == ["2026-Q3"]
    assert not any(withheld[0][name] for name in ("contributors", "persons", "value", "q1", "median", "q3"))


def test_definitions_are_there_without_a_release(network_app: Flask, viewer: FlaskClient) -> None:
    words = words_of(viewer.get("/national/definitions?lang=en"))
    assert "Definition of helped" in words and "At least 4 municipalities must stand behind a figure." in words


def test_there_is_no_way_to_a_municipality(
    network_app: Flask, members: Sequence[Town], viewer: FlaskClient
) -> None:
    release(network_app)
    existing = viewer.get(members[0].path("/benchmarks"))
    missing = viewer.get("/there-is-no-such-place/benchmarks")
    assert existing.status_code == missing.status_code == 404
    assert existing.data == missing.data
    assert viewer.get("/network/").status_code == 403
    for path in ("/national/", "/national/?by=year", "/national/definitions", "/national/figures.csv"):
        page = viewer.get(path).get_data(as_text=True)
        assert not any(town.slug in page or str(town.tenant_id) in page for town in members)


def test_others_do_not_come_in(network_app: Flask, members: Sequence[Town]) -> None:
    assert members[0].client("everything").get("/national/").status_code == 403
    assert network_app.test_client().get("/national/").status_code == 303


def test_the_pages_touch_no_table_of_a_municipality(
    network_app: Flask, members: Sequence[Town], viewer: FlaskClient
) -> None:
    release(network_app)
    with counted_statements() as seen:
        assert viewer.get("/national/").status_code == 200
    assert len(seen) <= 12
    assert not any("contributions" in statement for statement in seen)
