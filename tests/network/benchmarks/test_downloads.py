"""Files that leave: as a spreadsheet opens them, harmless there, and labelled in the demo."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from hjelpa.core.config import Settings
from hjelpa.core.contract import Counts
from hjelpa.core.database import commit_all
from hjelpa.core.isolation import tenant_scope
from hjelpa.embedded import EmbeddedServers
from hjelpa.web.downloads import MARK, write_table
from network.benchmarks import jobs, queries
from network.benchmarks.catalogue import list_indicators
from network.benchmarks.queries import Key
from tests.conftest import application
from tests.house.crawl import address, rules
from tests.house.rows import fill_every_table
from tests.network.benchmarks.pages import rows_of
from tests.people import Town, make_post, make_town, signed_in


def read_back(text: str) -> Sequence[Sequence[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix(MARK), newline=""), delimiter=";"))


def test_a_norwegian_spreadsheet_opens_it() -> None:
    text = write_table(("a", "b"), [("Sør; nord", 1), (None, Decimal("2.5")), (0.25, -3)])
    assert text == '\ufeffa;b\r\n"Sør; nord";1\r\n;2,5\r\n0,25;-3\r\n'


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_text_becomes_a_formula(begin: str) -> None:
    assert read_back(write_table(("a",), [(f"{begin}1+1",)]))[1] == [f"'{begin}1+1"]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_other_text_comes_back_as_it_was(text: str) -> None:
    (cell,) = read_back(write_table(("a",), [(text, "")]))[1][:1]
    assert cell.removeprefix("'") == text.removeprefix("'")
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@pytest.fixture
def demo(fresh_settings: Settings) -> Iterator[Flask]:
    yield from application(replace(fresh_settings, mode="demo"))


@pytest.fixture
def demo_town(demo: Flask, servers: EmbeddedServers, fresh_settings: Settings) -> Town:
    """A town with a row in every table, each with the id of its helper's seat; four have contributed to a release."""
    towns = [make_town(demo) for _ in range(4)]
    database = fresh_settings.database_url.partition("@/")[2].partition("?")[0]
    with servers.superuser(database) as superuser:
        fill_every_table(superuser, towns[0], "egen", id=towns[0].helper.membership_id)
    for town in towns:
        with demo.app_context(), tenant_scope(town.tenant_id):
            queries.save_contributions(
                {Key(each.id, each.version, "2024"): Counts(20, 30, 40) for each in list_indicators()}
            )
            commit_all()
    with demo.app_context():
        jobs.release({})
        commit_all()
    return towns[0]


def attachments(app: Flask, town: Town) -> Iterator[tuple[str, TestResponse]]:
    """Every file that anybody can take away, over the whole URL map."""
    roles = {"network": "network_editor", "national": "national_viewer", "operator": "operator"}
    clients = [town.client("everything"), *(signed_in(app, make_post(app, *post)) for post in roles.items())]
    for rule in rules(app, "GET"):
        where = address(app, rule, town, town.helper.membership_id)
        for client in clients:
            answer = client.get(where)
            disposition = answer.headers.get("Content-Disposition", "")
            if answer.status_code == 200 and (disposition or answer.mimetype == "text/csv"):
                yield rule.endpoint, answer


def test_every_file_of_the_demo_says_that_it_is_made_up(demo: Flask, demo_town: Town) -> None:
    seen = set()
    for endpoint, answer in attachments(demo, demo_town):
        seen.add(endpoint)
        assert "filename=oppdiktet-" in answer.headers["Content-Disposition"], endpoint
        header, *rows = _read(answer)
        assert header[-1] == "note" and rows, endpoint
        assert {row[-1] for row in rows} <= {"made up", "oppdiktet"}, endpoint
    assert seen >= {
        "feedback_export.as_csv",
        "feedback_export.as_xlsx",
        "benchmarks.download",
        "national.download",
        "releases.figures",
    }


def _read(answer: TestResponse) -> Sequence[Sequence[str]]:
    if answer.mimetype == "text/csv":
        return read_back(answer.get_data(as_text=True))
    sheet = load_workbook(io.BytesIO(answer.get_data())).worksheets[0]
    return [[str(value) for value in row] for row in sheet.iter_rows(values_only=True)]


def test_elsewhere_nothing_is_called_made_up(network_app: Flask) -> None:
    town = make_town(network_app)
    answer = town.client().get(town.path("/benchmarks/figures.csv"))
    assert answer.headers["Content-Disposition"] == "attachment; filename=sammenligning.csv"
    assert "note" not in answer.get_data(as_text=True) and rows_of(answer) == []
