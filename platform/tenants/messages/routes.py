"""What the demo would have sent, for everybody to read: there is no telephone to send it to."""

from flask import Blueprint, abort, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from hjelpa.core.permissions import public
from tenants.messages import queries

blueprint = Blueprint("messages", __name__, url_prefix="/<tenant>/messages", template_folder="templates")

CHANNELS = {"email": _l("E-mail"), "sms": _l("Text message")}
SHOWN = 50


@blueprint.get("")
@public
def index() -> ResponseReturnValue:
    """Exists in the demo only: elsewhere messages belong to whoever gets them."""
    if current_app.config["HJELPA_MODE"] != "demo":
        abort(404)
    messages = queries.list_latest(limit=SHOWN)
    return render_template("messages/index.html", messages=messages, channels=CHANNELS)
