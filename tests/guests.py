"""People on the citizen's own pages, and how they come in."""

import re
import uuid

from flask.testing import FlaskClient
from sqlalchemy import select

from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.outbox import OutboxRow
from hjelpa.core.permissions import features
from hjelpa.core.types import utcnow
from tenants.guests.commands import give, open_session
from tenants.guests.models import Access
from tenants.guests.rules import Address
from tenants.messages.models import Message
from tests.people import Town


def let_in(
    town: Town,
    citizen_id: uuid.UUID,
    client: FlaskClient | None = None,
    *,
    relation: str = "self",
    address: str = "+4791234567",
    name: str = "Nora Oppdiktet",
    id: uuid.UUID | None = None,
) -> FlaskClient:
    """A browser in which somebody has come in to the citizen's own pages."""
    with town.app.test_request_context(), tenant_scope(town.tenant_id):
        to = Address("email" if "@" in address else "sms", address)
        access_id = give(citizen_id, relation=relation, name=name, to=to, by="Kari Prøve", id=id)
        db.session.commit()
    return come_in(town, access_id, client)


def come_in(town: Town, access_id: uuid.UUID, client: FlaskClient | None = None) -> FlaskClient:
    """A browser in which the holder of an access has come in."""
    client = client or town.app.test_client()
    with town.app.test_request_context(), tenant_scope(town.tenant_id):
        token = open_session(access_id)
        db.session.commit()
    client.set_cookie("hjelpa-my", token, path=f"/{town.slug}/my")
    return client


def run_jobs(town: Town) -> list[str]:
    """Does the municipality's waiting work, as a worker would, until there is none; returns what was done."""
    done: list[str] = []
    with town.app.app_context(), tenant_scope(town.tenant_id):
        undone = select(OutboxRow).where(OutboxRow.done_at.is_(None)).order_by(OutboxRow.created_at, OutboxRow.id)
        while waiting := db.session.scalars(undone).all():
            for row in waiting:
                features().jobs[row.job].handler(row.payload)
                row.done_at = utcnow()
                done.append(row.job)
            db.session.commit()
    return done


def outgoing(town: Town) -> list[Message]:
    """The municipality's messages, the newest last."""
    with town.app.app_context(), tenant_scope(town.tenant_id):
        return list(db.session.scalars(select(Message).order_by(Message.created_at, Message.id)))


def accesses(town: Town) -> list[Access]:
    with town.app.app_context(), tenant_scope(town.tenant_id):
        return list(db.session.scalars(select(Access).order_by(Access.given_at)))


def code_in(message: Message) -> str:
    found = re.search(r"\b[0-9]{6}\b", message.words)
    assert found is not None
    return found[0]
