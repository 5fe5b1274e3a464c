"""The team's page of figures, the lists behind them, and each helper's own figures for that helper only."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hjelpa.core.permissions import access, may
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from hjelpa.core.visitor import get_seat
from modules.citizens.listing import page_address
from modules.citizens.paging import PAGE_SIZE, Page, page_number
from modules.feedback.metrics.messages import Message
from modules.feedback.metrics.records import AGE_BANDS
from modules.feedback.metrics.threshold import Threshold
from modules.feedback.team import lists, queries, showing
from modules.feedback.team.courses import list_courses
from modules.feedback.team.periods import Choice, choose, list_choices
from modules.feedback.team.snapshots import find_snapshot
from modules.feedback.team.working import Worked, work_out

blueprint = Blueprint("feedback_team", __name__, url_prefix="/<tenant>/feedback", template_folder="../templates")

# With fewer, a figure is about what this or that colleague did, and the page says so.
FEWEST_HELPERS = 3


@blueprint.get("/team")
@access("feedback.team")
def show() -> ResponseReturnValue:
    """All figures of the courses that began or ended in a period, and what became of those who made contact in it."""
    choice = _choice()
    snapshot, computed_at = find_snapshot(choice.period, choice.band)
    helpers, behind = queries.count_helpers(), snapshot.behind[choice.band]
    return render_template(
        "feedback/team/show.html",
        **_figures(snapshot.worked, snapshot.limit, choice, snapshot.own_targets),
        computed_at=computed_at,
        shows_persons=behind > 0 and min(helpers, behind) < FEWEST_HELPERS,
        funnel=lists.show_funnel(snapshot.leaves) if snapshot.leaves is not None else None,
        may_list=may("feedback.oversee"),
        address=lambda **more: url_for("feedback_team.people", **_address(choice), **more),
    )


@blueprint.get("/mine")
@access("feedback.hand_over")
def mine() -> ResponseReturnValue:
    """The figures of one's own courses. There is no address at which anybody else's are found."""
    choice, basis = _choice(), queries.find_basis()
    found = list_courses(choice.period, basis.forms, helper=get_seat().id)
    shown = _figures(work_out(found, basis), basis.threshold, choice, basis.own_targets)
    return render_template("feedback/team/mine.html", **shown)


@blueprint.get("/team/people")
@access("feedback.oversee")
def people() -> ResponseReturnValue:
    """The courses behind one figure; names to those closest only."""
    choice, number = _choice(), page_number(request.args.get("page"))
    asked = lists.read_list(request.args) or abort(404)
    found = lists.find_list(asked, choice)
    shown = found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    if not shown and number > 1:
        return redirect(url_for("feedback_team.people", **asked.address, **_address(choice)), 303)
    return render_template(
        "feedback/team/people.html",
        title=asked.title,
        about=asked.about,
        choice=choice,
        rows=lists.show_rows(shown, queries.list_names([course.id for course in shown], get_seat().id)),
        parts=asked.parts,
        part=asked.part,
        figure=asked.key,
        page=Page(number, len(found), len(shown)),
        page_url=page_address("feedback_team.people", **asked.address, **_address(choice)),
        **_filters(choice),
    )


def _choice() -> Choice:
    return choose(request.args, utcnow().astimezone(LOCAL).date())


def _address(choice: Choice) -> dict[str, Any]:
    return {"period": choice.period.id} | ({"band": choice.band} if choice.band else {})


def _filters(choice: Choice) -> dict[str, Any]:
    offered = list_choices(utcnow().astimezone(LOCAL).date(), choice.period.id)
    return {
        "periods": showing.options(offered),
        "bands": [(band, showing.band_words(band)) for band in AGE_BANDS],
        "period_words": showing.period_words(choice.period.id),
        "band_words": showing.band_words(choice.band),
    }


def _figures(
    worked: Worked, threshold: Threshold | Message, choice: Choice, own_targets: Collection[str]
) -> Mapping[str, Any]:
    """What every page of figures shows."""
    limit, limit_facts = showing.show_threshold(threshold)
    endings = showing.show_endings(worked.metrics, choice)
    return _filters(choice) | {
        "choice": choice,
        "something": showing.has_something(worked.metrics, choice),
        "groups": showing.show_groups(worked.metrics, choice, own_targets),
        "endings": endings,
        "ended": sum(row.total for row in endings),
        "ending_notes": showing.say_endings(worked.metrics, choice, own_targets),
        "ending_heads": [{"title": title, "number": True} for title in showing.PLACE_WORDS.values()],
        "ending_formula": showing.ending_formula(),
        "regression": showing.say_regression(worked.regressions.get(choice.band)),
        "limit": limit,
        "limit_facts": limit_facts,
    }
