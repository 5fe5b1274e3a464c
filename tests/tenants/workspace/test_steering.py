"""The leader's page: figures by heading in the citizen's order, each a link where the reader may open what is behind."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, url_for

from hjelpa.core.config import Settings
from hjelpa.core.contract import FigureSource, LeaderFigure, Manifest
from hjelpa.core.database import db
from hjelpa.core.features import Features
from hjelpa.core.isolation import tenant_scope
from hjelpa.registry import find_features
from tenants.municipalities.models import FeatureSwitch
from tests.conftest import application
from tests.people import Town, make_town


def figure(name: str, url: str | None = None) -> LeaderFigure:
    return LeaderFigure(name, "7", f"Sentence of {name}", f"Definition of {name}", url)


def links() -> list[LeaderFigure]:
    return [
        figure("open list", url_for("contacts.index", show="met")),
        figure("with anchor", url_for("benchmarks.index", _anchor="x")),
        figure("editors only", url_for("releases.index")),
        figure("feature off", url_for("feedback.course", course_id="01a20117-91d3-74e5-b93b-60d91e644934")),
        figure("nowhere", "/no/such/page/at/all"),
        figure("without"),
    ]


@pytest.fixture
def invented(fresh_settings: Settings) -> Iterator[Flask]:
    trial = Manifest(
        name="trial",
        kind="module",
        title="Trial",
        summary="",
        folder=Path(__file__).parent,
        figures=(
            FigureSource("citizens.oversee", lambda: [figure("last")], order=99, title="First heading"),
            FigureSource("citizens.oversee", lambda: [figure("first")], order=-2, title="First heading"),
            FigureSource("citizens.oversee", links, order=-1),
            FigureSource("benchmarks.release", lambda: [figure("hidden")], order=-3),
            FigureSource("citizens.oversee", list, order=-3, title="Empty heading"),
        ),
    )
    yield from application(fresh_settings, Features((*find_features().manifests, trial)))


def test_a_figure_is_a_link_where_the_reader_may_open_the_list(invented: Flask) -> None:
    town = make_town(invented)
    with invented.app_context(), tenant_scope(town.tenant_id):
        db.session.add(FeatureSwitch(feature="feedback"))
        db.session.commit()
    page = town.client("leader").get(town.path("/steering?lang=en")).text
    assert {name for name in re.findall(r'class="number-link" href="[^"]+">([^<]+)<', page)} >= {"open list"}
    for name, linked in {
        "open list": True,
        "with anchor": True,
        "editors only": False,
        "feature off": False,
        "nowhere": False,
        "without": False,
    }.items():
        assert (f">{name}</a>" in page) is linked, name
        assert f"Sentence of {name}" in page and f"Definition of {name}" in page
    assert "hidden" not in re.findall(r'<p class="number-label">([^<]+)', page)


def test_figures_stand_by_heading_in_order(invented: Flask) -> None:
    town = make_town(invented)
    page = town.client("leader").get(town.path("/steering?lang=en")).text
    headings = re.findall(r'<h2 class="ds-heading" data-size="sm" id="group-\d+">([^<]+)', page)
    assert headings[:2] == ["First heading", "Trial"] and "Empty heading" not in headings
    assert page.index("Sentence of first") < page.index("Sentence of last") < page.index("Sentence of open list")


def test_whoever_leads_nothing_has_no_such_page(town: Town) -> None:
    assert town.client().get(town.path("/steering")).status_code == 403
