"""The network editor's pages: what has been contributed, and the releases made of it."""

import uuid

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from hjelpa.core.database import network_session
from hjelpa.core.permissions import access
from hjelpa.web.progress import follow
from network.benchmarks import exports, queries, wording
from network.benchmarks.catalogue import indicators_by_id
from network.benchmarks.jobs import RELEASE, ask_for_release
from network.benchmarks.rules import Policy

blueprint = Blueprint("releases", __name__, url_prefix="/network", template_folder="templates")

# No larger number has room in the column, so none is asked for.
SEQUENCE = "<int(max=2147483647):sequence>"


@blueprint.get("/")
@access("benchmarks.release")
def index() -> str:
    work = queries.find_work(RELEASE.name)
    periods = queries.list_contributed_periods()
    return render_template(
        "benchmarks/releases.html",
        periods=periods,
        undecided=sum(row.undecided for row in periods),
        releases=queries.list_releases(),
        work=work,
        busy=work is not None and work.busy,
        period_label=wording.period_label,
    )


@blueprint.post("/releases")
@access("benchmarks.release")
def start() -> BaseResponse:
    work = queries.find_work(RELEASE.name)
    if work is not None and work.busy:
        flash(gettext("A release is already being made."), "info")
        return redirect(url_for("releases.progress", work_id=work.id), 303)
    work_id = ask_for_release(after=work.id if work else None)
    flash(gettext("The release has been asked for."), "success")
    return redirect(url_for("releases.progress", work_id=work_id), 303)


@blueprint.get("/progress/<uuid:work_id>")
@access("benchmarks.release")
def progress(work_id: uuid.UUID) -> Response:
    work = queries.find_work(RELEASE.name, work_id)
    if work is None:
        abort(404)
    return follow(render_template("benchmarks/progress.html", work=work), busy=work.busy)


@blueprint.get(f"/releases/{SEQUENCE}")
@access("benchmarks.release")
def show(sequence: int) -> str:
    release = queries.find_release(sequence)
    if release is None:
        abort(404)
    cells = queries.list_cells(network_session(), sequence=sequence)
    policy = Policy.from_json(release.policy)
    return render_template(
        "benchmarks/release.html",
        release=release,
        rows=exports.cell_rows(cells, indicators_by_id(), policy),
        withheld=sum(cell.decision.status == "withheld" for cell in cells),
        policy=policy,
        rules=wording.policy_in_words(policy),
        why=wording.why_withheld(policy),
    )


@blueprint.get(f"/releases/{SEQUENCE}/figures.csv")
@access("benchmarks.release")
def figures(sequence: int) -> Response:
    if queries.find_release(sequence) is None:
        abort(404)
    cells = queries.list_cells(network_session(), sequence=sequence)
    return exports.send_cells(cells, f"publisering-{sequence}.csv")
