"""The pages that every feature fills: today, search, the leader's page, and the guide."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from markupsafe import Markup

from hjelpa.core.permissions import access, features, may, public, signed_in
from hjelpa.core.types import utcnow
from hjelpa.core.visitor import get_seat
from tenants.identity.rules import first_segment
from tenants.identity.way_back import TYPED, find_origin
from tenants.workspace.figures import list_groups
from tenants.workspace.guide import list_passages, read_passage
from tenants.workspace.rules import in_order, is_overdue, searchable

blueprint = Blueprint("workspace", __name__, url_prefix="/<tenant>", template_folder="templates")
guide = Blueprint("guide", __name__, url_prefix="/help", template_folder="templates")


@blueprint.get("/")
@signed_in
def today() -> ResponseReturnValue:
    on = features().enabled(get_seat().modules_off)
    sources = [source for manifest in on for source in manifest.today if may(source.permission)]
    rows = in_order(row for source in sources for row in source.rows())
    now = utcnow()
    late = [is_overdue(row, now) for row in rows]
    return render_template("workspace/today.html", rows=list(zip(rows, late, strict=True)), seat=get_seat())


@blueprint.get("/search")
@signed_in
def search() -> ResponseReturnValue:
    words = searchable(request.args.get("q", ""))
    on = features().enabled(get_seat().modules_off)
    sources = [source for manifest in on for source in manifest.search if words and may(source.permission)]
    groups = [(source.title, source.find(words)) for source in sources]
    found = [(title, hits) for title, hits in groups if hits]
    return render_template("workspace/search.html", words=words, groups=found, search_words=words)


@blueprint.get("/steering")
@access("workspace.steer")
def steering() -> ResponseReturnValue:
    return render_template("workspace/steering.html", groups=list_groups())


@guide.get("")
@public
def index() -> ResponseReturnValue:
    return render_template("workspace/guide.html", passages=list_passages(str(get_locale())), origin=_origin())


@guide.get("/<feature>/<slug>")
@public
def passage(feature: str, slug: str) -> ResponseReturnValue:
    found = read_passage(feature, slug, str(get_locale()))
    if found is None:
        abort(404)
    body = Markup(found.html)  # noqa: S704  # our own text, cleaned by nh3
    return render_template("workspace/passage.html", title=found.title, body=body, origin=_origin())


def _origin() -> str | None:
    """The page whose help was asked for, with what was being typed there; the guide itself is none."""
    origin = find_origin()
    return origin + TYPED if origin and first_segment(origin) not in ("help", "account") else None
