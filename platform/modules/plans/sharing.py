"""Sharing a plan with a service, holding parts back, and taking it back: each change stands in the plan's history."""

import uuid
from collections.abc import Sequence

from sqlalchemy.dialects.postgresql import insert

from hjelpa.core.database import db
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.types import new_id
from modules.plans.document import PARTS
from modules.plans.models import Plan
from modules.plans.queries import find_deciding_age
from modules.plans.rules import Author, who_decides
from modules.plans.sharing_models import Share
from modules.plans.sharing_queries import end_lapsed, end_share
from modules.plans.views import today
from modules.plans.writing import note
from tenants.guests.commands import give, withdraw
from tenants.guests.rules import Address
from tenants.units.models import Unit


def may_share(plan: Plan, author: Author) -> bool:
    """The plan is the citizen's to share; while an adult decides for a child, it is the adults' who have access.

    Asked anew each time: whoever decided at New Year's Eve may not at New Year, and nobody writes that down.
    """
    if author.kind != "adult":
        return author.kind == "citizen"
    return who_decides(find_deciding_age(), plan.birth_year, today()) == "adult"


def share_with_unit(plan: Plan, unit: Unit, author: Author) -> None:
    """Lets a door of the municipality read the plan; a second switch at the same moment changes nothing."""
    end_lapsed(plan.id)
    row = {"plan_id": plan.id, "unit_id": unit.id, "name": unit.name, "by_name": author.name}
    added = insert(Share).values(tenant_id=get_tenant_id(), id=new_id(), held_back=[], **row)
    share_id = db.session.execute(added.on_conflict_do_nothing().returning(Share.id)).scalar_one_or_none()
    if share_id is not None:
        note(plan.id, author, part="share", part_id=share_id, field="given", label=unit.name)


def share_outside(plan: Plan, author: Author, *, name: str, to: Address, key: uuid.UUID) -> None:
    """Lets a service outside the house in by codes, to read; the same form sent twice is one."""
    if db.session.get(Share, (get_tenant_id(), key)) is not None:
        return
    access_id = give(plan.citizen_id, relation="service", name=name, to=to, by=author.name)
    db.session.add(Share(id=key, plan_id=plan.id, access_id=access_id, name=name, by_name=author.name))
    note(plan.id, author, part="share", part_id=key, field="given", label=name)


def hold_back(share: Share, author: Author, parts: Sequence[str]) -> None:
    """Sets which parts a service does not see."""
    kept = [part for part in PARTS if part in parts]
    if kept == list(share.held_back):
        return
    old, new = (", ".join(str(PARTS[part]) for part in some if part in PARTS) for some in (share.held_back, kept))
    share.held_back = kept
    note(
        share.plan_id,
        author,
        part="share",
        part_id=share.id,
        field="held_back",
        label=share.name,
        old=old,
        new=new,
    )


def take_back(share: Share, author: Author) -> None:
    """Ends a share at once, with the access of a service outside."""
    if share.access_id is not None and share.unit_id is None:
        withdraw(share.access_id, by=author.name)
    if end_share(share.id):
        note(share.plan_id, author, part="share", part_id=share.id, field="withdrawn", label=share.name)
