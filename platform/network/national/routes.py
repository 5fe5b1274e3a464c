"""The national body's pages. They read releases and have no way to anything else."""

from flask import Blueprint, Response, render_template
from flask_babel import gettext

from hjelpa.core.database import network_session
from hjelpa.core.permissions import access
from network.benchmarks import comparison, exports, queries, wording
from network.benchmarks.catalogue import current_policy, list_indicators
from network.benchmarks.routes import wants_years
from network.national.dashboard import figure_of

national = Blueprint("national", __name__, url_prefix="/national", template_folder="templates")


@national.get("/")
@access("national.read")
def index() -> str:
    cells = queries.list_cells(network_session())
    lines = comparison.lines(list_indicators(), (), cells, yearly=wants_years())
    return render_template(
        "national/index.html",
        figures=[figure_of(line) for line in lines],
        release=max(((cell.sequence, cell.released_at) for cell in cells), default=None),
        yearly=wants_years(),
        withheld=wording.why_withheld(current_policy()),
    )


@national.get("/definitions")
@access("national.read")
def definitions() -> str:
    return render_template(
        "national/definitions.html",
        indicators=list_indicators(),
        kinds={
            "share": gettext("Share in per cent"),
            "count": gettext("Number of people"),
            "ratio": gettext("Number of people per full-time position"),
        },
        rules=wording.policy_in_words(current_policy()),
    )


@national.get("/figures.csv")
@access("national.read")
def download() -> Response:
    return exports.send_cells(queries.list_cells(network_session()), "nettverkets-tall.csv")
