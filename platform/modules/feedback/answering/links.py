"""The link to a form on a phone of one's own: its address, its picture, and the message that carries it."""

import hashlib
import hmac
import uuid
from base64 import urlsafe_b64encode

import segno
from flask import current_app, url_for
from flask_babel import force_locale, gettext
from markupsafe import Markup

from hjelpa.core.isolation import get_tenant_id
from hjelpa.web.i18n import LANGUAGES, day
from modules.feedback.answering.request_queries import is_sent
from modules.feedback.answering.rules import last_day
from modules.feedback.models import ScaleRequest
from tenants.guests.queries import get_place
from tenants.guests.rules import Address
from tenants.messages.commands import send

# One kind for each scale, so that the link to the other may be sent to the same phone on the same day.
KINDS = {"outcome": "feedback.outcome_link", "alliance": "feedback.alliance_link"}


def make_link_token(request_id: uuid.UUID) -> str:
    """A token that follows from the request's id by a key that only the platform has: it is kept nowhere."""
    secret = current_app.config["SECRET_KEY"].encode()
    digest = hmac.new(secret, b"link to a form\n" + request_id.bytes, hashlib.sha256).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def write_address(request_id: uuid.UUID) -> str:
    """The whole address, for another device than this."""
    path = url_for("my_feedback.scale", token=make_link_token(request_id))
    return f"{current_app.extensions['hjelpa_settings'].public_url}{path}"


def draw_code(address: str) -> Markup:
    """The address as a picture that a phone's camera reads. Black on white whatever the page's colours."""
    drawn = segno.make_qr(address, error="m").svg_inline(scale=5, border=4, light="#fff", svgclass=None)
    return Markup(drawn)  # noqa: S704  # squares only; no text stands in it


def send_link(asked: ScaleRequest, to: Address) -> None:
    """Sends the link, once to one address; the words say nothing of what it is about or for whom.

    Raises ChannelMissing where nothing could send it.
    """
    kind = KINDS[asked.scale]
    if is_sent(asked, kind, to.text):
        return
    place = get_place(get_tenant_id())
    with force_locale(place.language if place.language in LANGUAGES else "nb"):
        subject = str(gettext("A link from %(service)s", service=place.service))
        words = gettext(
            "Here is the link from %(service)s that we spoke about: %(address)s It can be used once, until the end of %(day)s.",
            service=place.service,
            address=write_address(asked.id),
            day=day(last_day(asked.expires_at)),
        )
    send(kind, to.channel, to.text, subject=subject, words=str(words), expires_at=asked.expires_at)
