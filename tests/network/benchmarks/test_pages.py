"""What the municipality and the editor see, on the whole application."""

import re
import uuid
from collections.abc import Sequence
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from hjelpa.core.database import commit_all, db, network_session
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.outbox import NetworkOutboxRow
from hjelpa.core.types import utcnow
from network.benchmarks import jobs
from tenants.municipalities.models import FeatureSwitch
from tests.network.benchmarks.pages import read, rows_of, section, words_of
from tests.network.benchmarks.trial import Trial, contribute, release, towns
from tests.people import Person, Town, make_post, signed_in
from tests.statements import counted_statements

COUNTED = {"met_soon": [(11, 16), (9, 13), (20, 31), (3, 7)], "asked": [(9, 10), (9, 10), (9, 10), (9, 10)]}


@pytest.fixture
def members(network_app: Flask, trial: Trial) -> Sequence[Town]:
    """Four that contribute, with a published and a withheld indicator; a fifth has nothing yet."""
    found = towns(network_app, 5)
    for name, parts in COUNTED.items():
        for town, (numerator, denominator) in zip(found, parts, strict=False):
            trial.write(town, name, "2026-Q3", numerator, denominator, 2 * denominator)
            trial.write(town, name, "2025", numerator, denominator)
    contribute(network_app, found)
    return found


def test_own_figure_beside_the_networks(network_app: Flask, members: Sequence[Town]) -> None:
    release(network_app)
    page = members[0].client("leader").get(members[0].path("/benchmarks?lang=en")).get_data(as_text=True)
    words = read(section(page, "met_soon"))
    assert "In quarter 3 of 2026: 69 % here, about 65 % in the network." in words
    assert "11 of 16 people" in words and "Measured for 50 % of the 32 people it is about" in words
    assert "from 4 municipalities and about 65 people" in words
    assert "Definition of met_soon" in words and "Caution of met_soon" in words


def test_what_is_withheld_is_one_neutral_mark(network_app: Flask, members: Sequence[Town]) -> None:
    release(network_app)
    page = members[0].client().get(members[0].path("/benchmarks?lang=en")).get_data(as_text=True)
    words = read(section(page, "asked"))
    assert "90 % here. The network shows no figure." in words
    assert "A dash means that the network shows no figure." in words
    rows = [read(row) for row in re.findall(r"<tr>.*?</tr>", section(page, "asked"), re.DOTALL)]
    assert any(row.split() == ["Q3", "26", "90", "%", "–"] for row in rows)


def test_a_newcomer_sees_the_networks_figures(network_app: Flask, members: Sequence[Town]) -> None:
    release(network_app)
    words = words_of(members[4].client("administrator").get(members[4].path("/benchmarks?lang=en")))
    assert "You have no figures of your own yet" in words
    assert "In quarter 3 of 2026: about 65 % in the network. There is no figure here." in words


def test_before_anything_is_counted_the_page_says_how_it_begins(network_app: Flask) -> None:
    (town,) = towns(network_app, 1)
    words = words_of(town.client().get(town.path("/benchmarks?lang=en")))
    assert "No figures yet" in words and "counted every night" in words


def test_own_figures_do_not_wait_for_a_release(network_app: Flask, members: Sequence[Town]) -> None:
    words = words_of(members[0].client().get(members[0].path("/benchmarks?lang=en&by=year")))
    assert "In 2025: 69 % here. The network shows no figure." in words


def test_a_feature_that_is_off_has_no_figures(network_app: Flask, members: Sequence[Town]) -> None:
    release(network_app)
    with network_app.app_context(), tenant_scope(members[0].tenant_id):
        db.session.add(FeatureSwitch(feature="trial"))
        db.session.commit()
    client = members[0].client()
    assert "met_soon" not in client.get(members[0].path("/benchmarks")).get_data(as_text=True)
    assert "met_soon" not in client.get(members[0].path("/benchmarks/figures.csv")).get_data(as_text=True)


def test_the_download_holds_own_counts_and_released_cells_only(
    network_app: Flask, members: Sequence[Town]
) -> None:
    release(network_app)
    answer = members[0].client().get(members[0].path("/benchmarks/figures.csv"))
    rows = {(row["indicator"], row["period"]): row for row in rows_of(answer)}
    assert answer.mimetype == "text/csv"
    met, asked = rows[("met_soon", "2026-Q3")], rows[("asked", "2026-Q3")]
    assert (met["own_numerator"], met["own_denominator"], met["own_eligible"]) == ("11", "16", "32")
    assert (met["status"], met["value"], met["persons"], met["median"]) == ("published", "65", "65", "")
    assert asked["status"] == "withheld" and asked["own_numerator"] == "9"
    assert [asked[name] for name in ("contributors", "persons", "value", "q1", "median", "q3")] == [""] * 6


def test_a_ratio_is_shown_with_what_it_is_made_of_here(network_app: Flask, trial: Trial) -> None:
    found = towns(network_app, 5)
    for town, (people, positions) in zip(found, [(41, 150), (20, 125), (40, 200), (33, 150), (9, 0)], strict=True):
        trial.write(town, "per_position", "2026-Q3", people, positions, people)
    contribute(network_app, found)
    release(network_app)
    where = "/benchmarks?lang=en"
    page = read(section(found[1].client().get(found[1].path(where)).text, "per_position"))
    assert "In quarter 3 of 2026: 16 here, about 21.5 in the network." in page
    assert "20 people, 1.25 positions" in page and "The positions are entered" in page
    assert "About 21.5, from 4 municipalities" in page and "people The" not in page
    page = read(section(found[4].client().get(found[4].path(where)).text, "per_position"))
    assert "about 21.5 in the network. There is no figure here." in page and "not entered" in page
    (row,) = rows_of(found[0].client().get(found[0].path("/benchmarks/figures.csv")))
    assert (row["own_numerator"], row["own_denominator"]) == ("41", "150")
    assert (row["contributors"], row["persons"], row["value"]) == ("4", "", "21,5")


def test_the_leaders_page_has_the_shares(network_app: Flask, members: Sequence[Town]) -> None:
    release(network_app)
    words = words_of(members[0].client("leader").get(members[0].path("/steering?lang=en")))
    # What stands behind each side belongs to the figure; "asked" is withheld, and so says nothing of the network.
    said = "In quarter 3 of 2026: 11 of 16 here; about 65 % of about 65 in 4 municipalities."
    assert f"Title of met_soon 69 % {said}" in words
    assert "Title of asked 90 % In quarter 3 of 2026: 9 of 10 here. The network shows no figure." in words
    assert "Title of helped" not in words


def test_a_newcomers_leader_sees_what_the_networks_figure_is_of(
    network_app: Flask, members: Sequence[Town]
) -> None:
    release(network_app)
    words = words_of(members[4].client("leader").get(members[4].path("/steering?lang=en")))
    assert "about 65 % of about 65 in 4 municipalities. There is no figure here." in words
    assert "In quarter 3 of 2026 there is no figure here, and the network shows none." in words


def test_a_line_that_ends_elsewhere_than_its_sentence_names_the_period(
    network_app: Flask, trial: Trial, members: Sequence[Town]
) -> None:
    for period in ("2026-Q2", "2026-Q3"):
        trial.write(members[0], "helped", period, 52 if period == "2026-Q2" else 39, 0)
    for town in members[1:4]:
        trial.write(town, "helped", "2026-Q2", 40, 0)
    contribute(network_app, members)
    with network_app.app_context():
        jobs.publish(date(2026, 8, 1))
        commit_all()
    page = members[0].client().get(members[0].path("/benchmarks?lang=en")).get_data(as_text=True)
    figure = section(page, "helped")
    assert "In quarter 2 of 2026: 52 here" in read(figure)
    ends = re.findall(r"<text[^>]*c-series.*?</text>\s*<text[^>]*c-when.*?</text>", figure)
    assert len(ends) == 2 and all(read(end).split()[-3:] == ["39", "Q3", "26"] for end in ends)


def test_the_page_asks_the_database_little(network_app: Flask, members: Sequence[Town]) -> None:
    release(network_app)
    client = members[0].client()
    with counted_statements() as seen:
        assert client.get(members[0].path("/benchmarks")).status_code == 200
    assert len(seen) <= 12, seen


@pytest.fixture
def editor(network_app: Flask) -> Person:
    return make_post(network_app, "network", "network_editor")


def do_work(app: Flask) -> None:
    """What the worker does with the row: the release, and the mark that it is done, in one transaction."""
    with app.app_context():
        row = network_session.scalars(select(NetworkOutboxRow).where(NetworkOutboxRow.done_at.is_(None))).one()
        jobs.release(row.payload)
        row.done_at = utcnow()
        commit_all()


def test_an_editor_makes_a_release_and_follows_it(
    network_app: Flask, members: Sequence[Town], editor: Person
) -> None:
    client = signed_in(network_app, editor)
    before = words_of(client.get("/network/?lang=en"))
    assert "4 figures have not been decided yet." in before and "No release yet" in before
    assert "Q3 26 4 2 2" in before

    asked = client.post("/network/releases")
    assert asked.status_code == 303
    waiting = client.get(asked.location + "?lang=en")
    assert "In line" in words_of(waiting) and waiting.headers["Refresh"]
    again = client.post("/network/releases")
    assert again.location == asked.location
    busy = words_of(client.get("/network/?lang=en"))
    assert "See how it goes" in busy and "Make a release" not in busy

    do_work(network_app)
    done = client.get(asked.location + "?lang=en")
    assert "Release 1 has been published" in words_of(done) and "Refresh" not in done.headers
    after = words_of(client.get("/network/?lang=en"))
    assert "Everything contributed has been decided." in after and "Release 1" in after


def test_a_release_shows_its_rules_and_its_cells(
    network_app: Flask, members: Sequence[Town], editor: Person
) -> None:
    release(network_app)
    words = words_of(signed_in(network_app, editor).get("/network/releases/1?lang=en"))
    assert "2 figures are published and 2 withheld" in words
    assert "At least 4 municipalities must stand behind a figure." in words
    assert "Title of met_soon Q3 26 65 % 65 4 – – –" in words
    assert "Title of asked Q3 26 – – – – – –" in words


def test_the_editor_never_sees_what_a_municipality_contributed(
    network_app: Flask, members: Sequence[Town], editor: Person
) -> None:
    release(network_app)
    client = signed_in(network_app, editor)
    pages = [client.get(path).get_data(as_text=True) for path in ("/network/", "/network/releases/1")]
    assert not any(town.slug in page or town.slug.title() in page for page in pages for town in members)


def test_nothing_new_is_told(network_app: Flask, members: Sequence[Town], editor: Person) -> None:
    release(network_app)
    client = signed_in(network_app, editor)
    asked = client.post("/network/releases")
    do_work(network_app)
    assert "There was nothing new to publish" in words_of(client.get(asked.location + "?lang=en"))


@pytest.mark.parametrize(
    ("marks", "words"), [({"sent_at"}, "Under way"), ({"sent_at", "dead_at"}, "It could not be made")]
)
def test_work_under_way_and_failed_work_are_told(
    network_app: Flask, editor: Person, marks: set[str], words: str
) -> None:
    with network_app.app_context():
        row = NetworkOutboxRow(job=jobs.RELEASE.name, **dict.fromkeys(marks, utcnow()))
        network_session.add(row)
        network_session.flush()
        path = f"/network/progress/{row.id}?lang=en"
        commit_all()
    client = signed_in(network_app, editor)
    assert words in words_of(client.get(path))
    assert ("could not be made" in words_of(client.get("/network/?lang=en"))) is ("dead_at" in marks)


def test_what_does_not_exist_is_not_found(network_app: Flask, editor: Person) -> None:
    client = signed_in(network_app, editor)
    for path in ("/network/releases/9", "/network/releases/9/figures.csv", f"/network/progress/{uuid.uuid4()}"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("number", [2**31 - 1, 2**31, 10**24])
def test_a_number_without_room_is_not_found(network_app: Flask, editor: Person, number: int) -> None:
    client = signed_in(network_app, editor)
    for path in (f"/network/releases/{number}", f"/network/releases/{number}/figures.csv"):
        assert client.get(path).status_code == 404


def test_the_editors_pages_are_the_editors(network_app: Flask, members: Sequence[Town]) -> None:
    helper = members[0].client("everything")
    assert helper.get("/network/").status_code == 403
    assert helper.post("/network/releases").status_code == 403
    viewer = signed_in(network_app, make_post(network_app, "national", "national_viewer"))
    assert viewer.get("/network/").status_code == 403
