"""The catalogue for everybody: help that exists, without signing in."""

import uuid

from flask import Blueprint, abort, g, render_template, request
from flask.typing import ResponseReturnValue

from hjelpa.core.limits import limiter
from hjelpa.core.permissions import public
from modules.citizens.listing import page_address
from modules.citizens.paging import Page, page_number
from modules.services import queries
from modules.services.listing import describe, show_services, today
from modules.services.routes import read_wanted
from modules.services.schemas import AUDIENCES, KINDS
from tenants.identity.way_back import front_door_of

blueprint = Blueprint(
    "help_that_exists", __name__, url_prefix="/<tenant>/help-that-exists", template_folder="templates"
)


@blueprint.get("")
@public
@limiter.limit("60 per minute")
def index() -> ResponseReturnValue:
    asked = read_wanted()
    wanted = queries.Wanted(asked.words, asked.kind, asked.audience)
    number = page_number(request.args.get("page"))
    rows = queries.list_services(wanted, None, today(), number)
    chosen = {"q": wanted.words, "kind": wanted.kind, "audience": wanted.audience}
    return render_template(
        "services/public.html",
        rows=show_services(rows, "help_that_exists.show"),
        wanted=wanted,
        kinds=list(KINDS.items()),
        audiences=list(AUDIENCES.items()),
        page=Page.of(number, rows),
        page_url=page_address("help_that_exists.index", **chosen, lang=request.args.get("lang", "")),
        door_url=front_door_of(g.municipality),
    )


@blueprint.get("/<uuid:service_id>")
@public
@limiter.limit("60 per minute")
def show(service_id: uuid.UUID) -> ResponseReturnValue:
    found = queries.find_service(service_id, offered=True) or abort(404)
    return render_template("services/public_one.html", about=describe(found.Service), service=found.Service)
