"""Reading the positions entered."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import distinct_on

from hjelpa.core.database import db
from modules.citizens.queries import AnyRow
from modules.staffing.models import Position
from tenants.identity.models import Membership


def list_entered(quarters: Collection[str]) -> Mapping[str, int]:
    """What holds for each of these quarters that has been entered, in hundredths."""
    latest = (
        select(Position.quarter, Position.hundredths)
        .where(Position.quarter.in_(quarters))
        .ext(distinct_on(Position.quarter))
        .order_by(Position.quarter, Position.entered_at.desc(), Position.id.desc())
    )
    return {row.quarter: row.hundredths for row in db.session.execute(latest)}


def list_history(quarters: Collection[str], *, limit: int) -> Sequence[AnyRow]:
    """The entries for these quarters, the latest first, each with who entered it."""
    who = and_(Membership.tenant_id == Position.tenant_id, Membership.id == Position.membership_id)
    query = (
        select(Position.quarter, Position.hundredths, Position.entered_at, Membership.name)
        .join(Membership, who)
        .where(Position.quarter.in_(quarters))
        .order_by(Position.entered_at.desc(), Position.id.desc())
        .limit(limit)
    )
    return db.session.execute(query).all()
