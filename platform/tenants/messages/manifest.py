"""What the gateway for messages announces."""

from pathlib import Path

from flask_babel import lazy_gettext as _l

from hjelpa.core.contract import GuidePassage, Manifest
from tenants.messages.jobs import FORGET, SEND
from tenants.messages.routes import blueprint

manifest = Manifest(
    name="messages",
    kind="tenants",
    title=_l("Outgoing messages"),
    summary=_l("Mail and text messages to people outside the service."),
    folder=Path(__file__).parent,
    blueprints=(blueprint,),
    jobs=(SEND, FORGET),
    guide=(GuidePassage("messages", ("messages.index",)),),
)
