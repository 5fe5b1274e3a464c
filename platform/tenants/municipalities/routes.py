"""Settings of the own municipality: what is switched on."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import access, features
from hjelpa.core.visitor import get_seat
from tenants.municipalities import queries

blueprint = Blueprint("municipalities", __name__, url_prefix="/<tenant>/settings", template_folder="templates")


@blueprint.get("")
@access("municipalities.configure")
def index() -> ResponseReturnValue:
    off = get_seat().modules_off
    rows = [
        {
            "manifest": manifest,
            "on": features().is_on(manifest.name, off),
            "needs": [features().find(name) for name in manifest.requires if not features().is_on(name, off)],
        }
        for manifest in features().manifests
        if manifest.switchable
    ]
    return render_template("municipalities/index.html", rows=rows)


@blueprint.post("/features/<name>")
@access("municipalities.configure")
def switch(name: str) -> ResponseReturnValue:
    manifest = features().find(name)
    if manifest is None or not manifest.switchable:
        abort(404)
    if request.form.get("on") == "1":
        queries.switch_on(name)
        flash(gettext("%(feature)s is on.", feature=manifest.title), "success")
    else:
        queries.switch_off(name)
        flash(gettext("%(feature)s is off. What is registered there is kept.", feature=manifest.title), "success")
    return redirect(url_for("municipalities.index"), 303)
