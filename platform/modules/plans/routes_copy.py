"""Taking a copy on the own pages, and the public page that says how a copy is checked."""

from flask import Response, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hjelpa.core.permissions import own, public
from hjelpa.core.signing import Kind, public_key
from modules.plans.copy import make_copy
from modules.plans.own_place import open_own_plan
from modules.plans.routes import blueprint
from modules.plans.routes_sharing import own_plan as own_plan
from modules.plans.views import page

TYPES: dict[Kind, str] = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}


@own_plan.get("/copy", endpoint="copy")
@own
def show() -> ResponseReturnValue:
    return page(open_own_plan(), "copy_page")


@own_plan.get("/copy/plan.html")
@own
def copy_html() -> ResponseReturnValue:
    return _file("html")


@own_plan.get("/copy/plan.pdf")
@own
def copy_pdf() -> ResponseReturnValue:
    return _file("pdf")


def _file(kind: Kind) -> Response:
    opened = open_own_plan()
    settings = current_app.extensions["hjelpa_settings"]
    made = make_copy(opened, kind, key_url=settings.public_url + url_for("plans.signature"))
    name = gettext("my-plan")
    demo = "oppdiktet-" if current_app.config["HJELPA_MODE"] == "demo" else ""
    response = Response(made, content_type=TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{demo}{name}.{kind}"'
    return response


@blueprint.get("/signature")
@public
def signature() -> ResponseReturnValue:
    """The platform's public key, and how anybody checks a copy with it."""
    return render_template("plans/signature.html", key=public_key(current_app.extensions["hjelpa_settings"]))
