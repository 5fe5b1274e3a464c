"""Who has access to a child's plan, and where people live: changes, each written down, addresses never in words."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete

from hjelpa.core.database import db
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.types import utcnow
from hjelpa.core.versions import Conflict, version_of
from modules.plans.commands import insert_row
from modules.plans.models import Plan
from modules.plans.models_access import Address, Adult, PlanDecision
from modules.plans.queries import find_address
from modules.plans.rules import Author, collides, find_difference, who_decides
from modules.plans.sharing import take_back
from modules.plans.sharing_queries import list_given_by
from modules.plans.writing import as_text, lock, note
from tenants.guests.commands import give, withdraw
from tenants.guests.queries import is_taken
from tenants.guests.rules import read_address


def decide(
    plan: Plan, author: Author, *, birth_year: int, from_age: int | None, today: date, sent_version: int
) -> Conflict | None:
    """Keeps the child's year of birth, and who decides by it and the municipality's own age; None when it is saved."""
    lock(plan)
    met = _meet({"birth_year": plan.birth_year}, {"birth_year": birth_year}, sent_version)
    if met is not None:
        return met
    decider = who_decides(from_age, birth_year, today)
    decided_by = decider if decider in ("young", "adult") else None
    if plan.decided_by != decided_by:
        note(
            plan.id,
            author,
            part="access",
            part_id=plan.id,
            field="decided_by",
            old=plan.decided_by,
            new=decided_by,
        )
    plan.birth_year, plan.decided_by = birth_year, decided_by
    return None


def _meet(now: Mapping[str, Any], said: Mapping[str, Any], sent_version: int) -> Conflict | None:
    """What stands there, where saving would overwrite it unseen. None of this goes into the history: what was
    written stands in the form that is shown again."""
    difference, current = find_difference(now, said), version_of(*now.values())
    if not collides(sent=sent_version, current=current, difference=difference):
        return None
    return Conflict({name: as_text(now[name]) for name in difference}, current, "", tuple(difference), kept=False)


def give_access(plan: Plan, author: Author, *, key: uuid.UUID, said: Mapping[str, Any]) -> bool:
    """Names an adult, who has access from now and is written to; `said` is name, relation, contact and protected.

    Their access to the own pages has the adult's own id. Raises ValueError where no code can be sent to the contact,
    or where somebody else's go there.
    """
    to = read_address(said["contact"])
    if to is None:
        raise ValueError("a code can be sent to an e-mail address or a telephone number only")
    if is_taken(plan.citizen_id, to.text, relation="adult"):
        raise ValueError("an address is one person's way in to a citizen's pages")
    if not insert_row(Adult, key, {"plan_id": plan.id, "given_by": author.name, **said}):
        return False
    note(plan.id, author, part="adult", part_id=key, field="given", label=said["name"])
    give(plan.citizen_id, relation="adult", name=said["name"], to=to, by=author.name, id=key)
    return True


def withdraw_access(adult: Adult, author: Author) -> bool:
    """Ends one adult's access from this moment; False when it had ended. Their words stay theirs, and in the plan."""
    db.session.refresh(adult, with_for_update={"key_share": True})
    if adult.withdrawn_at is not None:
        return False
    adult.withdrawn_at, adult.withdrawn_by = utcnow(), author.name
    withdraw(adult.id, by=author.name)
    # Nobody who is let out stays in by a door that they opened themselves.
    for share in list_given_by(adult.id):
        take_back(share, author)
    note(adult.plan_id, author, part="adult", part_id=adult.id, field="withdrawn", label=adult.name)
    return True


def keep_address(
    plan_id: uuid.UUID, holder: Plan | Adult, said: Mapping[str, Any], *, sent_version: int
) -> Conflict | None:
    """Where the citizen (`holder` is the plan) or an adult lives, and whether it is hidden; None when it is saved.

    The holder's row must be locked. Nothing of an address goes into the history.
    """
    adult_id = holder.id if isinstance(holder, Adult) else None
    now = {"address": find_address(plan_id, adult_id), "protected": holder.protected}
    met = _meet(now, said, sent_version)
    if met is not None:
        return met
    holder.protected, address = said["protected"], said["address"]
    same = Address.adult_id.is_not_distinct_from(adult_id)
    db.session.execute(delete(Address).where(Address.plan_id == plan_id, same))
    if address:
        db.session.add(Address(tenant_id=get_tenant_id(), plan_id=plan_id, adult_id=adult_id, address=address))
    return None


def set_deciding_age(age: int | None, *, membership_id: uuid.UUID) -> None:
    """The municipality's decision; earlier ones stay, and the newest holds."""
    db.session.add(PlanDecision(membership_id=membership_id, youth_decides_from_age=age))
