"""A person at the door: what a helper types, and the way from a contact to a course of help."""

import re
import uuid
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Select, func, select
from werkzeug.test import TestResponse

from hjelpa.core.database import db
from hjelpa.core.isolation import tenant_scope
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from modules.citizens.models import Course
from tenants.units.models import Unit
from tests.people import Town


def in_english(where: str) -> str:
    """An address whose page speaks the language of the message ids."""
    return f"{where}{'&' if '?' in where else '?'}lang=en"


def tomorrow() -> str:
    return (utcnow().astimezone(LOCAL).date() + timedelta(days=1)).isoformat()


def contact(**typed: str) -> dict[str, str]:
    """The form of a contact, filled in; `typed` overrides."""
    return {
        "key": str(uuid.uuid4()),
        "made_by": "self",
        "channel": "call",
        "name": "Invented Person",
        "phone": "000 00 000",
        "words": "I would like to talk with somebody.",
        "next_step": "We meet at the office",
        "next_date": tomorrow(),
        "next_time": "10:30",
        **typed,
    }


def first_talk(**typed: str) -> dict[str, str]:
    """The form of a first conversation, filled in."""
    return {
        "key": str(uuid.uuid4()),
        "known": "new",
        "name": "Invented Person",
        "age_band": "adult",
        "matters": "To sleep again",
        "happened": "I lost my job",
        "next_step": "A walk together",
        "next_date": tomorrow(),
        "next_time": "12:00",
        **typed,
    }


def talk(**typed: str) -> dict[str, str]:
    """The form of a later conversation, filled in."""
    return {
        "key": str(uuid.uuid4()),
        "matters": "To walk in the forest",
        "happened": "",
        "next_step": "A call on Friday",
        "next_date": tomorrow(),
        "next_time": "9:15",
        **typed,
    }


def post(client: FlaskClient, where: str, data: dict[str, str]) -> TestResponse:
    return client.post(in_english(where), data=data)


def get(client: FlaskClient, where: str) -> str:
    answer = client.get(in_english(where))
    assert answer.status_code == 200, (where, answer.status_code, answer.location)
    return answer.text


def registered(client: FlaskClient, town: Town, **typed: str) -> str:
    """The address of a contact just registered."""
    answer = post(client, town.path("/contacts/new"), contact(**typed))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def begun(client: FlaskClient, town: Town, **typed: str) -> str:
    """The address of a course just begun, by way of a contact."""
    where = registered(client, town, name=typed.get("name", "Invented Person"))
    answer = post(client, f"{where}/first-conversation", first_talk(**typed))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def id_in(address: str) -> uuid.UUID:
    return uuid.UUID(re.findall(r"[0-9a-f-]{36}", address)[-1])


def rows(town: Town, query: Select[*tuple[Any, ...]]) -> list[Any]:
    """What the municipality's own database session finds."""
    with town.app.app_context(), tenant_scope(town.tenant_id, read_only=True):
        return list(db.session.execute(query).all())


def count(town: Town, model: type) -> int:
    return int(rows(town, select(func.count()).select_from(model))[0][0])


def citizen_of(town: Town, course: str) -> uuid.UUID:
    found = rows(town, select(Course.citizen_id).where(Course.id == id_in(course)))
    return uuid.UUID(str(found[0][0]))


def add_door(town: Town, slug: str, name: str, **values: Any) -> uuid.UUID:
    """Another open door of the municipality, held by the same people."""
    people = {"leader_id": "leader", "duty_id": "helper", "deputy_id": "everything"}
    held = {task: town.people[key].membership_id for task, key in people.items()}
    with town.app.app_context(), tenant_scope(town.tenant_id):
        unit = Unit(slug=slug, name=name, **{"open": True, **held, **values})
        db.session.add(unit)
        db.session.commit()
        return unit.id
