"""Sharing a plan with a service, holding parts back, and taking it back: each change stands in the plan's history."""

import uuid
from collections.abc import Sequence

from sqlalchemy.dialects.postgresql import insert

from hjelpa.core.database import db
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.types import new_id
from hjelpa.core.versions import Conflict, version_of
from modules.plans.document import PARTS
from modules.plans.models import Plan
from modules.plans.queries import find_deciding_age
from modules.plans.rules import Author, who_decides
from modules.plans.sharing_models import Share
from modules.plans.sharing_queries import end_lapsed, end_share, find_held_back, is_shared_at, list_lapsed_outside
from modules.plans.views import today
from modules.plans.writing import keep_unsaved, lock, make_change, note
from modules.plans.writing_queries import last_writer
from tenants.guests.commands import give, withdraw
from tenants.guests.queries import get_place, is_taken
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
    """Lets a door of the municipality read the plan, but not what was held back from it before.

    A second switch at the same moment changes nothing.
    """
    shut_lapsed(plan.id)
    held_back = find_held_back(plan.id, unit.id)
    row = {"plan_id": plan.id, "unit_id": unit.id, "name": unit.name, "by_name": author.name}
    added = insert(Share).values(tenant_id=get_tenant_id(), id=new_id(), held_back=held_back, **row)
    share_id = db.session.execute(added.on_conflict_do_nothing().returning(Share.id)).scalar_one_or_none()
    if share_id is not None:
        note(plan.id, author, part="share", part_id=share_id, field="given", label=unit.name)


def share_outside(
    plan: Plan, author: Author, *, name: str, to: Address, key: uuid.UUID, held_back: Sequence[str] = ()
) -> None:
    """Lets a service outside the house in by codes, to read; the same form sent twice is one.

    Raises ValueError where the address is another's way in to the citizen's pages.
    """
    if db.session.get(Share, (get_tenant_id(), key)) is not None:
        return
    if is_taken(plan.citizen_id, to.text, relation="service"):
        raise ValueError("an address is one person's way in to a citizen's pages")
    access_id = give(plan.citizen_id, relation="service", name=name, to=to, by=author.name)
    row = {"plan_id": plan.id, "access_id": access_id, "name": name, "by_name": author.name}
    db.session.add(Share(id=key, held_back=list(held_back), **row))
    note(plan.id, author, part="share", part_id=key, field="given", label=name)


def share_again(plan: Plan, author: Author, ended: Share, to: Address) -> None:
    """Lets a service outside the house in that could read before, with the same parts held back as then.

    A second switch at the same moment changes nothing.
    """
    lock(plan)
    shut_lapsed(plan.id)
    if not is_shared_at(plan.id, to.text):
        share_outside(plan, author, name=ended.name, to=to, key=new_id(), held_back=ended.held_back)


def hold_back(share: Share, author: Author, parts: Sequence[str], *, sent_version: int) -> Conflict | None:
    """Sets which parts a service does not see; None when it is saved, else what another has chosen meanwhile."""
    lock(share)
    stands, kept = list(share.held_back), [part for part in PARTS if part in parts]
    if kept == stands:
        return None
    old, new = (say_parts(some) for some in (stands, kept))
    where = (share.plan_id, author, "share", share.id, "held_back", share.name, (old, new), None)
    if sent_version != version_of(*stands):
        keep_unsaved([make_change(*where, saved=False)])
        return Conflict({"held_back": old}, version_of(*stands), last_writer(share.id), ("held_back",))
    share.held_back = kept
    db.session.add(make_change(*where))
    return None


def say_parts(parts: Sequence[str]) -> str:
    """Names of parts, as the history and the page of sharing tell them."""
    return ", ".join(str(PARTS[part]) for part in parts if part in PARTS)


def take_back(share: Share, author: Author) -> None:
    """Ends a share at once, with the access of a service outside."""
    if share.access_id is not None and share.unit_id is None:
        withdraw(share.access_id, by=author.name)
    if end_share(share.id):
        note(share.plan_id, author, part="share", part_id=share.id, field="withdrawn", label=share.name)


def shut_lapsed(plan_id: uuid.UUID | None = None) -> None:
    """Ends what has lapsed because another municipality helps the citizen now, in one plan or in all: each share, and
    with it the access of a service outside, which our own service ends."""
    outside = list_lapsed_outside(plan_id)
    by = get_place(get_tenant_id()).service if outside else ""
    for share in outside:
        if share.access_id is not None:
            withdraw(share.access_id, by=by)
    end_lapsed(plan_id)
