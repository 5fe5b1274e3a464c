"""What a course's page tells of handovers: those proposed for it, and what came with it from another municipality."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g
from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from hjelpa.core.database import db
from modules.citizens.models import Course, Responsibility
from modules.citizens.paging import one
from modules.citizens.queries import AnyRow
from modules.handovers.models import Arrival, ArrivalPart, Handover
from modules.handovers.queries import COURSE, NAMES, with_names
from tenants.municipalities.models import Municipality


@dataclass(frozen=True, slots=True)
class OfCourse:
    """What a course's page tells of handovers: those proposed (the first on top), and what it came with."""

    closed: bool
    responsible: bool
    handovers: Sequence[AnyRow]
    arrivals: Sequence[Any]


def of_course(course_id: uuid.UUID, reader: uuid.UUID) -> OfCourse:
    """One statement, asked once for a page's section and timeline. Called for readers of the course only."""
    kept: dict[uuid.UUID, OfCourse] = g.setdefault("handovers_of_course", {})
    if course_id not in kept:
        kept[course_id] = _of_course(course_id, reader)
    return kept[course_id]


def _of_course(course_id: uuid.UUID, reader: uuid.UUID) -> OfCourse:
    answers = exists(
        one().where(
            Responsibility.course_id == Course.id,
            Responsibility.membership_id == reader,
            Responsibility.until_at.is_(None),
        )
    )
    query = (
        select(
            Handover,
            *NAMES,
            Course.closed_at,
            answers.label("responsible"),
            _arrivals().label("arrivals"),
        )
        .select_from(Course)
        .outerjoin(Handover, COURSE)
        .where(Course.id == course_id)
        .order_by(Handover.proposed_at, Handover.id)
    )
    rows = db.session.execute(with_names(query)).all()
    first = rows[0]
    made = [row for row in rows if row.Handover is not None]
    return OfCourse(first.closed_at is not None, first.responsible, made, first.arrivals or ())


def _arrivals() -> ColumnElement[Any]:
    """The course's arrivals as one value: moment, municipality, and the parts that came with the citizen."""
    theirs = aliased(Municipality)
    in_order = aggregate_order_by(func.json_build_array(ArrivalPart.title, ArrivalPart.words), ArrivalPart.place)
    parts = (
        select(func.json_agg(in_order))
        .where(ArrivalPart.arrival_id == Arrival.id, ArrivalPart.tenant_id == Arrival.tenant_id)
        .correlate(Arrival)
        .scalar_subquery()
    )
    return (
        select(func.json_agg(func.json_build_array(Arrival.arrived_at, theirs.name, parts)))
        .select_from(Arrival)
        .join(theirs, theirs.id == Arrival.municipality_id)
        .where(Arrival.course_id == Course.id)
        .correlate(Course)
        .scalar_subquery()
    )
