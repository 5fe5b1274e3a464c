"""How a message leaves: by mail over SMTP, by text message through an HTTP service, or, in the demo, not at all."""

import json
import smtplib
import ssl
import urllib.request
import uuid
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from flask import current_app

from hjelpa.core.config import Settings
from hjelpa.core.types import utcnow

# A server that does not answer must not hold a worker for long; the job tries again.
SECONDS = 20


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as a transport needs it. `sender` is the service's name, as people know it."""

    id: uuid.UUID
    address: str
    sender: str
    subject: str
    words: str


class ChannelMissing(RuntimeError):
    """Nothing is set up that could send this way."""


class Transport(Protocol):
    """Hands a message on, or raises: then the job tries again later."""

    def deliver(self, message: Outgoing) -> None: ...


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server: `smtps://` speaks TLS from the start, `smtp://…?starttls=1` asks for it and goes no further without."""

    url: str
    mail_from: str

    def deliver(self, message: Outgoing) -> None:
        with self._connect() as server:
            server.send_message(self._letter(message))

    def _connect(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host, name = parts.hostname or "", self.mail_from.rpartition("@")[2]
        server: smtplib.SMTP
        if parts.scheme == "smtps":
            server = smtplib.SMTP_SSL(
                host, parts.port or 465, name, timeout=SECONDS, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(host, parts.port or 25, name, timeout=SECONDS)
        try:
            if parse_qs(parts.query).get("starttls") == ["1"]:
                server.starttls(context=ssl.create_default_context())
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
        except BaseException:
            server.close()
            raise
        return server

    def _letter(self, message: Outgoing) -> EmailMessage:
        letter = EmailMessage()
        letter["From"] = formataddr((message.sender, self.mail_from))
        letter["To"] = message.address
        letter["Subject"] = message.subject
        letter["Date"] = format_datetime(utcnow())
        # The same whenever it is sent again, so that the receiver can put the second away.
        letter["Message-ID"] = f"<{message.id}@{self.mail_from.rpartition('@')[2]}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(message.words)
        return letter


@dataclass(frozen=True, slots=True)
class HttpSms:
    """A text message service: JSON with `to`, `from`, `text` and `reference`, and a bearer token."""

    url: str
    token: str
    sender: str

    def deliver(self, message: Outgoing) -> None:
        said = {
            "to": message.address,
            "from": self.sender or message.sender[:11],
            "text": message.words,
            "reference": str(message.id),
        }
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        request = urllib.request.Request(self.url, json.dumps(said).encode(), headers, method="POST")  # noqa: S310  # http(s) only, by the settings
        with urllib.request.urlopen(request, timeout=SECONDS):  # noqa: S310  # the same
            return


class Shown:
    """The demo sends nothing: what would have left is read on the page of outgoing messages."""

    def deliver(self, message: Outgoing) -> None:
        return


def find_transport(settings: Settings, channel: str) -> Transport | None:
    """What sends by this channel, or None where nothing is set up for it."""
    if channel == "email" and settings.smtp_url:
        return Smtp(settings.smtp_url, settings.mail_from)
    if channel == "sms" and settings.sms_url:
        return HttpSms(settings.sms_url, settings.sms_token, settings.sms_from)
    return None if settings.mode == "production" else Shown()


def get_transport(channel: str) -> Transport:
    """The running application's transport; raises ChannelMissing."""
    transport = find_transport(current_app.extensions["hjelpa_settings"], channel)
    if transport is None:
        raise ChannelMissing(channel)
    return transport


def can_send(channel: str) -> bool:
    """Whether a message may be promised: asked before a form offers the channel."""
    return find_transport(current_app.extensions["hjelpa_settings"], channel) is not None
