"""Sessions from a file: sent and checked, shown, confirmed, and followed until they are here."""

import uuid
from contextlib import closing

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import access
from hjelpa.core.schemas import Input, printable
from hjelpa.core.types import new_id, utcnow
from hjelpa.core.visitor import get_seat
from hjelpa.web.forms import Form
from hjelpa.web.progress import follow
from hjelpa.web.uploads import takes_files
from modules.feedback.exchange import commands, queries, wording
from modules.feedback.exchange.jobs import CHECK, RUN
from modules.feedback.exchange.models import SessionImport
from modules.feedback.exchange.schemas import import_input
from modules.feedback.metrics.rows import COLUMNS
from modules.feedback.scales.choosing import local_day, standing
from modules.feedback.scales.queries import list_packs
from modules.feedback.scales.registry import OWN_PACK
from modules.feedback.scales.wording import OWN_NAME
from tenants.identity.members import list_members
from tenants.units.queries import names_by_id

LARGEST_FILE = 64_000_000
# The rest of the form, and what separates its parts.
LARGEST_SENDING = LARGEST_FILE + 100_000
LONGEST_NAME = 200

blueprint = Blueprint(
    "feedback_exchange", __name__, url_prefix="/<tenant>/feedback", template_folder="../templates"
)


@blueprint.get("/import")
@access("feedback.import")
def index() -> ResponseReturnValue:
    schema = _choices()
    first = {"key": new_id(), "pack": OWN_PACK}
    fields = schema().fields
    # What there is only one of is chosen already.
    first |= {
        name: next(iter(fields[name].metadata["choices"]))
        for name in ("unit_id", "helper_id")
        if len(fields[name].metadata["choices"]) == 1
    }
    return _index_page(Form(schema, initial=first))


@blueprint.post("/import")
@access("feedback.import")
@takes_files(LARGEST_SENDING)
def receive() -> ResponseReturnValue:
    form = Form.read(_choices(), request.form)
    filename, content = _read_file()
    if not content:
        form.refuse("file", gettext("Choose a file with sessions in it"))
    if not form.ok:
        return _index_page(form), 422
    values = form.values
    upload = commands.Upload(
        filename=printable(filename)[:LONGEST_NAME] or gettext("without a name"),
        content=content,
        unit_id=uuid.UUID(values["unit_id"]),
        helper_id=uuid.UUID(values["helper_id"]),
        pack=values["pack"],
    )
    import_id = commands.receive(values["key"], upload, get_seat().id, CHECK)
    return redirect(url_for("feedback_exchange.show", import_id=import_id), 303)


def _read_file() -> tuple[str, bytes]:
    """The file's name and content; both empty without one."""
    sent = request.files.get("file")
    if sent is None:
        return "", b""
    with closing(sent):
        return sent.filename or "", sent.read()


def _choices() -> type[Input]:
    today = local_day(utcnow())
    doors = {str(id): name for id, name in names_by_id().items()}
    helpers = {str(member.id): member.name for member in list_members() if "helper" in member.roles}
    living = [pack for pack in list_packs() if standing(pack.expires_on, today) != "ended"]
    packs = {OWN_PACK: str(OWN_NAME)} | {str(pack.id): pack.name for pack in living}
    return import_input(doors, helpers, packs)


def _index_page(form: Form) -> str:
    return render_template(
        "feedback/exchange/index.html",
        form=form,
        form_errors=form.errors,
        columns=COLUMNS,
        latest=queries.list_latest(),
        say_state=wording.say_state,
    )


@blueprint.get("/import/<uuid:import_id>")
@access("feedback.import")
def show(import_id: uuid.UUID) -> ResponseReturnValue:
    """What a file holds and would add, or how far it is, or what came of it."""
    given = queries.find_import(import_id) or abort(404)
    lost = queries.is_given_up(given)
    state = "failed" if lost else given.state
    title, colour = wording.say_state(state, given.summary.get("new"))
    page = render_template(
        "feedback/exchange/show.html",
        given=given,
        state=state,
        title=title,
        colour=colour,
        size=wording.say_size(given.size),
        shown=wording.show(given, *queries.find_chosen(given)),
    )
    return follow(page, busy=given.busy and not lost)


@blueprint.post("/import/<uuid:import_id>/confirm")
@access("feedback.import")
def confirm(import_id: uuid.UUID) -> ResponseReturnValue:
    given = _hold(import_id)
    if commands.confirm(given, RUN):
        flash(gettext("The sessions are on their way in. You are told when it is done."), "success")
    else:
        flash(gettext("There is nothing to take in here now."), "info")
    return redirect(url_for("feedback_exchange.show", import_id=import_id), 303)


@blueprint.post("/import/<uuid:import_id>/throw-away")
@access("feedback.import")
def throw_away(import_id: uuid.UUID) -> ResponseReturnValue:
    given = _hold(import_id)
    if not commands.throw_away(given):
        flash(gettext("This cannot be thrown away now."), "info")
        return redirect(url_for("feedback_exchange.show", import_id=import_id), 303)
    flash(gettext("The file has been thrown away. Nothing of it was taken in."), "success")
    return redirect(url_for("feedback_exchange.index"), 303)


def _hold(import_id: uuid.UUID) -> SessionImport:
    return queries.find_import(import_id, lock=True) or abort(404)
