"""Lists of handovers: what waits for whom, names of the own circle only, and the leader's numbers."""

import uuid
from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import ColumnElement, and_, case, func, null, or_, select, true

from hjelpa.core.contract import Period
from hjelpa.core.database import db
from hjelpa.core.schemas import local_moment
from modules.citizens.models import Citizen, Course
from modules.citizens.paging import PAGE_SIZE, counted, one
from modules.citizens.queries import CITIZEN, AnyRow, in_circle
from modules.handovers.models import Handover
from modules.handovers.queries import COURSE, NAMES, agreed_to, answers_for, at_door, with_names
from modules.handovers.rules import WHO

SCOPES = ("answer", "sent", "open", "accepted")


def _in_scope(scope: str, reader: uuid.UUID, now: datetime, year: Period) -> ColumnElement[bool]:
    if scope == "answer":
        asked = or_(Handover.receiver_id == reader, at_door(Handover.unit_id, reader, now))
        return and_(Handover.state == "open", asked)
    if scope == "sent":
        return or_(Handover.sender_id == reader, and_(Handover.state == "open", answers_for(reader)))
    return accepted_in(year) if scope == "accepted" else Handover.state == "open"


def accepted_in(period: Period) -> ColumnElement[bool]:
    begin, end = local_moment(period.start, time()), local_moment(period.end, time())
    return and_(Handover.state == "accepted", Handover.decided_at >= begin, Handover.decided_at < end)


def list_handovers(scope: str, reader: uuid.UUID, page: int, *, now: datetime, year: Period) -> Sequence[AnyRow]:
    """One page of handovers; `total` stands on every row, `name` only where the reader may see it.

    What waits for an answer is in order of the deadline, other lists have the latest on top.
    """
    wanted = _in_scope(scope, reader, now, year)
    order = (Handover.due_at, Handover.id) if scope in ("answer", "open") else (Handover.proposed_at.desc(),)
    query = (
        select(
            Handover.id,
            Handover.kind,
            Handover.state,
            Handover.service,
            Handover.proposed_at,
            Handover.due_at,
            Handover.decided_at,
            case((_may_see_name(reader, now), Citizen.name), else_=null()).label("name"),
            *NAMES,
            counted(one().select_from(Handover).where(wanted)).label("total"),
        )
        .join(Course, COURSE)
        .join(Citizen, CITIZEN)
        .where(wanted)
        .order_by(*order)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return db.session.execute(with_names(query)).all()


def _may_see_name(reader: uuid.UUID, now: datetime) -> ColumnElement[bool]:
    """The circle, and while it is open whoever is asked when the citizen has said yes to that."""
    told = and_(
        Handover.state == "open",
        agreed_to(WHO),
        or_(Handover.receiver_id == reader, at_door(Handover.unit_id, reader, now)),
    )
    return or_(in_circle(Course.citizen_id, reader, now), told)


def list_today(reader: uuid.UUID, now: datetime, *, oversees: bool, limit: int) -> Sequence[AnyRow]:
    """Open handovers that stand on the reader's *I dag*: to answer, and what has not been answered in time.

    `mine` tells that the reader is asked. Overdue ones stand there for whoever is responsible, and for the leader.
    """
    mine = or_(Handover.receiver_id == reader, at_door(Handover.unit_id, reader, now))
    late = and_(Handover.due_at <= now, true() if oversees else answers_for(reader))
    query = (
        select(
            Handover.id,
            Handover.due_at,
            case((_may_see_name(reader, now), Citizen.name), else_=null()).label("name"),
            func.coalesce(mine, False).label("mine"),
            *NAMES,
        )
        .join(Course, COURSE)
        .join(Citizen, CITIZEN)
        .where(Handover.state == "open", or_(mine, late))
        .order_by(Handover.due_at, Handover.id)
        .limit(limit)
    )
    return db.session.execute(with_names(query)).all()


def measure(period: Period) -> tuple[float | None, int, int]:
    """Median seconds from proposal to acceptance of those accepted in a period; how many are open; and overdue."""
    took = func.extract("epoch", Handover.decided_at - Handover.proposed_at)
    median = select(func.percentile_cont(0.5).within_group(took)).select_from(Handover).where(accepted_in(period))
    is_open = select(func.count()).select_from(Handover).where(Handover.state == "open")
    late = is_open.where(Handover.due_at <= func.now())
    row = db.session.execute(
        select(median.scalar_subquery(), is_open.scalar_subquery(), late.scalar_subquery())
    ).one()
    return None if row[0] is None else float(row[0]), row[1], row[2]


def which(asked: str | None, *, oversees: bool) -> str:
    """The list asked for; what one has to answer when nothing or nonsense was, or what only the leader sees."""
    allowed = SCOPES if oversees else SCOPES[:2]
    return asked if asked is not None and asked in allowed else "answer"
