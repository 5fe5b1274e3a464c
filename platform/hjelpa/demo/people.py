"""The people of the demo: invented, without passwords, and entered with one click."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.dialects.postgresql import insert

from hjelpa.core.database import auth_session
from hjelpa.demo.towns import JOINED, DemoTown
from modules.citizens.demo_tools import make_id
from tenants.identity.models import Account, Membership, Organisation, OrganisationMember
from tenants.identity.passwords import hash_password
from tenants.identity.rules import DEMO_CODE

FIRST_NAMES = (
    *("Anne", "Arne", "Berit", "Bjørn", "Cathrine", "Dag", "Elin", "Erik", "Frida", "Geir", "Gro", "Hanne"),
    *("Håkon", "Inger", "Ivar", "Janne", "Karin", "Knut", "Lise", "Magnus", "Marit", "Nils", "Odd", "Per"),
    *("Randi", "Rune", "Silje", "Solveig", "Stein", "Tone", "Tor", "Unni", "Vidar", "Wenche", "Øystein", "Åse"),
)
# No one is called this: whoever sees the name sees that the person is made up.
LAST_NAMES = ("Eksempel", "Prøve", "Demo", "Utkast", "Skisse", "Liksom", "Kladd", "Modell", "Øvelse", "Mal")

_ASCII = str.maketrans({"ø": "o", "å": "a", "æ": "ae"})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account. The address ends in `.example`, which no mail ever reaches."""

    name: str
    email: str

    @property
    def account_id(self) -> uuid.UUID:
        return make_id(Random(f"account:{self.email}"), JOINED)


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works in one municipality, by role."""

    helpers: tuple[Person, ...]
    leader: Person
    administrator: Person

    @property
    def seats(self) -> tuple[tuple[Person, str], ...]:
        helpers = ((person, "helper") for person in self.helpers)
        return (*helpers, (self.leader, "leader"), (self.administrator, "administrator"))


class SignIn(NamedTuple):
    """One of the demo's one-click sign-ins."""

    label: LazyString
    email: str


def at(place: str, name: str) -> Person:
    """A person of a place, with the address that follows from the name."""
    return Person(name, f"{name.lower().replace(' ', '.').translate(_ASCII)}@{place}.example")


STANGE_HELPER = at("stange", "Kari Eksempel")
# Two seats, to show the switch of municipality: leader in Sortland, and a helper in Trondheim.
SORTLAND_LEADER = at("sortland", "Ola Prøve")
FJELLFJORD_ADMINISTRATOR = at("fjellfjord", "Siv Demo")

# Organisation, its shell, the role, and who has the post.
ORGANISATIONS = (
    ("Hjelpanettverket", "network", "network_editor", at("hjelpanettverket", "Nina Utkast")),
    ("Nasjonalt organ (demo)", "national", "national_viewer", at("nasjonalt", "Jon Liksom")),
    ("Drift", "operator", "operator", at("drift", "Eva Skisse")),
)

SIGN_INS = (
    SignIn(_l("Helper in Stange"), STANGE_HELPER.email),
    SignIn(_l("Team leader in Sortland"), SORTLAND_LEADER.email),
    SignIn(_l("Administrator in Fjellfjord"), FJELLFJORD_ADMINISTRATOR.email),
    SignIn(_l("Network editor"), ORGANISATIONS[0][3].email),
    SignIn(_l("National viewer"), ORGANISATIONS[1][3].email),
    SignIn(_l("Platform operator"), ORGANISATIONS[2][3].email),
)


def staff_of(town: DemoTown) -> Staff:
    """The people of a municipality: always the same for the same municipality, no two of one name."""
    random = Random(f"people:{town.slug}")
    firsts = random.sample(FIRST_NAMES, town.helpers + 2)
    people = [at(town.slug, f"{first} {random.choice(LAST_NAMES)}") for first in firsts]
    helpers, leader, administrator = people[: town.helpers], people[-2], people[-1]
    if town.slug == "stange":
        helpers[0] = STANGE_HELPER
    if town.slug == "trondheim":
        helpers[-1] = SORTLAND_LEADER
    if town.slug == "sortland":
        leader = SORTLAND_LEADER
    if town.slug == "fjellfjord":
        administrator = FJELLFJORD_ADMINISTRATOR
    return Staff(tuple(helpers), leader, administrator)


def seat_id(town: DemoTown, person: Person) -> uuid.UUID:
    return make_id(Random(f"seat:{town.slug}:{person.email}"), JOINED)


def add_people(towns: Sequence[DemoTown]) -> None:
    """Adds accounts, seats, organisations and their members that are missing, through the role auth."""
    staffs = [staff_of(town) for town in towns]
    people = {person for staff in staffs for person, _ in staff.seats} | {row[3] for row in ORGANISATIONS}
    # Told to everyone, so that a fixed salt gives nothing away, and every machine gets the same.
    code_hash = hash_password(DEMO_CODE, salt=b"the demo's salt.")
    accounts = [
        {"id": person.account_id, "email": person.email, "name": person.name, "screen_code_hash": code_hash}
        for person in sorted(people, key=lambda person: person.email)
    ]
    auth_session.execute(insert(Account).values(accounts).on_conflict_do_nothing(index_elements=["email"]))
    seats = [
        {
            "tenant_id": town.id,
            "id": seat_id(town, person),
            "account_id": person.account_id,
            "name": person.name,
            "roles": [role],
        }
        for town, staff in zip(towns, staffs, strict=True)
        for person, role in staff.seats
    ]
    auth_session.execute(insert(Membership).values(seats).on_conflict_do_nothing())
    _add_organisations()


def _add_organisations() -> None:
    organisations, members = [], []
    for name, shell, role, person in ORGANISATIONS:
        random = Random(f"organisation:{name}")
        organisation_id = make_id(random, JOINED)
        organisations.append({"id": organisation_id, "name": name, "shell": shell})
        post = {"organisation_id": organisation_id, "account_id": person.account_id, "roles": [role]}
        members.append({"id": make_id(random, JOINED), **post})
    auth_session.execute(insert(Organisation).values(organisations).on_conflict_do_nothing())
    auth_session.execute(insert(OrganisationMember).values(members).on_conflict_do_nothing())
