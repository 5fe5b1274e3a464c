"""Tokens of the API: made and shown once, listed, withdrawn."""

import uuid
from datetime import time, timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.contract import Text
from hjelpa.core.database import db
from hjelpa.core.permissions import access, features
from hjelpa.core.schemas import LOCAL, local_moment
from hjelpa.core.types import new_id, utcnow
from hjelpa.core.visitor import get_seat
from hjelpa.web.forms import Form
from hjelpa.web.receipts import give_receipt
from tenants.api_access import queries
from tenants.api_access.models import ApiToken
from tenants.api_access.schemas import LONGEST_DAYS, token_input
from tenants.identity.rules import hash_token, make_token

blueprint = Blueprint("api_access", __name__, url_prefix="/<tenant>/settings/api", template_folder="templates")


def _scopes() -> dict[str, Text]:
    """What tokens may be made for here: only of features that are on."""
    enabled = features().enabled(get_seat().modules_off)
    return {scope.id: scope.title for manifest in enabled for scope in manifest.scopes}


@blueprint.get("")
@access("api_access.configure")
def index() -> ResponseReturnValue:
    titles = _scopes()
    return render_template(
        "api_access/index.html",
        rows=queries.list_tokens(),
        say_scopes=lambda ids: ", ".join(str(titles.get(id, id)) for id in ids),
        # It ends at the midnight after its last day.
        last_day=lambda token: token.expires_at - timedelta(seconds=1),
        now=utcnow(),
    )


@blueprint.get("/new")
@access("api_access.configure")
def new() -> ResponseReturnValue:
    today = utcnow().astimezone(LOCAL).date()
    first = {"key": new_id(), "expires_on": (today + timedelta(days=LONGEST_DAYS)).isoformat()}
    return _page(Form(token_input(_scopes()), initial=first))


@blueprint.post("/new")
@access("api_access.configure")
def make() -> ResponseReturnValue:
    """Answers with the token itself, which is kept nowhere: there is no page to lead on to that could show it."""
    form = Form.read(token_input(_scopes()), request.form)
    _refuse_day(form)
    if not form.ok:
        return _page(form), 422
    if queries.is_taken(form.values["key"]):
        flash(gettext("This token has been made already, and is shown only once."), "info")
        return redirect(url_for("api_access.index"), 303)
    token = make_token()
    last = form.values["expires_on"]
    db.session.add(
        ApiToken(
            id=form.values["key"],
            name=form.values["name"],
            token_hash=hash_token(token),
            scopes=sorted(set(form.values["scopes"])),
            made_by=get_seat().id,
            expires_at=local_moment(last + timedelta(days=1), time()),
        )
    )
    give_receipt()
    return render_template("api_access/made.html", token=token, name=form.values["name"], last=last), 201


def _refuse_day(form: Form) -> None:
    last, today = form.values.get("expires_on"), utcnow().astimezone(LOCAL).date()
    if last is None:
        return
    if last < today:
        form.refuse("expires_on", gettext("This day has passed"))
    elif last > today + timedelta(days=LONGEST_DAYS):
        form.refuse("expires_on", gettext("Choose a day at most a year from now"))


def _page(form: Form) -> str:
    return render_template("api_access/new.html", form=form, form_errors=form.errors)


@blueprint.post("/<uuid:token_id>/withdraw")
@access("api_access.configure")
def withdraw(token_id: uuid.UUID) -> ResponseReturnValue:
    found = queries.find_token(token_id) or abort(404)
    queries.withdraw(token_id, utcnow())
    flash(gettext("“%(name)s” opens nothing any more.", name=found.name), "success")
    return redirect(url_for("api_access.index"), 303)
