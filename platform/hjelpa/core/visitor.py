"""Who is asking: an account, its seats in municipalities and organisations, and the seat in use."""

import uuid
from dataclasses import dataclass, field

from flask import g


@dataclass(frozen=True, slots=True)
class Seat:
    """A person's place in one municipality. `id` is the membership's id."""

    tenant_id: uuid.UUID
    id: uuid.UUID
    name: str
    roles: frozenset[str]
    slug: str
    municipality: str
    service: str
    language: str
    colour: str
    modules_off: frozenset[str]


@dataclass(frozen=True, slots=True)
class Post:
    """A person's place in an organisation outside the municipalities: the network, a national body, the operator."""

    organisation_id: uuid.UUID
    organisation: str
    shell: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who has come in by a one-time code to a citizen's own pages: the citizen, an adult named in a child's
    plan, or a service that the plan is shared with.

    `id` is that of their access, `citizen_id` whose pages they are; `relation` is "self", "adult" or "service".
    """

    tenant_id: uuid.UUID
    id: uuid.UUID
    citizen_id: uuid.UUID
    name: str
    relation: str
    modules_off: frozenset[str]


@dataclass(frozen=True, slots=True)
class Program:
    """A program that asks with a token of the API, for one municipality. `id` is the token's."""

    tenant_id: uuid.UUID
    id: uuid.UUID
    scopes: frozenset[str]
    modules_off: frozenset[str]


@dataclass(frozen=True)
class Visitor:
    """A signed-in person. Flask-Login knows them as `current_user`.

    `locked` while the screen is with a citizen: then nothing may be shown or done in this person's name.
    """

    account_id: uuid.UUID
    session_id: uuid.UUID
    name: str
    email: str
    language: str
    seats: tuple[Seat, ...] = ()
    posts: tuple[Post, ...] = ()
    locked: bool = False

    is_authenticated: bool = field(default=True, init=False)
    is_active: bool = field(default=True, init=False)
    is_anonymous: bool = field(default=False, init=False)

    def get_id(self) -> str:
        return str(self.account_id)

    def find_seat(self, slug: str) -> Seat | None:
        return next((seat for seat in self.seats if seat.slug == slug), None)


class NoSeat(RuntimeError):
    """A municipality's page asked for the seat in use, and there is none."""


def find_visitor() -> Visitor | None:
    """The signed-in person of this request, if any."""
    visitor: Visitor | None = g.get("visitor")
    return visitor


def get_visitor() -> Visitor:
    visitor = find_visitor()
    if visitor is None:
        raise NoSeat("nobody is signed in")
    return visitor


def find_seat() -> Seat | None:
    seat: Seat | None = g.get("seat")
    return seat


def get_seat() -> Seat:
    """The seat of this request; raises NoSeat outside a municipality's pages."""
    seat = find_seat()
    if seat is None:
        raise NoSeat("no seat is in use")
    return seat


def find_guest() -> Guest | None:
    guest: Guest | None = g.get("guest")
    return guest


def get_guest() -> Guest:
    """The citizen's access of this request; raises NoSeat outside the citizen's own pages."""
    guest = find_guest()
    if guest is None:
        raise NoSeat("nobody has come in by a code")
    return guest
