"""Guidance given to those closest: written down without names, counted month by month."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, cast, delete, func, insert, select

from hjelpa.core.contract import Period
from hjelpa.core.database import db
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.types import new_id
from modules.citizens.commands import insert_once
from modules.citizens.paging import PAGE_SIZE, counted, one
from modules.citizens.queries import AnyRow
from modules.services.models import Guidance, GuidanceService, Service
from modules.services.rules import next_month


def write_down(values: Mapping[str, Any]) -> None:
    """Keeps guidance that was given, with the services mentioned; the same form sent twice is one."""
    said = {name: values[name] for name in ("given_on", "to_whom", "channel", "about")}
    guidance_id = insert_once(Guidance, values["key"], said, {})
    if guidance_id is None or not values["services"]:
        return
    mentioned = dict.fromkeys(map(uuid.UUID, values["services"]))
    common = {"tenant_id": get_tenant_id(), "guidance_id": guidance_id}
    rows = [{**common, "id": new_id(), "service_id": service_id} for service_id in mentioned]
    db.session.execute(insert(GuidanceService), rows)


def remove(guidance_id: uuid.UUID) -> bool:
    """Takes away what was written, for whoever sees that it names somebody; False when there is no such row."""
    gone = delete(Guidance).where(Guidance.id == guidance_id).returning(Guidance.id)
    return db.session.execute(gone).one_or_none() is not None


def list_given(month: date | None, page: int) -> Sequence[AnyRow]:
    """One page of guidance, the latest first; `services` are the names of those mentioned, `total` on every row."""
    within = [] if month is None else [Guidance.given_on >= month, Guidance.given_on < next_month(month)]
    mentioned = (
        select(func.array_agg(Service.name))
        .join(
            GuidanceService,
            (GuidanceService.tenant_id == Service.tenant_id) & (GuidanceService.service_id == Service.id),
        )
        .where(GuidanceService.tenant_id == Guidance.tenant_id, GuidanceService.guidance_id == Guidance.id)
        .correlate(Guidance)
        .scalar_subquery()
    )
    listed = (
        select(
            Guidance.id,
            Guidance.given_on,
            Guidance.to_whom,
            Guidance.channel,
            Guidance.about,
            mentioned.label("services"),
            counted(one().select_from(Guidance).where(*within)).label("total"),
        )
        .where(*within)
        .order_by(Guidance.given_on.desc(), Guidance.id.desc())
        .limit(PAGE_SIZE)
    )
    return db.session.execute(listed.offset((page - 1) * PAGE_SIZE) if page > 1 else listed).all()


def count_by_month(since: date) -> dict[date, dict[str, int]]:
    """How many were given in each month from a day on: month, to whom, how many."""
    month = cast(func.date_trunc("month", Guidance.given_on), Date)
    query = select(month, Guidance.to_whom, func.count()).where(Guidance.given_on >= since)
    found: dict[date, dict[str, int]] = {}
    for first, to_whom, count in db.session.execute(query.group_by(month, Guidance.to_whom)):
        found.setdefault(first, {})[to_whom] = count
    return found


def count_in(period: Period) -> int:
    query = select(func.count()).select_from(Guidance)
    query = query.where(Guidance.given_on >= period.start, Guidance.given_on < period.end)
    return db.session.execute(query).scalar_one()
