"""The catalogue for those who work here: finding, writing, keeping right, putting away."""

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import access
from hjelpa.core.types import new_id
from hjelpa.core.visitor import get_seat
from hjelpa.web.forms import Form
from modules.citizens.listing import page_address
from modules.citizens.paging import Page, page_number
from modules.services import commands, queries, wishes
from modules.services.editing import blank_form, form_of, read_form, say_differences, show_form
from modules.services.listing import describe, show_services, today
from modules.services.models import Service
from modules.services.rules import which
from modules.services.schemas import AUDIENCES, KINDS, SHOWN, FilterInput, WishInput

blueprint = Blueprint("services", __name__, url_prefix="/<tenant>/services", template_folder="templates")


def read_wanted() -> queries.Wanted:
    """What is looked for, from the address; nonsense chooses nothing."""
    words = Form.read(FilterInput, request.args).values.get("q", "")
    kind, audience = request.args.get("kind", ""), request.args.get("audience", "")
    return queries.Wanted(
        words,
        kind if kind in KINDS else "",
        audience if audience in AUDIENCES else "",
        which(request.args.get("show")),
    )


@blueprint.get("")
@access("services.read")
def index() -> ResponseReturnValue:
    wanted = read_wanted()
    return _list(wanted, Form(WishInput, initial={"words": wanted.words}))


def _list(wanted: queries.Wanted, wish: Form) -> str:
    number = page_number(request.args.get("page"))
    rows = queries.list_services(wanted, get_seat().id, today(), number)
    chosen = {"q": wanted.words, "kind": wanted.kind, "audience": wanted.audience}
    return render_template(
        "services/index.html",
        rows=show_services(rows, "services.show"),
        wanted=wanted,
        kinds=list(KINDS.items()),
        audiences=list(AUDIENCES.items()),
        lists=list(SHOWN.items()),
        page=Page.of(number, rows),
        page_url=page_address("services.index", **chosen, show="" if wanted.shown == "all" else wanted.shown),
        wish=wish if wishes.are_heard() else None,
        form_errors=wish.errors,
    )


@blueprint.post("/missing")
@access("services.read")
def missing() -> ResponseReturnValue:
    """Takes down what would have helped and does not exist."""
    if not wishes.are_heard():
        abort(404)
    form = Form.read(WishInput, request.form)
    if not form.ok:
        return _list(queries.Wanted(words=form.value("words")[:200]), form), 422
    wishes.tell(form.values["words"])
    flash(gettext("Thank you. It stands among the needs that nothing meets yet, without names."), "success")
    return redirect(url_for("services.index"), 303)


@blueprint.get("/new")
@access("services.write")
def new() -> ResponseReturnValue:
    return show_form(blank_form(new_id(), get_seat()), None)


@blueprint.post("/new")
@access("services.write")
def create() -> ResponseReturnValue:
    form = read_form()
    if not form.ok:
        return show_form(form, None), 422
    service_id = commands.add_service(form.values, uuid.UUID(form.values["owner"]), today())
    flash(gettext("The service is in the catalogue."), "success")
    return redirect(url_for("services.show", service_id=service_id), 303)


@blueprint.get("/<uuid:service_id>")
@access("services.read")
def show(service_id: uuid.UUID) -> ResponseReturnValue:
    found = queries.find_service(service_id) or abort(404)
    about = describe(found.Service)
    mine = found.Service.owner_id == get_seat().id
    return render_template("services/show.html", about=about, found=found, service=found.Service, mine=mine)


@blueprint.get("/<uuid:service_id>/edit")
@access("services.write")
def edit(service_id: uuid.UUID) -> ResponseReturnValue:
    found = queries.find_service(service_id) or abort(404)
    return show_form(form_of(found.Service), service_id)


@blueprint.post("/<uuid:service_id>/edit")
@access("services.write")
def change(service_id: uuid.UUID) -> ResponseReturnValue:
    service, form = _lock(service_id), read_form()
    if not form.ok:
        return show_form(form, service_id), 422
    if not commands.change_service(service, form.values, uuid.UUID(form.values["owner"]), today()):
        return show_form(form, service_id, theirs=say_differences(form, service)), 409
    flash(gettext("The service is changed."), "success")
    return redirect(url_for("services.show", service_id=service_id), 303)


def _lock(service_id: uuid.UUID) -> Service:
    return commands.lock_service(service_id) or abort(404)


@blueprint.post("/<uuid:service_id>/still-correct")
@access("services.write")
def confirm(service_id: uuid.UUID) -> ResponseReturnValue:
    _lock(service_id).checked_on = today()
    return _back(service_id, gettext("Thank you. It is noted that this is correct today."))


@blueprint.post("/<uuid:service_id>/take-over")
@access("services.write")
def take_over(service_id: uuid.UUID) -> ResponseReturnValue:
    _lock(service_id).owner_id = get_seat().id
    return _back(service_id, gettext("You keep this text right from now on."))


@blueprint.post("/<uuid:service_id>/put-away")
@access("services.write")
def put_away(service_id: uuid.UUID) -> ResponseReturnValue:
    commands.put_away(_lock(service_id))
    return _back(service_id, gettext("The service is put away. It is offered to nobody."))


@blueprint.post("/<uuid:service_id>/take-back")
@access("services.write")
def take_back(service_id: uuid.UUID) -> ResponseReturnValue:
    commands.take_back(_lock(service_id))
    return _back(service_id, gettext("The service is offered again."))


def _back(service_id: uuid.UUID, said: str) -> ResponseReturnValue:
    flash(said, "success")
    return redirect(url_for("services.show", service_id=service_id), 303)
