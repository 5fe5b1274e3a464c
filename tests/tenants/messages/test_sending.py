"""Messages leave over a real mail server and a real HTTP service, at least once and never twice with two ids."""

import json
import socket
import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from smtplib import SMTPAuthenticationError, SMTPNotSupportedError
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from urllib.error import HTTPError

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask

from hjelpa.core.config import Settings
from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.outbox import OutboxRow
from hjelpa.core.types import utcnow
from tenants.messages.commands import send
from tenants.messages.jobs import FORGET, SEND
from tenants.messages.models import Message
from tenants.messages.transports import ChannelMissing, HttpSms, Outgoing, Smtp, can_send
from tests.guests import outgoing, run_jobs
from tests.people import Town, make_town

LETTER = Outgoing(
    uuid.uuid4(), "nora@oppdiktet.example", "Prøvehjelpa", "Kode til Prøvehjelpa", "Koden er 123456. Æøå ☺"
)


class Mailbox:
    """A mail server's handler that keeps what it gets, or refuses it."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, list[str], bytes]] = []
        self.refuse = False

    async def handle_DATA(self, server: SMTP, session: object, envelope) -> str:
        if self.refuse:
            return "451 try again later"
        self.letters.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 taken"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def plain_server(mailbox: Mailbox) -> Iterator[Controller]:
    yield from running(Controller(mailbox, hostname="127.0.0.1", port=free_port()))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def running(controller: Controller) -> Iterator[Controller]:
    controller.start()
    yield controller
    controller.stop()


def address_of(controller: Controller) -> str:
    host, port = controller.server.sockets[0].getsockname()[:2]
    return f"{host}:{port}"


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SSLContext:
    """A certificate for localhost that this process believes, as it would one signed by somebody well known."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def let_in_with_password(
    server: SMTP, session: object, envelope: object, mechanism: str, data: object
) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"hjelpa", b"hem melig")
    return AuthResult(success=right, handled=right)


@pytest.fixture
def tls_server(mailbox: Mailbox, certificate: SSLContext) -> Iterator[Controller]:
    yield from running(
        Controller(
            mailbox,
            hostname="127.0.0.1",
            port=free_port(),
            tls_context=certificate,
            require_starttls=True,
            auth_required=True,
            authenticator=let_in_with_password,
        )
    )


def test_a_letter_arrives_as_it_was_written(plain_server: Controller, mailbox: Mailbox) -> None:
    Smtp(f"smtp://{address_of(plain_server)}", "ikke-svar@hjelpa.example").deliver(LETTER)
    ((sender, receivers, content),) = mailbox.letters
    letter = message_from_bytes(content, policy=default)
    assert (sender, receivers) == ("ikke-svar@hjelpa.example", ["nora@oppdiktet.example"])
    assert letter["Message-ID"] == f"<{LETTER.id}@hjelpa.example>"
    assert letter["Subject"] == LETTER.subject and "Prøvehjelpa" in letter["From"]
    assert letter.get_content().strip() == LETTER.words


def test_with_starttls_and_a_password(tls_server: Controller, mailbox: Mailbox) -> None:
    port = address_of(tls_server).rpartition(":")[2]
    Smtp(f"smtp://hjelpa:hem%20melig@localhost:{port}?starttls=1", "a@hjelpa.example").deliver(LETTER)
    assert len(mailbox.letters) == 1
    with pytest.raises(SMTPAuthenticationError):
        Smtp(f"smtp://hjelpa:feil@localhost:{port}?starttls=1", "a@hjelpa.example").deliver(LETTER)


def test_where_tls_is_asked_for_nothing_goes_without(plain_server: Controller, mailbox: Mailbox) -> None:
    with pytest.raises(SMTPNotSupportedError):
        Smtp(f"smtp://{address_of(plain_server)}?starttls=1", "a@hjelpa.example").deliver(LETTER)
    assert mailbox.letters == []


@pytest.fixture
def make_mailing(app: Flask, monkeypatch: pytest.MonkeyPatch):
    """Sets the running application up with other ways to send, for one test."""

    def make(**changes: str) -> Town:
        settings: Settings = app.extensions["hjelpa_settings"]
        monkeypatch.setitem(app.extensions, "hjelpa_settings", replace(settings, **changes))
        monkeypatch.setitem(app.config, "HJELPA_MODE", changes.get("mode", "test"))
        return make_town(app)

    return make


def write(town: Town, **more: object) -> uuid.UUID:
    with town.app.app_context(), tenant_scope(town.tenant_id):
        told = {
            "channel": "email",
            "address": LETTER.address,
            "subject": LETTER.subject,
            "words": LETTER.words,
        } | more
        message_id = send("test.code", **told)
        db.session.commit()
    return message_id


def test_a_message_goes_out_by_a_job_and_its_words_are_emptied(
    make_mailing, plain_server: Controller, mailbox: Mailbox
) -> None:
    url = f"smtp://{address_of(plain_server)}"
    town = make_mailing(mode="production", smtp_url=url, mail_from="ikke-svar@hjelpa.example")
    message_id = write(town)
    assert mailbox.letters == []
    assert run_jobs(town) == ["messages.send"]
    letter = message_from_bytes(mailbox.letters[0][2], policy=default)
    assert letter["Message-ID"] == f"<{message_id}@hjelpa.example>"
    assert town.slug in letter["From"]
    (message,) = outgoing(town)
    assert message.sent_at is not None and message.words == ""


def test_what_was_rolled_back_is_never_sent(make_mailing, plain_server: Controller, mailbox: Mailbox) -> None:
    town = make_mailing(smtp_url=f"smtp://{address_of(plain_server)}", mail_from="a@hjelpa.example")
    with town.app.app_context(), tenant_scope(town.tenant_id):
        send("test.code", "email", LETTER.address, subject="", words="x")
        db.session.rollback()
    assert run_jobs(town) == [] and mailbox.letters == []


def test_sent_again_it_is_the_same_message_and_only_once_marked(
    make_mailing, plain_server: Controller, mailbox: Mailbox
) -> None:
    """A worker that died between sending and marking sends again, under the id by which the receiver knows it."""
    town = make_mailing(smtp_url=f"smtp://{address_of(plain_server)}", mail_from="a@hjelpa.example")
    message_id = write(town)
    for commit in (False, True, True):
        with town.app.app_context(), tenant_scope(town.tenant_id):
            SEND.handler({"message_id": str(message_id)})
            db.session.commit() if commit else db.session.rollback()
    ids = {message_from_bytes(content, policy=default)["Message-ID"] for _, _, content in mailbox.letters}
    assert len(mailbox.letters) == 2 and len(ids) == 1


def test_a_server_that_refuses_leaves_the_message_waiting(
    make_mailing, plain_server: Controller, mailbox: Mailbox
) -> None:
    town = make_mailing(smtp_url=f"smtp://{address_of(plain_server)}", mail_from="a@hjelpa.example")
    message_id, mailbox.refuse = write(town), True
    with town.app.app_context(), tenant_scope(town.tenant_id), pytest.raises(Exception, match="451"):
        SEND.handler({"message_id": str(message_id)})
    assert outgoing(town)[0].sent_at is None
    mailbox.refuse = False
    run_jobs(town)
    assert outgoing(town)[0].sent_at is not None


def test_a_code_that_has_become_useless_is_not_sent_late(
    make_mailing, plain_server: Controller, mailbox: Mailbox
) -> None:
    town = make_mailing(smtp_url=f"smtp://{address_of(plain_server)}", mail_from="a@hjelpa.example")
    write(town, expires_at=utcnow() - timedelta(seconds=1))
    run_jobs(town)
    (message,) = outgoing(town)
    assert mailbox.letters == [] and message.dropped_at is not None and message.words == ""


class _SmsHandler(BaseHTTPRequestHandler):
    seen: list[tuple[str, dict[str, str]]] = []
    status = 202

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.headers["Authorization"], json.loads(body)))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *about: object) -> None:
        return


@pytest.fixture
def sms_service(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(_SmsHandler, "seen", [])
    monkeypatch.setattr(_SmsHandler, "status", 202)
    with ThreadingHTTPServer(("127.0.0.1", 0), _SmsHandler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/send"
        server.shutdown()
        thread.join()


def test_a_text_message_goes_to_the_service_with_its_token(sms_service: str) -> None:
    HttpSms(sms_service, "token", "Hjelpa").deliver(replace(LETTER, address="+4791234567"))
    ((authorization, said),) = _SmsHandler.seen
    assert authorization == "Bearer token"
    assert said == {"to": "+4791234567", "from": "Hjelpa", "text": LETTER.words, "reference": str(LETTER.id)}


def test_a_service_that_refuses_makes_the_job_try_again(sms_service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_SmsHandler, "status", 500)
    with pytest.raises(HTTPError) as refused:
        HttpSms(sms_service, "token", "").deliver(LETTER)
    refused.value.close()


def test_without_a_service_text_messages_are_refused_plainly(make_mailing) -> None:
    town = make_mailing(mode="production", smtp_url="smtp://mail.example", mail_from="a@hjelpa.example")
    with town.app.app_context(), tenant_scope(town.tenant_id):
        assert can_send("email") and not can_send("sms")
    with pytest.raises(ChannelMissing):
        write(town, channel="sms", address="+4791234567")
    answer = town.app.test_client().post(town.path("/my/sign-in?lang=en"), data={"address": "91234567"})
    assert answer.status_code == 422 and "Text messages cannot be sent from here yet" in answer.text


def test_old_messages_are_forgotten(town: Town) -> None:
    message_id = write(town)
    with town.app.app_context(), tenant_scope(town.tenant_id):
        old = Message(
            kind="test.code", channel="email", address="a@b.example", created_at=utcnow() - timedelta(days=31)
        )
        db.session.add(old)
        db.session.commit()
        FORGET.handler({})
        db.session.commit()
    assert [message.id for message in outgoing(town)] == [message_id]


def test_the_page_of_outgoing_messages_is_the_demos_only(
    town: Town, other_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(town)
    stranger = town.app.test_client()
    assert stranger.get(town.path("/messages")).status_code == 404
    assert town.client("everything").get(town.path("/messages")).status_code == 404
    monkeypatch.setitem(town.app.config, "HJELPA_MODE", "demo")
    page = stranger.get(town.path("/messages")).text
    assert "Koden er 123456" in page and "☺" in page
    assert "123456" not in stranger.get(other_town.path("/messages")).text
    assert f'href="{town.path("/messages")}"' in stranger.get(town.path("/my/sign-in")).text


def test_the_outbox_carries_an_id_and_no_words(town: Town) -> None:
    message_id = write(town)
    with town.app.app_context(), tenant_scope(town.tenant_id):
        (row,) = db.session.query(OutboxRow).all()
        assert row.payload == {"message_id": str(message_id)}
