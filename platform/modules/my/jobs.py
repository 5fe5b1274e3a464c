"""Sending a code: apart from the request that asked for it, which does the same work for every address."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import current_app

from hjelpa.core.contract import Job
from hjelpa.core.isolation import get_tenant_id
from modules.my.queries import find_request
from modules.my.rules import make_code
from tenants.guests.queries import get_place, list_living
from tenants.guests.rules import read_address
from tenants.guests.wording import write_code
from tenants.messages.commands import send
from tenants.messages.transports import can_send

CODE = "my.code"


def send_code(payload: Mapping[str, Any]) -> None:
    """Sends the code that was asked for, where somebody has access by that address; says nothing where nobody has."""
    asked = find_request(uuid.UUID(payload["code_id"])) if "code_id" in payload else None
    if asked is None or asked.used_at is not None or not list_living(asked.address):
        return
    to = read_address(asked.address)
    if to is None or not can_send(to.channel):
        return
    place = get_place(get_tenant_id())
    code = make_code(current_app.config["SECRET_KEY"], asked.id)
    subject, words = write_code(code, place.slug, place.service, place.language)
    send(CODE, to.channel, to.text, subject=subject, words=words, expires_at=asked.expires_at)


SEND_CODE = Job("my.send_code", send_code)
