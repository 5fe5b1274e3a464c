"""Access for some invented citizens, so that the demo's codes can be tried: they stand on the page of outgoing messages."""

from sqlalchemy import and_, select

from hjelpa.core.database import db
from hjelpa.core.demo import Town
from modules.citizens.demo_tools import at, insert_rows, make_id
from modules.citizens.models import Citizen, Course, Responsibility
from tenants.guests.models import Access
from tenants.guests.rules import read_address
from tenants.identity.models import Membership

# Of those who get help now, in each municipality.
MOST = 40


def fill(town: Town) -> None:
    """Writes access by telephone for people over twelve whose course is open; nothing where nobody gets help."""
    citizen = and_(Citizen.tenant_id == Course.tenant_id, Citizen.id == Course.citizen_id)
    turn = and_(
        Responsibility.tenant_id == Course.tenant_id,
        Responsibility.course_id == Course.id,
        Responsibility.until_at.is_(None),
    )
    helper = and_(Membership.tenant_id == Responsibility.tenant_id, Membership.id == Responsibility.membership_id)
    known = (
        select(Citizen.id, Citizen.name, Citizen.phone, Membership.name.label("helper"))
        .join(Course, citizen)
        .join(Responsibility, turn)
        .join(Membership, helper)
        .where(Course.closed_at.is_(None), Citizen.phone.is_not(None), Citizen.age_band != "child")
        .order_by(Course.opened_at.desc(), Course.id)
        .limit(MOST)
    )
    given_at, rows = at(town.today, 0), []
    for row in {row.id: row for row in db.session.execute(known)}.values():
        to = read_address(row.phone or "")
        if to is not None:
            rows.append(
                {
                    "id": make_id(town.random, given_at),
                    "citizen_id": row.id,
                    "relation": "self",
                    "name": row.name,
                    "channel": to.channel,
                    "address": to.text,
                    "given_by": row.helper,
                    "given_at": given_at,
                }
            )
    insert_rows(Access, rows)
