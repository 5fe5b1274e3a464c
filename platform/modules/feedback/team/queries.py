"""What figures rest on, who is behind them, and the people in one list."""

import uuid
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from hjelpa.core.contract import Arrivals, Period
from hjelpa.core.database import db
from hjelpa.core.permissions import features
from hjelpa.core.schemas import LOCAL
from hjelpa.core.types import utcnow
from hjelpa.core.visitor import find_seat
from modules.citizens.models import Citizen, Course, Responsibility
from modules.citizens.queries import CITIZEN, in_circle
from modules.feedback.metrics.messages import Message, message
from modules.feedback.metrics.messages import mark as _
from modules.feedback.metrics.scale import OWN
from modules.feedback.metrics.threshold import FEWEST, Threshold
from modules.feedback.scales.constants import join_rules
from modules.feedback.scales.queries import find_pack_key, list_measuring
from modules.feedback.team.working import Basis
from modules.feedback.trajectory.queries import find_model, find_threshold
from network.benchmarks.queries import find_active_switches
from tenants.identity.models import Membership

_NO_LIMIT = _(
    "No limit for a reliable change has been estimated yet. It takes at least %(fewest)s first answers, and is done by night."
)


def find_basis() -> Basis:
    """What this municipality's figures rest on now."""
    pack = find_pack_key()
    forms = list_measuring(pack)
    rules = join_rules(forms) or OWN
    fixed = rules.fixed_change()
    limit: Threshold | Message
    if fixed is not None:
        limit = Threshold(fixed.value, False, source=fixed.source, verification=fixed.verification)
    else:
        limit = estimated_limit(pack)
    return Basis(rules, tuple(form.key for form in forms), find_model(pack), limit)


def estimated_limit(pack: str) -> Threshold | Message:
    """The estimate for a pack's outcome scale as it was kept, or why there is none."""
    kept = find_threshold(pack=pack)
    if kept is None or kept.threshold is None:
        return message(_NO_LIMIT, fewest=FEWEST)
    day = kept.estimated_at.astimezone(LOCAL).date()
    return Threshold(
        kept.threshold, True, kept.sd, kept.reliability, kept.n, day, formula_version=kept.formula_version
    )


def list_arrivals(period: Period) -> Arrivals | None:
    """Who made contact in a period, of whatever feature receives people; None where none that does is on."""
    seat = find_seat()
    # By night nobody has a seat.
    switched_off = seat.modules_off if seat is not None else find_active_switches() or ()
    on = features().enabled(switched_off)
    source = next((manifest.arrivals for manifest in on if manifest.arrivals is not None), None)
    return source(period) if source is not None else None


def count_helpers() -> int:
    """How many helpers the municipality has."""
    seats = select(func.count()).select_from(Membership)
    return (
        db.session.scalar(seats.where(Membership.ended_at.is_(None), Membership.roles.contains(["helper"]))) or 0
    )


def count_behind(courses: Collection[uuid.UUID]) -> int:
    """How many helpers answer for these courses, or did when they ended."""
    behind = (
        select(func.count(Responsibility.membership_id.distinct()))
        .join(Course, and_(Course.tenant_id == Responsibility.tenant_id, Course.id == Responsibility.course_id))
        .where(Responsibility.until_at.is_not_distinct_from(Course.closed_at))
        .where(Course.id == func.any(bindparam(None, list(courses), type_=ARRAY(UUID()))))
    )
    return db.session.scalar(behind) or 0


def list_names(courses: Sequence[uuid.UUID], reader: uuid.UUID) -> Mapping[uuid.UUID, str]:
    """The names of those in these courses whose circle the reader is in."""
    named = select(Course.id, Citizen.name).join(Citizen, CITIZEN)
    within = Course.id.in_(courses), in_circle(Course.citizen_id, reader, utcnow())
    return {row.id: row.name for row in db.session.execute(named.where(*within))}
