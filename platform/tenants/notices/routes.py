"""The page behind the bell."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from hjelpa.core.permissions import features, signed_in
from hjelpa.core.visitor import get_seat
from tenants.notices import queries
from tenants.notices.models import Notice

blueprint = Blueprint("notices", __name__, url_prefix="/<tenant>/notices", template_folder="templates")


@blueprint.get("")
@signed_in
def index() -> ResponseReturnValue:
    notices = queries.list_latest(get_seat().id)
    rows = [row for row in map(_row, notices) if row is not None]
    page = render_template("notices/index.html", rows=rows)
    queries.mark_read(get_seat().id)
    return page


def _row(notice: Notice) -> dict[str, object] | None:
    """A notice as a line; None when the feature that sent it is off or gone."""
    kind = features().notices.get(notice.kind)
    owner = features().find_by_endpoint(kind.endpoint) if kind else None
    if kind is None or owner is None or not features().is_on(owner.name, get_seat().modules_off):
        return None
    return {
        "at": notice.created_at,
        "title": str(kind.sentence) % notice.values["texts"],
        "kind": kind.title,
        "url": url_for(kind.endpoint, **notice.values["address"]),
        "new": notice.read_at is None,
    }
