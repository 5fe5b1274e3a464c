"""A child's plan with two adults, each with access and own words, for tests of what each may see."""

import uuid
from dataclasses import dataclass

from flask.testing import FlaskClient
from sqlalchemy import select

from modules.plans.models import Area, Plan
from modules.plans.models_access import Adult
from modules.plans.views import today
from tests.guests import come_in, let_in
from tests.modules.door import post, rows
from tests.modules.plans.test_plan import in_days, measure, plan_of, version_in
from tests.people import Town

MUM_SAID, DAD_SAID = "Mum alone says this", "Dad alone says that"
CHILD_ADDRESS, MUM_ADDRESS = "Hemmeligveien 7, 0000 Ingensted", "Skjultgata 9, 0000 Ingensted"
MUM_CONTACT = "mor@oppdiktet.example"


@dataclass(frozen=True)
class Family:
    """`where` is the plan's address for helpers; `child`, `mum` and `dad` are browsers on the own pages."""

    town: Town
    where: str
    child: FlaskClient
    mum: FlaskClient
    dad: FlaskClient

    def own(self, rest: str = "") -> str:
        return self.town.path(f"/my/plan{rest}")


def make_family(town: Town, *, age: int = 8) -> Family:
    helper = town.client()
    assert post(town.client("administrator"), town.path("/plans/settings"), {"age": "15"}).status_code == 303
    where = plan_of(helper, town, age_band="child" if age < 13 else "adolescent")
    post(helper, f"{where}/access/decides", {"birth_year": str(today().year - age)})
    for name, contact in (("Oppdiktet Mor", MUM_CONTACT), ("Oppdiktet Far", "far@oppdiktet.example")):
        said = {"key": str(uuid.uuid4()), "name": name, "contact": contact, "agreed": "1", "protected": "1"}
        assert post(helper, f"{where}/access/adults/new", said).status_code == 303
    (citizen_id,) = rows(town, select(Plan.citizen_id))[0]
    adults = {row.name: row.id for row in rows(town, select(Adult.id, Adult.name))}
    _write(town, helper, where, adults["Oppdiktet Mor"])
    family = Family(
        town,
        where,
        let_in(town, citizen_id),
        come_in(town, adults["Oppdiktet Mor"]),
        come_in(town, adults["Oppdiktet Far"]),
    )
    area = rows(town, select(Area.id).order_by(Area.position))[0][0]
    for client, words in ((family.mum, MUM_SAID), (family.dad, DAD_SAID)):
        sent = post(client, family.own(f"/canvas/{area}"), {"version": "0", "works": words})
        assert sent.status_code == 303
    return family


def _write(town: Town, helper: FlaskClient, where: str, mum: uuid.UUID) -> None:
    """Something in every part that is shared, and two addresses that are hidden."""
    version = {"version": "1"}
    assert post(helper, f"{where}/matters", {**version, "matters": "To dare to go to school"}).status_code == 303
    assert (
        post(
            helper,
            f"{where}/goals/new",
            {"key": str(uuid.uuid4()), "words": "One friend at home", "state": "open"},
        ).status_code
        == 303
    )
    assert post(helper, f"{where}/measures/new", measure(what="Bake together")).status_code == 303
    agreed = {"key": str(uuid.uuid4()), "what": "Call the school", "who": "The helper", "due_on": in_days(3)}
    assert post(helper, f"{where}/agreements/new", agreed).status_code == 303
    hidden = {"address": CHILD_ADDRESS, "protected": "1"}
    assert post(helper, f"{where}/access/address", hidden).status_code == 303
    there = f"{where}/access/adults/{mum}/address"
    hers = {"address": MUM_ADDRESS, "protected": "1", "version": version_in(helper, there)}
    assert post(helper, there, hers).status_code == 303
