"""Municipalities and people for tests, and how they sign in."""

import uuid
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from hjelpa.core.database import auth_session, db
from hjelpa.core.isolation import tenant_scope
from tenants.identity.cookies import cookie_name
from tenants.identity.models import Account, Membership, Organisation, OrganisationMember
from tenants.identity.queries import open_session
from tenants.municipalities.models import Municipality
from tenants.units.commands import make_first_unit

# Everyone's code for the screen; a hash that costs little, since nothing is secret here.
SCREEN_CODE = "5283"
CODE_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(SCREEN_CODE)

DOOR = {"leader": "leader", "duty": "helper", "deputy": "everything"}


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in; `membership_id` is set for those with a seat."""

    account_id: uuid.UUID
    email: str
    name: str
    membership_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Town:
    """A municipality with people by role."""

    app: Flask
    tenant_id: uuid.UUID
    slug: str
    unit_id: uuid.UUID
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def helper(self) -> Person:
        return self.people["helper"]

    @property
    def leader(self) -> Person:
        return self.people["leader"]

    @property
    def administrator(self) -> Person:
        return self.people["administrator"]

    def path(self, rest: str = "/") -> str:
        return f"/{self.slug}{rest}"

    def client(self, role: str = "helper") -> FlaskClient:
        """A browser in which the person with this role is signed in."""
        return signed_in(self.app, self.people[role])


def signed_in(app: Flask, person: Person) -> FlaskClient:
    client = app.test_client()
    with app.test_request_context():
        token = open_session(person.account_id, "Test")
        auth_session.commit()
        client.set_cookie(cookie_name(), token)
        auth_session.remove()
    return client


def make_town(
    app: Flask,
    *,
    slug: str | None = None,
    status: str = "active",
    audience: str = "both",
    extra_helpers: int = 0,
    opened: bool = True,
) -> Town:
    """A municipality with one helper, leader and administrator, one person holding all three, and more helpers.

    Its one door is open unless `opened` is false: the helper is on duty, the one with all roles is the deputy.
    """
    slug = slug or f"by-{uuid.uuid4().hex[:10]}"
    roles = {"helper": ["helper"], "leader": ["leader"], "administrator": ["administrator"]}
    roles |= {"everything": ["helper", "leader", "administrator"]}
    roles |= {f"helper{number}": ["helper"] for number in range(2, 2 + extra_helpers)}
    with app.app_context():
        municipality = Municipality(
            slug=slug, name=slug.title(), service=f"{slug}hjelpa", status=status, audience=audience
        )
        auth_session.add(municipality)
        auth_session.flush()
        tenant_id = municipality.id
        people = {key: _seat(tenant_id, slug, key, held) for key, held in roles.items()}
        auth_session.commit()
        unit_id = _open_door(tenant_id, municipality.service, people, opened=opened)
    return Town(app, tenant_id, slug, unit_id, people)


def _open_door(tenant_id: uuid.UUID, name: str, people: dict[str, Person], *, opened: bool) -> uuid.UUID:
    held = {f"{task}_id": people[key].membership_id for task, key in DOOR.items()}
    with tenant_scope(tenant_id):
        unit_id = make_first_unit(name, opened=opened, **held)
        db.session.commit()
    return unit_id


def _seat(tenant_id: uuid.UUID, slug: str, key: str, roles: list[str]) -> Person:
    name = f"{key.title()} {slug[-4:].title()}"
    account = Account(email=f"{key}@{slug}.example", name=name, screen_code_hash=CODE_HASH)
    auth_session.add(account)
    auth_session.flush()
    with tenant_scope(tenant_id):
        membership = Membership(account_id=account.id, name=name, roles=roles)
    auth_session.add(membership)
    return Person(account.id, account.email, name, membership.id)


def make_post(app: Flask, shell: str, role: str) -> Person:
    """Somebody in the network, a national body or the operator."""
    mark = uuid.uuid4().hex[:8]
    with app.app_context():
        organisation = Organisation(name=f"{shell} {mark}", shell=shell)
        account = Account(email=f"{mark}@{shell}.example", name=f"{role} {mark}")
        auth_session.add_all([organisation, account])
        auth_session.flush()
        auth_session.add(OrganisationMember(organisation_id=organisation.id, account_id=account.id, roles=[role]))
        person = Person(account.id, account.email, account.name)
        auth_session.commit()
    return person
