"""The citizen of the demo whom one may be with one click: invented, with a plan and several answers."""

import uuid
from datetime import datetime
from random import Random
from typing import NamedTuple

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import Row, and_, func, select

from hjelpa.core.database import db
from hjelpa.demo.towns import JOINED, DemoTown
from modules.citizens.demo_tools import make_id
from modules.citizens.models import Citizen, Course, Responsibility
from modules.feedback.models import Answer
from modules.plans.models import Plan
from tenants.guests.models import Access
from tenants.identity.models import Membership


class GuestSignIn(NamedTuple):
    """One of the demo's one-click ways into a citizen's own pages: a municipality's slug, and the access's id."""

    label: LazyString
    slug: str
    access_id: uuid.UUID


GUESTS = (GuestSignIn(_l("Citizen in Stange"), "stange", make_id(Random("guest:stange"), JOINED)),)


def add_citizen(town: DemoTown) -> None:
    """Gives access to whoever has a plan and most answers, in a municipality that is filled and entered."""
    guest = next((one for one in GUESTS if one.slug == town.slug), None)
    found = _find_citizen() if guest is not None else None
    if guest is None or found is None:
        return
    db.session.add(
        Access(
            id=guest.access_id,
            citizen_id=found.id,
            relation="self",
            name=found.name,
            channel="email",
            address=f"innbygger@{town.slug}.example",
            given_by=found.helper,
            given_at=found.opened_at,
        )
    )


def _find_citizen() -> Row[uuid.UUID, str, datetime, str] | None:
    answered = select(func.count()).where(Answer.course_id == Course.id, Answer.total.is_not(None))
    turn = and_(Responsibility.course_id == Course.id, Responsibility.until_at.is_(None))
    query = (
        select(Citizen.id, Citizen.name, Course.opened_at, Membership.name.label("helper"))
        .join(Course, Course.citizen_id == Citizen.id)
        .join(Plan, Plan.citizen_id == Citizen.id)
        .join(Responsibility, turn)
        .join(Membership, Membership.id == Responsibility.membership_id)
        .where(Course.closed_at.is_(None), Citizen.age_band != "child")
        .order_by(answered.scalar_subquery().desc(), Citizen.id)
    )
    return db.session.execute(query.limit(1)).one_or_none()
