"""The citizen's first page, what has been agreed, and who has read."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from hjelpa.core.permissions import features, own
from hjelpa.core.types import utcnow
from hjelpa.core.visitor import Guest
from modules.citizens.sections import list_traces
from modules.my import queries, signing_in
from modules.my.wording import tell_reads
from tenants.audit.queries import list_reads
from tenants.guests.gate import open_own_pages

blueprint = Blueprint("my", __name__, url_prefix="/<tenant>/my", template_folder="templates")
signing_in.register(blueprint)

SHOWN_READS = 100
SHOWN_AGREED = 50


@blueprint.get("/")
@own
def home() -> ResponseReturnValue:
    guest = open_own_pages("self", "adult", "service")
    parts = _parts(guest)
    if guest.relation == "service" and not parts:
        # Nothing is shared with them any more: not even whose pages these were.
        abort(404)
    agreed = queries.list_agreed(guest.citizen_id, limit=SHOWN_AGREED)
    coming = [row for row in agreed if row.current and row.next_step_at and row.next_step_at >= utcnow()]
    return render_template(
        "my/home.html",
        guest=guest,
        name=queries.find_name(guest.citizen_id),
        coming=min(coming, key=lambda row: row.next_step_at, default=None),
        parts=parts,
    )


def _parts(guest: Guest) -> list[Markup]:
    """What other features show of themselves here, in the order of the links on top."""
    pages = [page for manifest in features().enabled(guest.modules_off) for page in manifest.own_pages]
    shown = sorted(
        (page for page in pages if page.render and guest.relation in page.relations), key=lambda page: page.order
    )
    parts = [page.render() for page in shown if page.render]
    return [Markup(part) for part in parts if part]  # noqa: S704  # the contract: safe HTML, rendered by a template


@blueprint.get("/agreements")
@own
def agreements() -> ResponseReturnValue:
    guest = open_own_pages("self")
    agreed = queries.list_agreed(guest.citizen_id, limit=SHOWN_AGREED)
    now = utcnow()
    coming = [row for row in agreed if row.current and (row.next_step_at is None or row.next_step_at >= now)]
    return render_template(
        "my/agreements.html", coming=coming, earlier=[row for row in agreed if row not in coming]
    )


@blueprint.get("/reads")
@own
def reads() -> ResponseReturnValue:
    guest = open_own_pages()
    course_id = queries.find_latest_course(guest.citizen_id)
    subjects = [guest.citizen_id, *(list_traces(course_id) if course_id else ())]
    rows = list_reads(subjects, limit=SHOWN_READS)
    return render_template("my/reads.html", rows=tell_reads(rows, guest), full=len(rows) == SHOWN_READS)
