"""The municipality's page of comparison, and its figures for the leader's page."""

from collections.abc import Sequence

from flask import Blueprint, Response, render_template, request, url_for

from hjelpa.core.contract import LeaderFigure
from hjelpa.core.database import db
from hjelpa.core.permissions import access
from hjelpa.core.visitor import get_seat
from network.benchmarks import comparison, exports, queries, wording
from network.benchmarks.catalogue import current_policy, list_indicators
from network.benchmarks.comparison import Line

blueprint = Blueprint("benchmarks", __name__, url_prefix="/<tenant>/benchmarks", template_folder="templates")


@blueprint.get("")
@access("benchmarks.read")
def index() -> str:
    shown = _lines(yearly=wants_years())
    municipality = get_seat().municipality
    return render_template(
        "benchmarks/index.html",
        overview=comparison.overview(shown, municipality),
        views=[comparison.view(line, municipality) for line in shown],
        newcomer=bool(shown) and not any(line.own for line in shown),
        yearly=wants_years(),
        withheld=wording.why_withheld(current_policy()),
    )


@blueprint.get("/figures.csv")
@access("benchmarks.read")
def download() -> Response:
    indicators = {indicator.id for indicator in list_indicators(get_seat().modules_off)}
    cells = [cell for cell in queries.list_cells(db.session()) if cell.key.indicator in indicators]
    own = [figure for figure in queries.list_own() if figure.key.indicator in indicators]
    return exports.send_comparison(own, cells, "sammenligning.csv")


def leader_figures() -> Sequence[LeaderFigure]:
    """The latest quarter's shares with the network's beside them, for the leader's page."""
    return [
        LeaderFigure(
            title=line.indicator.title,
            value=line.figure(line.own_value(line.latest or "")),
            sentence=comparison.counted_sentence(line),
            definition=line.indicator.definition,
            url=url_for("benchmarks.index", _anchor=line.indicator.id),
        )
        for line in _lines(yearly=False)
        if line.indicator.kind == "share"
    ]


def _lines(*, yearly: bool) -> Sequence[Line]:
    indicators = list_indicators(get_seat().modules_off)
    return comparison.lines(indicators, queries.list_own(), queries.list_cells(db.session()), yearly=yearly)


def wants_years() -> bool:
    """Whether the reader chose whole years; quarters otherwise."""
    return request.args.get("by") == "year"
